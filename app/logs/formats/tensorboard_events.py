"""Event files of TensorBoard, which many frameworks write: scalars with tags such as ``train/grad_norm``."""

from cliffscape.app.logs.log_format import LogFormat, register

EVENTS = register(
    LogFormat(
        "TensorBoard (event file)",
        "event_file",
        "scalars with tags such as train/grad_norm, grad-norm or grad_norm",
        place="unknown",
    )
)

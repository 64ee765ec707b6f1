"""Metrics of MaxText as JSON lines: the norm before the clip is ``learning/raw_grad_norm``."""

from cliffscape.app.logs.log_format import LogFormat, register

LINES = register(
    LogFormat(
        "MaxText",
        "json_line",
        '{"step": 10.0, "learning/loss": 2.3, "learning/raw_grad_norm": 1.9, "learning/grad_norm": 1.0}',
        mark=r"^\s*(\{.*\"learning/(?:raw_)?(?:grad_norm|loss)\".*\})\s*,?$",
        # The name of the column says where the norm was taken.
        place="unknown",
    )
)

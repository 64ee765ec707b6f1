"""``metrics.csv`` of Lightning's CSVLogger, with the norms of ``lightning.pytorch.utilities.grad_norm``."""

from cliffscape.app.logs.log_format import LogFormat, register

METRICS = register(
    LogFormat(
        "Lightning (metrics.csv)",
        "csv",
        "epoch,grad_2.0_norm_total,step,train_loss",
        mark=r"^(?=(?:.*[,;\t])?\"?step\"?(?:[,;\t]|$))(?=.*(?:grad_[0-9.]+_norm|(?:^|[,;\t])\"?epoch\"?(?:[,;\t]|$)))",
        parts=r"grad_2\.0_norm/.+",
    )
)

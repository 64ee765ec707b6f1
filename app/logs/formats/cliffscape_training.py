"""Cliffscape's own tables of training runs and of descents, from ``cliffscape train`` and ``cliffscape run``."""

from cliffscape.app.logs.log_format import LogFormat, register

RUNS = ("run", "seed")

CURVES = register(
    LogFormat(
        "Cliffscape (CSV)",
        "csv",
        "run,seed,update,loss,gradient_norm,clip_factor,error",
        mark=r"^run,(?:seed,update|step,x,y),loss,gradient_norm,clip_factor",
        runs=RUNS,
    )
)
ARCHIVE = register(
    LogFormat(
        "Cliffscape (NPZ)",
        "numpy_archive",
        "arrays update, loss and gradient_norm",
        runs=RUNS,
    )
)

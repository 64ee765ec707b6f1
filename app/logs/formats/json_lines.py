"""JSON lines in general, such as those of mmengine, and lists of records in one JSON document."""

from cliffscape.app.logs.log_format import LogFormat, register

LINES = register(
    LogFormat(
        "JSON lines",
        "json_line",
        '{"step": 50, "lr": 0.01, "loss": 2.3, "grad_norm": 1.2}',
        mark=r"^\s*(\{\s*\".*[^,\s])\s*,?$",
        general=True,
    )
)
ARRAY = register(
    LogFormat(
        "JSON list of records",
        "json_array",
        '[{"step": 50, "lr": 0.01, "loss": 2.3, "grad_norm": 1.2}, ...]',
        mark=r"^\s*\[(?=\s*\{\s*\")",
        general=True,
    )
)

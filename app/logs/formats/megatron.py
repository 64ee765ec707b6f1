"""Standard output of Megatron-LM and of its descendants, such as Megatron-DeepSpeed."""

from cliffscape.app.logs.log_format import LogFormat, register

NUMBER = r"([-+.\w]+)"

LINES = register(
    LogFormat(
        "Megatron-LM",
        "pattern_line",
        "iteration 100/ 1000 | ... learning rate: 1.0E-04 | ... lm loss: 2.3E+00 | ... grad norm: 1.234 |",
        mark=r"\biteration\s+[0-9]+\s*/\s*[0-9]+\s*\|",
        patterns={
            "iteration": r"\biteration\s+([0-9]+)\s*/",
            "learning rate": rf"\blearning rate:\s*{NUMBER}",
            "lm loss": rf"\blm[ _]loss:\s*{NUMBER}",
            "loss": rf"\|\s*loss:\s*{NUMBER}",
            "grad norm": rf"\bgrad norm:\s*{NUMBER}",
        },
        note="The loss of a record is the mean since the record before it; the norm is that of one step.",
    )
)

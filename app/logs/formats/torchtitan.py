"""Standard output of torchtitan."""

from cliffscape.app.logs.log_format import LogFormat, register

NUMBER = r"([-+.\w]+)"

LINES = register(
    LogFormat(
        "torchtitan",
        "pattern_line",
        "step: 10  loss:  6.1234  grad_norm:  1.2345",
        mark=r"\bstep:\s*[0-9]+\s+(?:.*\s)?loss:",
        patterns={
            "step": r"\bstep:\s*([0-9]+)",
            "loss": rf"(?:^|\s)loss:\s*{NUMBER}",
            "grad_norm": rf"\bgrad_norm:\s*{NUMBER}",
            "lr": rf"\blr:\s*{NUMBER}",
        },
    )
)

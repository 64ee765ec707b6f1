"""Lines in the style of nanoGPT's successors, and the two logs of llm.c."""

from cliffscape.app.logs.log_format import LogFormat, register

NUMBER = r"([-+.\w]+)"

LINES = register(
    LogFormat(
        "nanoGPT style",
        "pattern_line",
        "step 5 | loss: 5.8650 | lr 4.28e-05 | norm: 2.1234",
        mark=r"\b(?:step|iter)\s*:?\s*[0-9]+(?:\s*/\s*[0-9]+)?\s*[|:,]\s*(?:train[ _])?loss\b",
        patterns={
            "step": r"\b(?:step|iter)\s*:?\s*([0-9]+)",
            "loss": rf"\bloss:?\s+{NUMBER}",
            "lr": rf"\blr:?\s+{NUMBER}",
            "norm": rf"\b(?:grad[ _]?)?norm:?\s+{NUMBER}",
        },
    )
)
MAIN_LOG = register(
    LogFormat(
        "llm.c (main.log)",
        "pattern_line",
        "s:12 trl:4.1234 lr:0.000300 norm:1.23",
        mark=r"^\s*s:[0-9]+\s+\w+:",
        patterns={
            "step": r"\bs:([0-9]+)",
            "loss": rf"\btrl:{NUMBER}",
            "lr": rf"\blr:{NUMBER}",
            "norm": rf"\bnorm:{NUMBER}",
        },
    )
)

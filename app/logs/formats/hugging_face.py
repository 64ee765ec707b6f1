"""Logs of the Hugging Face Trainer and of TRL: ``trainer_state.json``, and the dicts on standard output."""

from cliffscape.app.logs.log_format import LogFormat, register

NOTE = "The loss of a record is the mean since the record before it; the norm is that of one step."

STATE = register(
    LogFormat(
        "Hugging Face Trainer (trainer_state.json)",
        "json_array",
        '"log_history": [{"step": 10, "loss": 2.3, "grad_norm": 1.2, "learning_rate": 5e-05}, ...]',
        mark=r'"log_history"\s*:\s*\[',
        note=NOTE,
    )
)
OUTPUT = register(
    LogFormat(
        "Hugging Face Trainer (standard output)",
        "dict_line",
        "{'loss': 2.3, 'grad_norm': 1.2, 'learning_rate': 5e-05, 'epoch': 0.1}",
        mark=r"(\{'[^']+': .*)",
        note=NOTE,
    )
)

"""Logs of fairseq with ``--log-format json``: a JSON object behind the name of the stage."""

from cliffscape.app.logs.columns import COLUMNS, Column
from cliffscape.app.logs.log_format import LogFormat, register

LINES = register(
    LogFormat(
        "fairseq",
        "json_line",
        '| train | {"train_loss": "7.2", "train_num_updates": "100", "train_lr": "0.0005", "train_gnorm": "1.682"}',
        mark=r"\|\s*train(?:_inner)?\s*\|\s*(\{.*)$",
        columns={
            **COLUMNS,
            "step": (Column(r"train_num_updates"), Column(r"num_updates")),
            "norm": (Column(r"gnorm"), Column(r"train_gnorm")),
            "loss": (Column(r"loss"), Column(r"train_loss")),
            "learning_rate": (Column(r"lr"), Column(r"train_lr")),
        },
        note="fairseq logs the mean of the norms since the record before, so single spikes are flatter than they were.",
    )
)

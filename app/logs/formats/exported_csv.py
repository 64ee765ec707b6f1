"""Tables that Weights & Biases and TensorBoard export, and tables in general, by their header lines."""

from cliffscape.app.logs.columns import COLUMNS, Column
from cliffscape.app.logs.log_format import LogFormat, register

WEIGHTS_AND_BIASES = register(
    LogFormat(
        "Weights & Biases (CSV)",
        "csv",
        '"Step","<run> - train/grad_norm","<run> - train/grad_norm__MIN","<run> - train/grad_norm__MAX"',
        mark=r"^\"?[\w/ .-]+\"?[,;\t].* - [^,;\t]+",
        place="unknown",
        separator=" - ",
    )
)
TENSORBOARD = register(
    LogFormat(
        "TensorBoard (CSV)",
        "csv",
        "Wall time,Step,Value",
        mark=r"^\"?Wall time\"?[,;\t]\"?Step\"?[,;\t]\"?Value\"?\s*$",
        place="unknown",
        columns={**COLUMNS, "norm": (Column(r"value"),)},
        note="The file does not name its values. They are read as gradient norms.",
    )
)
TABLE = register(
    LogFormat(
        "CSV table",
        "csv",
        "step,loss,grad_norm",
        mark=(
            r"^(?=[^{}|=]*$)(?:[\w./ -]*[Gg]rad[\w. -]{0,40}[Nn]orm|"
            r"(?=.*[,;\t])(?:.*[,;\t])?\"?(?:.*[Gg]rad[\w. -]{0,40}[Nn]orm|_?[Ss]tep|[Ll]oss|iter(?:ation)?)\"?"
            r"(?:[,;\t]|$))"
        ),
        place="unknown",
        general=True,
    )
)

"""Columns: by which names logs call the step, the gradient norm, the loss and the learning rate.

The tables are data, so that the page reads logs by the same rules. Their regular expressions have the same meaning in
Python and in JavaScript. They match a whole name in lower case.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from cliffscape.landscapes.advice.norm_log import Place

Quantity = Literal["step", "norm", "loss", "learning_rate"]
# A file with more names than this is not classified further; a log has some hundreds.
NAMES = 10_000


class Column(NamedTuple):
    """Names of a column, and where its norms were taken if the name alone says so.

    ``restarts`` marks a count that may start again in every epoch.
    """

    pattern: str
    place: Place | None = None
    restarts: bool = False


Columns = Mapping[Quantity, tuple[Column, ...]]

# The name may follow the name of a group: train/grad_norm, actor/grad_norm, optim.total_grad_norm.
GROUP = r"(?:.*[/.: ])?"
GRADIENT_NORM = r"(?:train[_-])?(?:total[_-]|global[_-])?(?:grad(?:ient)?s?|g)[_ -]?norm(?:[_ -](?:total|global|l2))?"

# In the order of preference.
NORMS = (
    Column(rf"{GROUP}raw_grad_norm", "before"),
    Column(r"learning/grad_norm", "after"),
    Column(r"train/grad_norm", "before"),
    Column(r"grad-norm", "before"),
    Column(r"grad_2\.0_norm_total", "before"),
    Column(rf"{GROUP}{GRADIENT_NORM}[_ -](?:before|pre|un)[_ -]?clip(?:p(?:ing|ed))?", "before"),
    Column(rf"{GROUP}(?:unclipped|preclip|pre[_-]clip)[_ -]{GRADIENT_NORM}", "before"),
    Column(GRADIENT_NORM),
    Column(rf"{GROUP}{GRADIENT_NORM}"),
    Column(rf"{GROUP}l2_norm/grad/global", "before"),
    Column(rf"{GROUP}{GRADIENT_NORM}[_ -](?:(?:after|post)[_ -]?clip(?:p(?:ing|ed))?|clipped)", "after"),
    Column(rf"{GROUP}clipped[_ -]{GRADIENT_NORM}", "after"),
    Column(rf"{GROUP}\w+[_-]{GRADIENT_NORM}"),
    Column(r"norm"),
)
COLUMNS: Columns = {
    "step": (
        Column(r"train/global_step"),
        Column(r"(?:trainer/)?global_?step"),
        Column(r"_?step"),
        Column(r"current_steps|num_updates|train_num_updates|update|iteration"),
        Column(rf"{GROUP}global_step"),
        Column(r"iter", restarts=True),
    ),
    "norm": NORMS,
    "loss": (
        Column(r"train(?:ing)?[/_ .]loss"),
        Column(r"loss|learning/loss|lm[ _-]loss|trl"),
        Column(r"train(?:ing)?[/_ .]loss[_/](?:step|total)|train(?:ing)?/.*loss"),
        # A loss of validation is logged at other steps, or is the same for many.
        Column(r"(?!.*(?:eval|val|test)).*loss(?:[_/](?:step|total|mean))?"),
    ),
    "learning_rate": (
        Column(rf"{GROUP}(?:current_)?(?:learning[_ -]?rate|lr)"),
        Column(rf"{GROUP}lr[-_/].*|{GROUP}learning[_ -]?rate[-_/].*"),
    ),
}


class Match(NamedTuple):
    """What a column holds, its rank among the names of that quantity, and what its table says about it."""

    quantity: Quantity
    rank: int
    column: Column


class ColumnNames:
    """Names of columns, each classified once."""

    def __init__(self, columns: Columns) -> None:
        self.tables = [
            (quantity, rank, re.compile(column.pattern), column)
            for quantity, listed in columns.items()
            for rank, column in enumerate(listed)
        ]
        self.known: dict[str, Match | None] = {}

    def match(self, name: str) -> Match | None:
        """What a column of this name holds; None if it is of no use here."""
        if name not in self.known:
            if len(self.known) >= NAMES:
                return None
            self.known[name] = self.classify(name)
        return self.known[name]

    def classify(self, name: str) -> Match | None:
        """The first table with this name."""
        lower = name.strip().lower()
        # No column has so long a name, and regular expressions take long on it.
        if len(lower) > 200:
            return None
        found = (Match(quantity, rank, column) for quantity, rank, one, column in self.tables if one.fullmatch(lower))
        return next(found, None)

"""Series: the values of every column by step, and the run that they make together."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from cliffscape.app.logs.columns import NAMES, ColumnNames, Match, Quantity
from cliffscape.app.logs.numbers import read_number
from cliffscape.app.logs.rows import Row
from cliffscape.landscapes.advice.norm_log import NormLog, Numbers

# A log of more columns with such names than this holds norms of single parameters, and not of all.
LARGEST_COUNT = 64


@dataclass
class Series:
    """The values of one column, with their steps and the numbers of their records.

    ``step_name`` is the column of the first step.
    """

    match: Match
    step_name: str = ""
    steps: "array[float]" = field(default_factory=lambda: array("d"))
    records: "array[float]" = field(default_factory=lambda: array("d"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def by_step(self, numbered: bool) -> tuple[Numbers, Numbers]:
        """Increasing steps and their values; of several values for a step the last one counts.

        ``numbered`` takes the numbers of the records as steps.
        """
        steps = np.array(self.records if numbered else self.steps)
        order = np.argsort(steps, kind="stable")
        steps, values = steps[order], np.array(self.values)[order]
        last = np.append(steps[1:] != steps[:-1], True) if len(steps) else np.empty(0, bool)
        return steps[last], values[last]


@dataclass(frozen=True)
class LoggedRun(NormLog):
    """The records of a run, and where they are from.

    ``columns`` names the column of each quantity, and ``others`` further columns with norms. ``numbered`` says that the
    log has no steps, so records are numbered. ``repeated`` records had the step of a later one, as after a restart from
    a checkpoint, or if several processes write one log.
    """

    columns: dict[Quantity, str]
    others: tuple[str, ...]
    numbered: bool
    repeated: int


class RunColumns:
    """All useful columns of one run while a log is read."""

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.numbered = False
        self.last = -np.inf

    def add(self, step: tuple[str, float, bool] | None, record: float, found: dict[str, tuple[Match, float]]) -> None:
        """Add the values of a record. ``step`` is its column, its value, and whether the column may start again."""
        step_name = ""
        if step is None:
            self.numbered = True
        else:
            step_name, at, restarts = step
            self.numbered |= restarts and at < self.last
            self.last = at
        for name, (match, value) in found.items():
            if name not in self.series and len(self.series) >= LARGEST_COUNT:
                continue
            series = self.series.get(name)
            if series is None:
                series = self.series[name] = Series(match, step_name)
            series.steps.append(record if step is None else step[1])
            series.records.append(record)
            series.values.append(value)

    def names(self, quantity: Quantity) -> list[str]:
        """The columns with a quantity, the preferred ones first."""
        found = [name for name, one in self.series.items() if one.match.quantity == quantity]
        return sorted(found, key=lambda name: self.series[name].match.rank)

    def run(self) -> LoggedRun | None:
        """The run, or None if it has no gradient norm."""
        norms = self.names("norm")
        if not norms:
            return None
        steps, values = self.series[norms[0]].by_step(self.numbered)
        columns: dict[Quantity, str] = {"norm": norms[0]}
        if not self.numbered:
            columns["step"] = self.series[norms[0]].step_name
        more = {quantity: self.aligned(quantity, steps, columns) for quantity in ("loss", "learning_rate")}
        repeated = len(self.series[norms[0]].values) - len(values)
        others = tuple(norms[1:])
        return LoggedRun(steps, values, more["loss"], more["learning_rate"], columns, others, self.numbered, repeated)

    def aligned(self, quantity: Quantity, steps: Numbers, columns: dict[Quantity, str]) -> Numbers:
        """The values of a quantity at the steps of the norm, NaN where it has none; note the column.

        Of several columns the one with most of these steps counts.
        """
        best = np.full(len(steps), np.nan)
        most = 0
        for name in self.names(quantity):
            at, values = self.series[name].by_step(self.numbered)
            place = np.minimum(np.searchsorted(at, steps), len(at) - 1)
            shared = at[place] == steps
            if shared.sum() > most:
                most, best = int(shared.sum()), np.where(shared, values[place], np.nan)
                columns[quantity] = name
        return best


class LogSeries:
    """The runs of a log while it is read, record by record."""

    def __init__(self, names: ColumnNames, run_columns: tuple[str, ...] = (), separator: str = "") -> None:
        self.names, self.run_columns, self.separator = names, run_columns, separator
        self.runs: dict[str, RunColumns] = {}
        self.records = 0
        self.with_norm = 0
        # Records with a value that is kept in memory.
        self.kept = 0
        # Whole names of columns, taken apart into run and column.
        self.places: dict[str, tuple[str, str, Match] | None] = {}

    def add(self, row: Row) -> bool:
        """Add a record; True if it has a norm.

        Raises:
            ValueError: a value that is needed is no number.
        """
        _, values = row
        self.records += 1
        key = self.run_name(values)
        step: tuple[int, str, float, bool] | None = None
        found: dict[str, dict[str, tuple[Match, float]]] = {}
        has_norm = False
        for name, value in values.items():
            place = self.places[name] if name in self.places else self.place(name)
            number = None if place is None else read_number(value)
            if place is None or number is None:
                continue
            run, column, match = place
            if match.quantity == "step":
                if step is None or match.rank < step[0]:
                    step = match.rank, column, number, match.column.restarts
                continue
            has_norm |= match.quantity == "norm"
            found.setdefault(run or key, {})[column] = match, number
        if step is not None and not isfinite(step[2]):
            raise ValueError("a step must be finite")
        self.with_norm += has_norm
        self.kept += bool(found)
        # In a log without steps, records with a norm are numbered; the others belong to none of them.
        record = self.with_norm if has_norm else self.with_norm + 0.5
        for run, columns in found.items():
            if run in self.runs or len(self.runs) < LARGEST_COUNT:
                self.runs.setdefault(run, RunColumns()).add(step and step[1:], record, columns)
        return has_norm

    def run_name(self, values: Mapping[str, object]) -> str:
        """The name of a record's run, such as "without, seed 3"; empty for a log of one run."""
        given = [name for name in self.run_columns if name in values]
        return ", ".join(f"{values[name]}" if name == "run" else f"{name} {values[name]}" for name in given)

    def place(self, name: str) -> tuple[str, str, Match] | None:
        """The run and the column of a whole name, and what the column holds; None if it is of no use."""
        run, _, column = name.rpartition(self.separator) if self.separator else ("", "", name)
        match = self.names.match(column)
        found = None if match is None else (run, column, match)
        if len(self.places) < NAMES:
            self.places[name] = found
        return found

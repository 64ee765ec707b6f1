"""Reading a log: its runs with their gradient norms, which columns were taken, and which lines could not be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cliffscape.app.logs import formats
from cliffscape.app.logs.columns import ColumnNames
from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.recognition import ENGINES, recognise
from cliffscape.app.logs.rows import LineCounts, Row
from cliffscape.app.logs.series import LoggedRun, LogSeries
from cliffscape.app.submodules import import_submodules
from cliffscape.landscapes.advice.norm_log import Place
from cliffscape.landscapes.bound_error import must_be

import_submodules(formats)
# A record with one of these values takes about a hundred bytes of memory. Longer logs are hardly those of one run.
MOST_RECORDS = 5_000_000
RECORDS = "the number of records with a gradient norm, a loss or a learning rate"


@dataclass(frozen=True)
class LogReading:
    """What a log holds. ``place`` says where the norms of a run were taken, as far as format and column say it."""

    file: str
    log_format: LogFormat
    runs: Mapping[str, LoggedRun]
    places: Mapping[str, Place]
    counts: LineCounts
    records: int
    with_norm: int

    @property
    def lines_sentence(self) -> str:
        """How many lines of the file were used."""
        counts, without = self.counts, self.records - self.with_norm
        used, lines = count_of(self.with_norm, "record"), count_of(counts.lines, "line")
        parts = [f"{used} with a gradient norm in {lines}"]
        if without > 0:
            parts.append(f"{count_of(without, 'record')} without one")
        if counts.other:
            parts.append(f"{count_of(counts.other, 'line')} of other content")
        if counts.broken:
            broken = count_of(counts.broken, "line")
            parts.append(f"{broken} that cannot be read, from line {counts.first_broken:,} on")
        return "; ".join(parts)


def count_of(count: int, noun: str) -> str:
    """A number of things: 1 line, 2,000 lines."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def read_log(path: Path) -> LogReading:
    """Read a log from a file.

    Raises:
        LogError: the file cannot be opened, is no log that is known, or has no gradient norms.
    """
    try:
        with path.open("rb") as file:
            return read_file(file, str(path))
    except OSError as error:
        raise LogError(str(path), f"cannot be read: {error.strerror or error}") from error


def read_file(file: BinaryIO, name: str) -> LogReading:
    """Read a log from an open file, which is read twice: once to recognise its format."""
    log_format = recognise(file, name)
    counts, series = LineCounts(), LogSeries(ColumnNames(log_format.columns), log_format.runs, log_format.separator)
    try:
        for row in ENGINES[log_format.kind](file, log_format, counts):
            add_row(series, row, counts)
            if series.kept > MOST_RECORDS:
                raise LogError(name, must_be(RECORDS, "more", f"at most {MOST_RECORDS:,}"))
    except LogError as error:
        raise LogError(name, error.problem) from error
    found = {key: (columns, run) for key, columns in series.runs.items() if (run := columns.run()) is not None}
    if not found:
        raise LogError(name, no_norm_sentence(log_format, counts), counts.first_broken)
    places = {key: columns.series[run.columns["norm"]].match.column.place for key, (columns, run) in found.items()}
    runs = {key: run for key, (_, run) in found.items()}
    check_norms(name, runs)
    return LogReading(
        name,
        log_format,
        runs,
        {key: place or log_format.place for key, place in places.items()},
        counts,
        series.records,
        series.with_norm,
    )


def add_row(series: LogSeries, row: Row, counts: LineCounts) -> None:
    """Add a record to the series, or count its line as broken."""
    try:
        series.add(row)
    except ValueError:
        counts.add_broken(row[0])


def no_norm_sentence(log_format: LogFormat, counts: LineCounts) -> str:
    """The sentence about a log in which no gradient norm was found."""
    broken = f"{counts.broken:,} of its lines cannot be read, and " if counts.broken else ""
    return f"expected gradient norms, as in {log_format.form}. {broken}no line of this {log_format.label} log has one"


def check_norms(name: str, runs: Mapping[str, LoggedRun]) -> None:
    """Refuse columns with negative numbers, which are no norms.

    Raises:
        LogError: there is one.
    """
    for run in runs.values():
        if (run.norms < 0).any():
            at = int((run.norms < 0).argmax())
            found = f"{run.norms[at]:g} at step {run.steps[at]:g} of column {run.columns['norm']}"
            raise LogError(name, must_be("a gradient norm", found, "at least 0"))

"""A study of the temporal order: its trainings, without and with clipping, and the bounds of its options."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from cliffscape.app.blocks.kept_blocks import Claim
from cliffscape.app.scene.content_key import digest
from cliffscape.app.scene.metadata import version
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.declare import Entry, Range
from cliffscape.landscapes.networks.catalogue import CELLS, TASKS
from cliffscape.landscapes.networks.cost import GRADIENT_RATE, multiply_adds
from cliffscape.landscapes.networks.network import Net

# As in the paper: a tanh RNN of fifty units, minibatches of twenty sequences.
CELL, UNITS, INITIALISATION, TASK = "tanh_rnn", 50, "normal", "temporal_order"
BATCH_SIZE = 20
# Longer sequences than the page allows: nobody waits for them.
LENGTHS, SEEDS, UPDATES = Range(2, 1000), Range(1, 1000), Range(1, 1_000_000_000)
STEP = 10
# A training is solved once fewer of so many unseen sequences are wrong. They are counted after so many updates.
SOLVED, FRESH = 0.01, 10_000
FEWEST, MOST, COUNTS = 250, 10_000, 100
# The seconds of an update that do not depend on the length of the sequences, and those that a block takes.
CALL_SECONDS, BLOCK_SECONDS = 1e-3, 20.0


class Training(NamedTuple):
    """One training; ``threshold`` is that of clipping by norm, None without clipping."""

    length: int
    learning_rate: float
    threshold: float | None
    seed: int


@dataclass(frozen=True)
class Study:
    """Every combination of its values, with every threshold and without clipping.

    Raises:
        BoundError: a value is out of bounds.
    """

    lengths: tuple[int, ...]
    thresholds: tuple[float, ...]
    learning_rates: tuple[float, ...]
    seeds: int
    updates: int

    def __post_init__(self) -> None:
        named = {
            "--lengths": (self.lengths, LENGTHS),
            "--thresholds": (self.thresholds, bounds_of(CLIPS["by_norm"], "threshold")),
            "--learning-rates": (self.learning_rates, bounds_of(OPTIMIZERS["gradient_descent"], "learning_rate")),
            "--seeds": ((self.seeds,), SEEDS),
            "--updates": ((self.updates,), UPDATES),
        }
        for name, (values, bounds) in named.items():
            for value in values:
                if not bounds.low <= value <= bounds.high:
                    raise BoundError(name, value, f"between {bounds.low:,.12g} and {bounds.high:,.12g}")

    @property
    def every(self) -> int:
        """After how many updates unseen sequences are counted."""
        return min(self.updates, max(FEWEST, min(MOST, self.updates // COUNTS)))

    def trainings(self) -> list[Training]:
        """All trainings, the longest sequences first, since they take longest."""
        return [
            Training(length, rate, threshold, seed)
            for length in sorted(self.lengths, reverse=True)
            for rate in self.learning_rates
            for threshold in (None, *self.thresholds)
            for seed in range(self.seeds)
        ]

    def block_updates(self, length: int) -> int:
        """The updates of a block, a multiple of ``every``."""
        return self.every * max(1, int(BLOCK_SECONDS / predicted_seconds(length) / self.every))

    @property
    def claim(self) -> Claim:
        """What the folder of the results belongs to."""
        values = ", ".join(f"{name} {value}" for name, value in asdict(self).items())
        fixed = (CELL, UNITS, INITIALISATION, BATCH_SIZE, SOLVED, FRESH, self.every)
        return Claim("the study", values, version(), digest("study", TASK, asdict(self), fixed, version()))


def bounds_of(entry: Entry, name: str) -> Range:
    """The declared bounds of a parameter."""
    return next(one.range for one in entry.parameters if one.name == name)


def net_of(length: int) -> Net:
    """The network for sequences of this length."""
    return Net(CELLS[CELL].function(UNITS), TASKS[TASK].function(length))


def predicted_seconds(length: int) -> float:
    """About how long an update of one training takes on one core."""
    return CALL_SECONDS + multiply_adds(net_of(length), BATCH_SIZE) / GRADIENT_RATE


def parse_numbers(option: str, text: str) -> tuple[float, ...]:
    """Numbers with commas between them, each once.

    Raises:
        BoundError: something else is among them.
    """
    try:
        found = tuple(dict.fromkeys(map(float, text.split(","))))
    except ValueError:
        found = (math.nan,)
    if not all(map(math.isfinite, found)):
        raise BoundError(option, text, "numbers with commas between them, such as 0.5,1")
    return found


def parse_lengths(text: str) -> tuple[int, ...]:
    """Whole numbers with commas between them, or a range: 10:250, in steps of ten, or 10:250:20.

    Raises:
        BoundError: the text is something else, or a range without numbers.
    """
    parts = text.split(":")
    try:
        numbers = [int(part) for part in (parts if len(parts) > 1 else text.split(","))]
    except ValueError:
        numbers = []
    found: Sequence[int] = numbers
    if len(parts) > 1:
        first, last, step = (*numbers, STEP)[:3] if len(numbers) in (2, 3) else (0, 0, 0)
        found = range(first, last + 1, step) if step > 0 else ()
        # Before a range of a billion numbers is listed.
        if found and not (LENGTHS.low <= first and last <= LENGTHS.high):
            raise BoundError("--lengths", text, f"between {LENGTHS.low:g} and {LENGTHS.high:,g}")
    if not found:
        raise BoundError("--lengths", text, "whole numbers such as 10,50,250, or FROM:TO or FROM:TO:STEP")
    return tuple(dict.fromkeys(found))

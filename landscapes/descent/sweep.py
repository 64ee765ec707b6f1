"""Sweeps: a run for every pair of values of two quantities, and the outcome of every run.

No trajectory is kept, only a summary per lane (``summary.py``). Lanes that no longer move or have diverged are
removed from the batch when that saves time. Results are the same, since such lanes never change again.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.batch import DIAGONAL, SOLVED, Row, Values, initial_row, step_row
from cliffscape.landscapes.descent.outcome import RunResult, run_result
from cliffscape.landscapes.loss import Measure
from cliffscape.landscapes.random_streams import random_pairs, stream_key
from cliffscape.landscapes.transform import Transform

START = ("start.x", "start.y")
# The name under which the seed of a cloud enters the keys of its random streams.
CLOUD = "cloud_seed"
# Lanes are removed once this share of them no longer moves, because removing copies the whole batch.
PAYS = 0.25
# Lanes per batch on a processor, and steps times lanes between two yields.
BATCH = 8192
TURN = 1 << 16


@dataclass(frozen=True)
class Lanes:
    """Starts ``(L, 2)``, and the parameters that differ from lane to lane by name, ``(L,)`` each."""

    start: Tensor
    own: Mapping[str, Tensor] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.start)

    def at(self, index: Any) -> "Lanes":
        """Some of the lanes."""
        return Lanes(self.start[index], {name: column[index] for name, column in self.own.items()})


def lane_grid(
    axes: tuple[Axis, Axis], columns: int, rows: int, start: Tensor, device: torch.device | str = "cpu"
) -> Lanes:
    """One lane per cell, row by row from the bottom, the first axis along a row; ``start`` ``(2,)`` for the rest."""
    return lanes_of_cells(axes, columns, rows, start, torch.arange(columns * rows, device=device))


def lanes_of_cells(axes: tuple[Axis, Axis], columns: int, rows: int, start: Tensor, cells: Tensor) -> Lanes:
    """The lanes of some ``cells`` ``(L,)`` of ``lane_grid``, on their device: the numbers of these lanes in it."""
    places = (cells % columns, cells // columns)
    own = {
        axis.name: axis.values(count, cells.device)[place]
        for axis, count, place in zip(axes, (columns, rows), places, strict=True)
    }
    fixed = start.to(cells.device, torch.float64).expand(len(cells), 2).unbind(-1)
    place = [own.pop(name, here) for name, here in zip(START, fixed, strict=True)]
    return Lanes(torch.stack(place, -1), own)


def scatter_starts(lanes: Lanes, count: int, size: tuple[float, float], seed: int) -> Lanes:
    """Every lane ``count`` times ``(L · count)``, with starts spread over an area of ``size`` around its own.

    The offsets are random: those of a lane depend on its start, its own parameters and the seed, not on other lanes.
    With a count of 1 the lanes stay as they are.
    """
    if count == 1:
        return lanes
    key = stream_key(lanes.start, {**{name: one.unsqueeze(-1) for name, one in lanes.own.items()}, CLOUD: float(seed)})
    shares = torch.stack(random_pairs(key, torch.zeros_like(key[:, :1]), count), -1)
    start = lanes.start.unsqueeze(1) + (shares - 0.5) * lanes.start.new_tensor(size)
    return Lanes(start.reshape(-1, 2), {name: column.repeat_interleave(count) for name, column in lanes.own.items()})


class Sweepable(Protocol):
    """What a sweep needs of a recipe: a ``SweepRecipe``, or that of a network."""

    @property
    def parameters(self) -> dict[str, float]:
        """Values of all parameters that do not differ from lane to lane, and of ``solved``."""

    @property
    def diagonal(self) -> float:
        """The length beyond which a step is a throw."""

    @property
    def weight(self) -> int:
        """The number of losses that a lane's loss averages."""

    def build(self, values: Values) -> tuple[Measure, Transform, Transform]:
        """Loss with gradient, clip and optimizer."""

    def loss_at(self, values: Values, theta: Tensor) -> Tensor:
        """The loss ``(L,)`` alone."""


class Stepper(Protocol):
    """Takes steps of all lanes: a compiled routine (``c_compiler.py``), or ``EagerStepper``."""

    def advance(self, columns: Tensor, values: Mapping[str, float], own: Tensor, steps: int) -> None:
        """Take ``steps`` steps: ``columns`` ``(C, L)`` change in place, ``own`` ``(P, L)`` holds swept parameters."""


class EagerStepper:
    """Steps in PyTorch, one call of autograd each, on any device."""

    def __init__(self, recipe: Sweepable, form: Row, swept: Sequence[str]) -> None:
        self.recipe, self.form, self.swept = recipe, form, swept

    def advance(self, columns: Tensor, values: Mapping[str, float], own: Tensor, steps: int) -> None:
        """Take ``steps`` steps."""
        given = {name: row.unsqueeze(-1) for name, row in zip(self.swept, own, strict=True)}
        measure, clip, optimizer = self.recipe.build({**values, **given})
        row = self.form.with_columns(columns)
        for _ in range(steps):
            row = step_row(measure, clip, optimizer, row, values[SOLVED], values[DIAGONAL])
        columns.copy_(row.columns())


def step_moving_lanes(
    columns: Tensor, own: Tensor, steps: int, step: Callable[[Tensor, Tensor, int], None], turn: Callable[[], int]
) -> Generator[int, None, None]:
    """Take ``steps`` steps of all lanes, in place; lanes that no longer move are left out. Yields as ``sweep`` does."""
    live, work, part = torch.arange(columns.shape[-1], device=columns.device), columns.clone(), own
    done = 0
    while done < steps and len(live):
        count = max(1, min(turn() // len(live), steps - done))
        step(work, part, count)
        done += count
        yield count * len(live)
        # The last column says whether a lane moves.
        moving = work[-1] > 0
        if moving.sum() <= (1 - PAYS) * len(live):
            columns.index_copy_(1, live, work)
            kept = moving.nonzero()[:, 0]
            live, work, part = live[kept], work.index_select(1, kept), part.index_select(1, kept)
    columns.index_copy_(1, live, work)


def sweep(
    recipe: Sweepable,
    lanes: Lanes,
    steps: int,
    stepper: Callable[[], Stepper | None] = lambda: None,
    turn: Callable[[], int] = lambda: TURN,
    batch: int = 0,
) -> Generator[int, None, RunResult]:
    """The outcome of every lane after ``steps`` steps, ``(L,)`` each.

    Yields the steps times lanes since the last yield, about ``turn()`` at a time (at least one step of a whole batch),
    so that the caller can stop, or time the work and adapt ``turn``. ``stepper()`` is called every turn and returns the
    compiled routine that takes the steps, or None for PyTorch. The two may alternate at any time. ``batch`` is the
    number of lanes per batch; the default suits a processor.
    """
    outcomes, batch = [], batch or max(1, BATCH // recipe.weight)
    for some in range(0, len(lanes), batch):
        outcomes.append((yield from sweep_batch(recipe, lanes.at(slice(some, some + batch)), steps, stepper, turn)))
    return RunResult(*(torch.cat(column) for column in zip(*outcomes, strict=True)))


def check_memory(clip: Transform, start: Tensor) -> None:
    """Check that the state of the clip has a fixed size, because a lane is a fixed number of numbers.

    Raises:
        BoundError: it grows.
    """
    state = clip.init(start)
    _, after = clip.update(torch.ones_like(start), state, start)
    if any(one.shape != other.shape for one, other in zip(state, after, strict=True)):
        bound = "one whose memory has a fixed size"
        raise BoundError("clip", "one that remembers the whole run", bound)


def sweep_batch(
    recipe: Sweepable, lanes: Lanes, steps: int, stepper: Callable[[], Stepper | None], turn: Callable[[], int]
) -> Generator[int, None, RunResult]:
    """The outcome of one batch of lanes."""
    values = recipe.parameters
    given = {**values, **{name: one.unsqueeze(-1) for name, one in lanes.own.items()}}
    _, clip, optimizer = recipe.build(given)
    check_memory(clip, lanes.start)
    form = initial_row(lanes.start, clip, optimizer)
    # Compiled routines need contiguous memory.
    columns = form.columns().contiguous()
    own = torch.stack(list(lanes.own.values())) if lanes.own else columns.new_empty(0, len(lanes))
    eager = EagerStepper(recipe, form, list(lanes.own))

    def step(work: Tensor, part: Tensor, count: int) -> None:
        (stepper() or eager).advance(work, values, part, count)

    yield from step_moving_lanes(columns, own, steps, step, turn)
    end = form.with_columns(columns)
    # No step is taken from the last row, so its loss is still missing.
    loss = recipe.loss_at(given, end.carry.theta)
    yield len(lanes)
    return run_result(end.summary, end.carry.theta, loss, values[SOLVED], recipe.diagonal)

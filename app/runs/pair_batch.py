"""Pairs of several Scenes as one batch, on the slice that they share, and the pair of one Scene in the same form.

Lanes come first: the batch is ``(2, R, 2)`` with a row for each Scene. The Scenes have the same kinds and structure.
Their numbers may differ, as in a sweep. A Scene may join while others are in the middle of their runs: a row counts its
own steps.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from cliffscape.app.compute.batches import Member
from cliffscape.app.compute.cores import Cores
from cliffscape.app.runs.network import SliceView
from cliffscape.app.runs.pair import Pair, pair_of, stream_values
from cliffscape.app.runs.pair_steps import Steps
from cliffscape.app.runs.sweep_recipe import FAMILIES
from cliffscape.app.scene.content_key import digest, slice_key
from cliffscape.app.scene.dependencies import Part, choice
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.descent.descend import Carry, apply_gradient, carry_of, initial_carry
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.transform import Transform, with_own_stream

# Seconds that a step of all descents of a batch may take on one core.
STEP_SECONDS = 0.15


def batch_key(scene: Scene) -> str:
    """Scenes with equal keys can be computed as one batch: the same slice, kinds, structure and steps."""
    own = {family: tuple(one.name for one in scene.entry(family).numbers) for family in FAMILIES}
    chosen = [choice(scene, Part(family, without=names)) for family, names in own.items()]
    return digest("pairs", slice_key(scene), scene.steps, chosen)


def max_pairs(scene: Scene, view: SliceView, memory: int) -> int:
    """How many pairs of a batch take a step together, within ``memory`` bytes and ``STEP_SECONDS``.

    A method that multiplies by a curvature matrix takes long even for one pair.
    """
    optimizer = scene.build("optimizer")
    if optimizer.asks is not None:
        return 1
    return max(1, view.lanes(optimizer, memory, STEP_SECONDS) // 2)


def lane_parameters(scenes: Sequence[Scene], family: str) -> dict[str, Any]:
    """The parameters of a family: a number where all Scenes have the same, else one for each ``(R, 1)``."""
    return lane_values([scene.parameters(family) for scene in scenes])


def lane_values(chosen: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Values by name: a number where all rows have the same, else one for each ``(R, 1)``."""
    columns = {name: [one[name] for one in chosen] for name in chosen[0]}
    return {
        name: column[0] if len(set(column)) == 1 else torch.tensor(column, dtype=torch.float64).unsqueeze(-1)
        for name, column in columns.items()
    }


def build_pairs(scenes: Sequence[Scene]) -> Pair:
    """Optimizer and clips of the pairs of several Scenes with a network, as a batch ``(2, R, 2)``."""
    built = {family: scenes[0].entry(family).function(**lane_parameters(scenes, family)) for family in FAMILIES}
    # Every pair draws what it draws alone.
    clip = with_own_stream(built["clip"], lane_values([stream_values(scene) for scene in scenes]))
    return pair_of(with_schedule(built["optimizer"], built["schedule"]), CLIPS["none"].function(), clip)


def distinct_points(points: Tensor, live: Tensor) -> tuple[Tensor, Tensor]:
    """The points ``(L, 2)`` to compute of ``points`` ``(2, R, 2)``, and which rows have two of them, ``(R,)``.

    Until the clip acts, both runs of a pair are at the same point, to the last bit. Rows that are not ``live`` ``(R,)``
    are left out.
    """
    without, clipped = points
    apart = live & (without != clipped).any(-1)
    return torch.cat([without[live], clipped[apart]]), apart


def spread_values(values: Tensor, live: Tensor, apart: Tensor) -> Tensor:
    """Values ``(L, ...)`` of distinct points as those of all points ``(2, R, ...)``; NaN for rows that are left out."""
    without = values.new_full((len(live), *values.shape[1:]), torch.nan)
    without[live] = values[: int(live.sum())]
    clipped = without.clone()
    clipped[apart] = values[int(live.sum()) :]
    return torch.stack([without, clipped])


class PairBatch:
    """The work of a batch of pairs of descents on a slice, a step of all rows per piece. See ``Work``."""

    def __init__(self, view: SliceView, cores: Cores, steps: int) -> None:
        self.view, self.cores, self.steps = view, cores, steps
        # The member of each row, None where there is none any more; and the piece in which its run began.
        self.rows: list[Member[Scene] | None] = []
        self.begins: WeakKeyDictionary[Member[Scene], int] = WeakKeyDictionary()
        self.results: WeakKeyDictionary[Member[Scene], Steps] = WeakKeyDictionary()
        self.scenes: list[Scene] = []
        self.fresh: list[int] = []
        self.piece = 0
        self.history = History(steps + 1)
        self.pair: Pair | None = None
        self.carry: Carry | None = None
        self.closed = False

    def add(self, member: Member[Scene]) -> bool:
        """A run may begin at any piece, unless the clip's memory grows with every step."""
        if self.closed:
            return False
        free = [row for row, one in enumerate(self.rows) if one is None or one.left]
        row = free[0] if free else len(self.rows)
        self.rows[row : row + 1] = [member]
        self.scenes[row : row + 1] = [member.value]
        self.fresh.append(row)
        self.begins[member] = self.piece
        return True

    def advance(self) -> None:
        """One step of all rows."""
        if self.fresh:
            self._begin_rows()
        assert self.pair is not None and self.carry is not None
        optimizer, clip = self.pair.optimizer, self.pair.clip
        measure = with_displacement(self._measure, optimizer)
        self.carry, record = apply_gradient(*measure(self.carry.theta), clip, optimizer, self.carry)
        self.history.add(self.piece, Steps(record, *self.pair.history.pop()))
        self.piece += 1
        for row, member in enumerate(self.rows):
            if member is not None and (member.left or self.done(member) > self.steps):
                self._end_row(row, member)

    def done(self, member: Member[Scene]) -> int:
        """How many rows of its trajectories a member has."""
        return self.piece - self.begins[member]

    def steps_of(self, member: Member[Scene]) -> Steps:
        """The steps ``(K, 2, ...)`` of one pair so far."""
        found = self.results.get(member)
        return found or self.history.take(self.rows.index(member), self.begins[member], self.piece)

    def _begin_rows(self) -> None:
        """Put new runs at their starts. The numbers of the rows change, so optimizer and clips are built again."""
        self.pair = build_pairs(self.scenes)
        start = torch.tensor([scene.resolved_start for scene in self.scenes], dtype=torch.float64).expand(2, -1, -1)
        carry = initial_carry(start, self.pair.clip, self.pair.optimizer)
        if self.carry is not None:
            kept = [row for row in range(self.carry.theta.shape[-2]) if row not in self.fresh]
            before = self.carry.tensors()
            named = {name: tensor.clone() for name, tensor in carry.tensors().items()}
            for name, tensor in named.items():
                tensor[..., kept, :] = before[name][..., kept, :]
            carry = carry_of(named)
        self.carry, self.fresh = carry, []
        self.closed = memory_grows(self.pair.clip, start)
        self.pair.history.clear()

    def _end_row(self, row: int, member: Member[Scene]) -> None:
        if not member.left:
            found = self.steps_of(member)
            # No step is taken from the last row.
            found.record.step_length[-1] = torch.nan
            self.results[member], member.finished = found, True
        self.rows[row] = None

    def _measure(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(2, R)`` and gradient ``(2, R, 2)`` on the slice, at points ``(2, R, 2)``."""
        live = torch.tensor([member is not None and not member.left for member in self.rows])
        some, apart = distinct_points(points, live)
        value, gradient = self.cores.map_lanes(self.view.value_and_gradient, some, self.view.fewest_lanes)
        return spread_values(value, live, apart), spread_values(gradient, live, apart)


def memory_grows(clip: Transform, theta: Tensor) -> bool:
    """Whether the state of a clip gets larger with every step, so that rows at different steps do not fit together."""
    state = clip.init(theta)
    _, after = clip.update(torch.ones_like(theta), state, theta)
    return any(one.shape != other.shape for one, other in zip(state, after, strict=True))


class History:
    """The last ``length`` steps of a batch, in tensors ``(length, 2, R, ...)`` that are overwritten in turn."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.kept: Steps | None = None

    def add(self, piece: int, step: Steps) -> None:
        """Keep a step ``(2, R, ...)``; there may be more rows than before."""
        place, rows = piece % self.length, step.record.loss.shape[1]
        if self.kept is None or self.kept.record.loss.shape[2] < rows:
            self._grow(step, 2 * rows)
        assert self.kept is not None
        for column, value in zip((*self.kept.record, *self.kept[1:]), (*step.record, *step[1:]), strict=True):
            column[place, :, :rows] = value

    def take(self, row: int, first: int, end: int) -> Steps:
        """The steps ``(K, 2, ...)`` of a row in the pieces from ``first`` to before ``end``."""
        assert self.kept is not None
        places = torch.arange(first, end) % self.length
        return self.kept.map(lambda column: column[places, :, row])

    def _grow(self, step: Steps, rows: int) -> None:
        before = self.kept
        self.kept = step.map(lambda value: value.new_zeros((self.length, 2, rows, *value.shape[2:])))
        if before is not None:
            for column, old in zip((*self.kept.record, *self.kept[1:]), (*before.record, *before[1:]), strict=True):
                column[:, :, : old.shape[2]] = old

"""Pairs of several Scenes as one batch, on the slice that they share, and the pair of one Scene in the same form.

Lanes come first: the batch is ``(2, R, 2)`` with a row for each Scene. The Scenes have the same kinds and structure.
Their numbers may differ, as in a sweep.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from cliffscape.app.compute.batches import Member
from cliffscape.app.compute.cores import Cores
from cliffscape.app.runs.network import BLOCK, View, descent_on_slice
from cliffscape.app.runs.pair import Pair, build_pair, pair_of, stream_values
from cliffscape.app.runs.sweep_recipe import FAMILIES
from cliffscape.app.scene.content_key import digest, slice_key
from cliffscape.app.scene.dependencies import Part, choice
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.descent.descend import Record, descend_with
from cliffscape.landscapes.loss import Measure
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.transform import with_own_stream

# Seconds that a step of all descents of a batch may take on one core.
STEP_SECONDS = 0.15


class Steps(NamedTuple):
    """Steps of the pairs of a batch: records, gradients, and inputs and outputs of the clip, ``(K, 2, R, ...)``.

    A batch of one pair has no axis R.
    """

    record: Record
    gradient: Tensor
    raw: Tensor
    clipped: Tensor

    def of_row(self, row: int, rows: int) -> "Steps":
        """The steps ``(K, 2, ...)`` of one of the ``rows`` pairs."""
        if rows == 1:
            return self
        record, *arrows = self
        return Steps(Record(*(column[:, :, row] for column in record)), *(part[:, :, row] for part in arrows))


PairGenerator = Generator[Steps | None, None, None]


def join_steps(parts: Sequence[Steps]) -> Steps:
    """Steps one after the other."""
    records, *arrows = zip(*parts, strict=True)
    return Steps(Record(*map(torch.cat, zip(*records, strict=True))), *map(torch.cat, arrows))


def with_arrows(both: Pair, records: Iterator[Record]) -> Iterator[Steps]:
    """The records of a descent, with the vectors that the pair has noted."""
    for record in records:
        noted = both.history[-len(record.loss) :]
        yield Steps(record, *map(torch.stack, zip(*noted, strict=True)))
        both.history.clear()


def batch_key(scene: Scene) -> str:
    """Scenes with equal keys can be computed as one batch: the same slice, kinds, structure and steps."""
    own = {family: tuple(one.name for one in scene.entry(family).numbers) for family in FAMILIES}
    chosen = [choice(scene, Part(family, without=names)) for family, names in own.items()]
    return digest("pairs", slice_key(scene), scene.steps, chosen)


def max_pairs(scene: Scene, view: View, memory: int) -> int:
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


def distinct_points(points: Tensor, members: Sequence[Member[Scene]]) -> tuple[Tensor, Tensor, Tensor]:
    """The points ``(L, 2)`` to compute of ``points`` ``(2, R, 2)``, and which rows they are of each run, ``(R,)`` each.

    Until the clip acts, both runs of a pair are at the same point, to the last bit. Rows that nobody waits for any more
    are left out.
    """
    live = torch.tensor([not member.left for member in members])
    without, clipped = points
    apart = live & (without != clipped).any(-1)
    return torch.cat([without[live], clipped[apart]]), live, apart


def spread_values(values: Tensor, live: Tensor, apart: Tensor) -> Tensor:
    """Values ``(L, ...)`` of distinct points as those of all points ``(2, R, ...)``; NaN for rows that are left out."""
    without = values.new_full((len(live), *values.shape[1:]), torch.nan)
    without[live] = values[: int(live.sum())]
    clipped = without.clone()
    clipped[apart] = values[int(live.sum()) :]
    return torch.stack([without, clipped])


def shared_measure(view: View, members: Sequence[Member[Scene]], cores: Cores) -> Measure:
    """Loss ``(2, R)`` and gradient ``(2, R, 2)`` on the slice, at points ``(2, R, 2)``."""

    def measure(points: Tensor) -> tuple[Tensor, Tensor]:
        some, live, apart = distinct_points(points, members)
        value, gradient = cores.map_lanes(view.value_and_gradient, some, view.fewest_lanes)
        return spread_values(value, live, apart), spread_values(gradient, live, apart)

    return measure


def descend_pairs(view: View, members: Sequence[Member[Scene]], cores: Cores) -> PairGenerator:
    """The descents of a batch, step by step."""
    if len(members) == 1:
        yield from descend_pair(view, members[0].value)
        return
    scenes = [member.value for member in members]
    both = build_pairs(scenes)
    start = torch.tensor([scene.resolved_start for scene in scenes], dtype=torch.float64).expand(2, -1, -1)
    measure = with_displacement(shared_measure(view, members, cores), both.optimizer)
    yield from with_arrows(both, descend_with(measure, start, both.optimizer, both.clip, scenes[0].steps, BLOCK))


def descend_pair(view: View, scene: Scene) -> PairGenerator:
    """The same for one Scene, ``(2, ...)``."""
    both = build_pair(scene)
    yield from with_arrows(both, descent_on_slice(scene, view, both))

"""Pairs of several Scenes as one batch: every row is the single run.

On smooth slices. Near a cliff the last bit of one position decides where a run goes.
"""

from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.compute.batches import Batches, Member
from cliffscape.app.compute.cores import Cores
from cliffscape.app.frames.plan import frame
from cliffscape.app.runs import sweep_recipe
from cliffscape.app.runs.network import View, build_view
from cliffscape.app.runs.pair_batch import PairBatch, batch_key, max_pairs
from cliffscape.app.runs.pair_steps import Steps, descend_pair, join_steps
from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.landscapes.declare import Entry, Parameter
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_network import run_frame, workspace
from tests.app.runs.test_network import small

STARTS = ((1.0, 0.5), (0.25, -0.5), (1.5, 0.0))
ENTRIES = [(family, entry.kind) for family in sweep_recipe.FAMILIES for entry in FAMILIES[family]]


def descend_together(view: View, scenes: list[Scene], cores: int = 1, apart: int = 0) -> list[Steps]:
    """The steps of each Scene of a batch. Each joins ``apart`` pieces after the one before it."""
    work, members = PairBatch(view, Cores(cores), scenes[0].steps), [Member(scene) for scene in scenes]
    for member in members:
        assert work.add(member)
        for _ in range(apart):
            work.advance()
    while not all(member.finished for member in members):
        work.advance()
    return [work.steps_of(member) for member in members]


def other_value(one: Parameter, default: float) -> float:
    """Another value near the default, within the bounds."""
    near = default + 1 if one.type is int else default * 0.9 + 0.01
    return min(max(near, one.range.low), one.range.high)


def varied_choice(entry: Entry) -> dict[str, Any]:
    """An entry with another value for every number that a batch may vary."""
    found: dict[str, Any] = {"kind": entry.kind}
    for one in entry.numbers:
        found[one.name] = other_value(one, float(one.default))
    return found


def assert_equal(found: Steps, expected: Steps, rtol: float) -> None:
    """All columns agree; a tolerance of 0 means to the last bit."""
    for one, other in zip((*found.record, *found[1:]), (*expected.record, *expected[1:]), strict=True):
        torch.testing.assert_close(one, other, rtol=rtol, atol=rtol / 100, equal_nan=True)


@pytest.mark.parametrize("cores", [1, 2])
def test_rows_equal_the_single_runs_to_the_last_bit(cores: int) -> None:
    clip = {"kind": "by_norm", "threshold": 0.02}
    starts = [(1.0 + 0.01 * k, 0.5 - 0.02 * k) for k in range(36)]
    scenes = [small(start=start, clip=clip) for start in starts]
    view = run_to_end(build_view(scenes[0]))
    steps = descend_together(view, scenes, cores)
    # Some runs are clipped, so both runs of a pair are not the same.
    assert any((one.record.clip_factor[:, 1] < 1).any() for one in steps)
    for row in (0, 7, len(scenes) - 1):
        assert_equal(steps[row], join_steps(list(descend_pair(view, scenes[row]))), 0)


@pytest.mark.parametrize("apart", [1, 3])
def test_a_run_that_joins_others_in_the_middle_is_the_single_run_to_the_last_bit(apart: int) -> None:
    """Optimizer and clip remember earlier steps, and rows that have ended are used again."""
    kinds = {"optimizer": {"kind": "adam", "learning_rate": 0.05}, "clip": {"kind": "zclip"}}
    scenes = [small(start=(1.0 + 0.05 * k, 0.5 - 0.1 * k), **kinds) for k in range(7)]
    view = run_to_end(build_view(scenes[0]))
    assert apart * len(scenes) > scenes[0].steps / 2
    for found, scene in zip(descend_together(view, scenes, apart=apart), scenes, strict=True):
        assert_equal(found, join_steps(list(descend_pair(view, scene))), 0)


@pytest.mark.parametrize(("family", "kind"), ENTRIES)
def test_numbers_may_differ_from_row_to_row(family: str, kind: str) -> None:
    """A number of each row enters as a tensor, which may round differently from a number for all."""
    entry = FAMILIES[family][kind]
    choices = [{"kind": kind}, varied_choice(entry), {"kind": kind}]
    scenes = [small(start=start, **{family: choice}) for start, choice in zip(STARTS, choices, strict=True)]
    view = run_to_end(build_view(scenes[0]))
    if max_pairs(scenes[0], view, 1 << 30) == 1:
        assert scenes[0].build("optimizer").asks
        return
    assert len({batch_key(scene) for scene in scenes}) == 1
    work = PairBatch(view, Cores(), scenes[0].steps)
    assert work.add(Member(scenes[0]))
    work.advance()
    # With a memory that grows, nobody joins in the middle.
    apart = int(work.add(Member(scenes[1])))
    for found, scene in zip(descend_together(view, scenes, apart=apart), scenes, strict=True):
        assert_equal(found, join_steps(list(descend_pair(view, scene))), 1e-9)


def test_nobody_joins_in_the_middle_if_the_memory_of_the_clip_grows() -> None:
    scene = small(clip={"kind": "autoclip"})
    work = PairBatch(run_to_end(build_view(scene)), Cores(), scene.steps)
    assert work.add(Member(scene)) and work.add(Member(scene))
    work.advance()
    assert not work.add(Member(scene))


def test_only_scenes_with_the_same_slice_kinds_and_structure_share_a_batch() -> None:
    rate = {"kind": "gradient_descent", "learning_rate": 0.3}
    same = [small(), small(start=(1.0, 0.5)), small(optimizer=rate), small(window=(0, 1, 0, 1))]
    assert len({batch_key(scene) for scene in same}) == 1
    others = [
        small(steps=9),
        small(clip={"kind": "by_value"}),
        small(optimizer={"kind": "momentum"}),
        small(schedule={"kind": "cosine"}),
        small(landscape={"kind": "recurrent_network", "seed": 3, "batch_size": 4}),
        small(clip={"kind": "autoclip_window", "window": 5}),
        small(clip={"kind": "autoclip_window", "window": 6}),
    ]
    assert len({batch_key(scene) for scene in [*same, *others]}) == 1 + len(others)


def test_a_row_that_nobody_waits_for_is_not_computed() -> None:
    scenes = [small(start=start) for start in STARTS]
    view, counts = run_to_end(build_view(scenes[0])), []

    class Counting(Cores):
        def map_lanes(self, function: Any, lanes: Any, fewest: int) -> Any:
            counts.append(len(lanes))
            return super().map_lanes(function, lanes, fewest)

    members = [Member(scene) for scene in scenes]
    work = PairBatch(view, Counting(), scenes[0].steps)
    assert all(work.add(member) for member in members)
    work.advance()
    members[1].left = True
    work.advance()
    # At the start both runs of every pair are at the same point.
    assert counts[0] == len(STARTS) and 2 <= counts[1] <= 2 * (len(STARTS) - 1)
    assert all(work.steps_of(member).record.loss.isfinite().all() for member in (members[0], members[2]))
    # The row is free for somebody else.
    assert work.add(Member(scenes[1])) and len(work.rows) == 3


def test_frames_of_requests_that_come_together_are_those_of_single_requests() -> None:
    together, scenes = workspace(), [small(start=start) for start in STARTS]
    run_frame(frame(scenes[0], "slice", None).begin(together))
    works = [frame(scene, "pair", None).begin(together) for scene in scenes]
    for work in works:
        next(work)
    assert [len(batch.active) for batch in together.batches._newest.values()] == [3]
    for scene, work in zip(scenes, works, strict=True):
        _, found = run_frame(work)
        _, expected = run_frame(frame(scene, "pair", None).begin(workspace()))
        assert found.fields == expected.fields
        assert found.arrays.keys() == expected.arrays.keys()
        for name, values in found.arrays.items():
            np.testing.assert_allclose(values, expected.arrays[name], rtol=1e-12)


def test_batches_are_bounded_by_time_and_memory() -> None:
    scene = small()
    view = run_to_end(build_view(scene))
    assert max_pairs(scene, view, 1) == 1
    assert max_pairs(scene, view, 4 * view.bytes_per_point()) == 2
    with ExitStack() as stack:
        batches = Batches()
        begin = partial(PairBatch, view, Cores(), scene.steps)
        found = [stack.enter_context(batches.join("k", Member(scene), 2, begin)) for _ in range(3)]
        assert found[0] is found[1] is not found[2]


def test_every_pair_draws_what_it_draws_alone() -> None:
    """Every step of the clipped runs is random. The first two pairs have the same start, and seeds of their own."""
    starts, seeds = (STARTS[0], STARTS[0], STARTS[1]), (0, 1, 0)
    clips = [{"kind": "random_step", "threshold": 1e-4, "seed": seed} for seed in seeds]
    scenes = [small(start=start, clip=clip) for start, clip in zip(starts, clips, strict=True)]
    view = run_to_end(build_view(scenes[0]))
    steps = descend_together(view, scenes, apart=2)
    for found, scene in zip(steps, scenes, strict=True):
        assert_equal(found, join_steps(list(descend_pair(view, scene))), 1e-9)
    first, second = (one.clipped[:, 1] for one in steps[:2])
    assert (first - second).norm(dim=-1).min() > 0

"""A divided frame computed as several actors do: pickled parts in any order, some of which are begun twice."""

import pickle
import random
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import numpy as np
import pytest

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division import stage as division_stage
from cliffscape.app.frames.division.stage import Division, Stage

# Fields that depend on the time or on chance.
TIMED = {"next", "pace", "token", "partial"}


class Scattered(NamedTuple):
    """The frame, its previews in order, and the number of parts of each stage."""

    frame: Frame
    previews: list[Frame]
    parts: list[int]


def begin_parts(stage: Stage, workspaces: list[Workspace]) -> list[Generator[Any, None, Any]]:
    """The work of all parts, each in one of the workspaces, as another process finds it."""
    works = pickle.loads(pickle.dumps([part.work for part in stage.parts]))
    return [work(workspaces[number % len(workspaces)]) for number, work in enumerate(works)]


def compute_scattered(
    division: Division, workspace: Callable[[], Workspace], actors: int, seed: int, lost: bool = False
) -> Scattered:
    """The frame by ``actors`` workspaces; ``lost`` parts are begun again in another one, after some of their chunks."""
    chance, workspaces = random.Random(seed), [workspace() for _ in range(actors)]
    previews: list[Frame] = []
    parts, results = [], None
    while True:
        try:
            stage = next(division) if results is None else division.send(results)
        except StopIteration as end:
            return Scattered(end.value, previews, parts)
        parts.append(len(stage.parts))
        works, results = begin_parts(stage, workspaces), [None] * len(stage.parts)
        left, losses = list(range(len(works))), lost
        while left:
            number = chance.choice(left)
            try:
                value = next(works[number])
            except StopIteration as end:
                results[number] = end.value
                left.remove(number)
                continue
            preview = None if value is None else stage.preview(number, value)
            previews += [] if preview is None else [preview]
            if losses and chance.random() < 0.3:
                losses = False
                works[number] = begin_parts(stage, [workspace()])[number]


def assert_equal(found: Frame, expected: Frame) -> None:
    """Compare two frames to the last bit, but for what depends on the time."""
    kept = [{name: value for name, value in one.fields.items() if name not in TIMED} for one in (found, expected)]
    assert kept[0] == kept[1]
    assert (found.kind, found.key, found.arrays.keys()) == (expected.kind, expected.key, expected.arrays.keys())
    for name, array in expected.arrays.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array, err_msg=name)


def divide_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide every frame, into four parts for each actor if it has so many."""
    for name in ("DIVIDED_SECONDS", "PART_SECONDS", "SHORTEST"):
        monkeypatch.setattr(division_stage, name, 1e-9)
    monkeypatch.setattr(division_stage, "MOST", 4)

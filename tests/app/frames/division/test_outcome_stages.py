"""Divided outcome maps: the bits of one process, for any number of parts in any order."""

from typing import Any

import pytest

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames import source
from cliffscape.app.frames.division import outcome_stages
from cliffscape.app.frames.division.stage import Actors
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.outcomes import outcome_map
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent import sweep
from tests.app.frames import test_network
from tests.app.frames.division.scattered import assert_equal, compute_scattered, divide_all
from tests.app.runs.test_network import small

SIDES = (5, 9)
MAPS = [
    ("outcomes", "landscape=beale&clip=random_step&steps=4"),
    ("outcomes", "landscape=saddle&steps=4&cloud=3"),
    ("sweep", "landscape=saddle&map=sweep&sweep=clip.threshold,optimizer.learning_rate&steps=4"),
]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts and batches of few cells."""
    divide_all(monkeypatch)
    for module in (sweep, outcome_stages):
        monkeypatch.setattr(module, "BATCH", 8)
    for network in (source, outcome_stages):
        monkeypatch.setattr(network, "NETWORK_BATCH", 2)
    monkeypatch.setattr("cliffscape.app.frames.outcomes.LEVELS", SIDES)


def workspace() -> Workspace:
    """A workspace without compiled routines, whose steps would be rounded differently from when they are ready on."""
    found = test_network.workspace()
    found.routines.most = 0
    return found


def alone(scene: Scene, kind: str, sides: tuple[int, ...]) -> list[Frame]:
    """The maps of one process."""
    using = workspace()
    return [test_network.run_frame(outcome_map(scene, kind, side, "key", using))[1] for side in sides]


def divided(scene: Scene, kind: str, sides: tuple[int, ...], actors: int, lost: bool) -> tuple[list[Frame], list[Any]]:
    """The maps of several, and the numbers of parts."""
    kept = workspace().cells
    frames, parts = [], []
    for side in sides:
        divide = KINDS[kind].divide
        division = divide and divide(scene, side, "key", Actors(actors), kept)
        assert division is not None
        found = compute_scattered(division, workspace, actors, side, lost)
        frames.append(found.frame)
        parts.append(found.parts)
    return frames, parts


@pytest.mark.parametrize(("kind", "link"), MAPS)
@pytest.mark.parametrize(("actors", "lost"), [(3, True)])
def test_a_divided_map_has_the_bits_of_one_process(kind: str, link: str, actors: int, lost: bool) -> None:
    scene = from_query(dict(part.split("=") for part in link.split("&")))
    frames, parts = divided(scene, kind, SIDES, actors, lost)
    assert max(map(max, parts)) > 3
    for found, expected in zip(frames, alone(scene, kind, SIDES), strict=True):
        assert_equal(found, expected)


def test_a_divided_map_of_a_network_builds_its_slice_once() -> None:
    scene = small(steps=1)
    frames, parts = divided(scene, "outcomes", (3,), 2, False)
    assert parts[0][0] == 1 and parts[0][1] > 3
    assert_equal(frames[0], alone(scene, "outcomes", (3,))[0])


def test_progress_counts_all_parts() -> None:
    """A part that is begun anew starts at 0; the share of a stage never exceeds 1."""
    shares = outcome_stages.Shares("key", 33, [1, 3])
    shares.shown = float("-inf")
    frame = shares.show(1, 0.5)
    assert frame is not None and frame.fields == {"columns": 33, "share": 0.375}
    assert shares.show(0, 0.5) is None
    shares.shown = float("-inf")
    frame = shares.show(1, 0.0)
    assert frame is not None and frame.fields["share"] == 0.125


def test_a_small_map_is_not_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    divide = KINDS["outcomes"].divide
    assert divide is not None
    given = (Scene.model_validate({"landscape": {"kind": "himmelblau"}, "steps": 10}), 33, "key")
    assert divide(*given, Actors(2), workspace().cells) is None
    divide_all(monkeypatch)
    assert divide(*given, Actors(2), workspace().cells) is not None
    assert divide(*given, Actors(1), workspace().cells) is None

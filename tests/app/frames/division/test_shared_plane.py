"""Divided surfaces of networks: a plane that is built once, and the bits of one process."""

from collections.abc import Generator
from functools import partial
from typing import Any

import pytest

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames import surface
from cliffscape.app.frames.division import shared_plane
from cliffscape.app.frames.division.stage import Actors, TrainedSeeds
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import frame
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.division.scattered import Scattered, assert_equal, compute_scattered, divide_all
from tests.app.frames.test_network import run_frame, workspace
from tests.app.runs.test_network import small


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of few points."""
    divide_all(monkeypatch)


def divided(scene: Scene, actors: int, seed: int = 0) -> Scattered:
    """The coarsest surface of several actors."""
    divide = KINDS["surface"].divide
    key = frame(scene, "surface", 17).key
    division = divide and divide(scene, 17, key, Actors(actors), workspace().cells)
    assert division is not None
    return compute_scattered(division, workspace, actors, seed)


@pytest.mark.parametrize("colour", ["loss", "gradient_norm"])
def test_a_divided_surface_has_the_bits_of_one_process(colour: str) -> None:
    scene = small(colour=colour)
    found = divided(scene, 3)
    assert found.parts == [1, 12]
    assert_equal(found.frame, run_frame(frame(scene, "surface", 17).begin(workspace()))[1])


def test_a_surface_that_is_too_narrow_for_float32_is_computed_again() -> None:
    scene = small(window=(-1e-9, 1e-9, -1e-9, 1e-9))
    found = divided(scene, 2)
    assert found.parts == [1, 8, 8]
    assert_equal(found.frame, run_frame(frame(scene, "surface", 17).begin(workspace()))[1])


def test_the_plane_of_a_run_is_built_where_the_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = small(slice={"kind": "principal"}, updates=12)
    built = []
    build = shared_plane.build_plane

    def counted(one: Scene, using: Workspace) -> Generator[Any, None, Any]:
        built.append(one)
        return (yield from build(one, using))

    work = shared_plane.shared_plane(scene, Actors(2))
    assert next(work).parts[0].trained == TrainedSeeds(scene)
    monkeypatch.setattr(shared_plane, "build_plane", counted)
    plane = run_to_end(build(scene, workspace()))
    source = run_to_end(shared_plane.source_with(scene, plane, workspace()))
    expected = run_to_end(surface.source_of(scene, workspace()))
    points = scene.resolved_window.grid(3, 3)
    assert source.loss(points).equal(expected.loss(points)) and not built


def test_formulas_and_quick_slices_are_not_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    divide = partial(KINDS["surface"].divide or pytest.fail, key="key", actors=Actors(8), kept=workspace().cells)
    assert divide(Scene.model_validate({}), 513) is None
    assert divide(small(), 17) is None
    large = Scene.model_validate(
        {"landscape": {"kind": "recurrent_network"}, "task": {"kind": "adding", "sequence_length": 100}}
    )
    assert divide(large, 129) is not None

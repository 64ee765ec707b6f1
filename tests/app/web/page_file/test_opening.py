"""What a page of its own starts with: kernels by name, minima, and the catalogue of its own entries."""

import pytest

from cliffscape.app.compute.generators import run_to_end
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.web.page_file.opening import KINDS, check_computable, compute_opening
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.bound_error import BoundError
from tests.app.frames.test_surface import new_workspace

EXAMPLES = {"landscape": "outlier", "optimizer": "adam", "clip": "by_value"}


def opening_of(query: dict[str, str]):  # type: ignore[no-untyped-def]
    return run_to_end(compute_opening(from_query(query), new_workspace()))


def test_frames_name_kernels_that_are_there() -> None:
    opening = opening_of(EXAMPLES)
    frames = {frame["kind"]: frame for frame in opening.values["frames"]}
    assert set(frames) == set(KINDS)
    named = {part["url"] for frame in frames.values() for part in frame.values() if isinstance(part, dict)}
    named |= {opening.values["surface"]["kernel"]}
    assert named == {f"module:{name}" for name in opening.kernels}
    assert opening.kernels[opening.values["surface"]["kernel"].removeprefix("module:")] == (
        SurfaceRecipe("outlier", {"minibatch_size": from_query(EXAMPLES).parameters("landscape")["minibatch_size"]})
        .kernel()
        .source
    )


def test_the_catalogue_has_the_entries_of_the_scene() -> None:
    catalogue = opening_of(EXAMPLES).values["catalogue"]
    assert {family: len(catalogue[family]) for family in FAMILIES} == dict.fromkeys(FAMILIES, 1)
    assert [catalogue[family][0]["kind"] for family in EXAMPLES] == list(EXAMPLES.values())
    locked = {one["name"]: one.get("locked", False) for one in catalogue["landscape"][0]["parameters"]}
    assert locked.pop("minibatch_size") is True
    assert not any(locked.values())
    assert not any(one.get("locked") for one in catalogue["optimizer"][0]["parameters"])


def test_one_start_per_cell_since_clouds_need_the_server() -> None:
    assert opening_of({"cloud": "4"}).values["scene"]["cloud"] == 1


@pytest.mark.parametrize("landscape", FAMILIES["landscape"], ids=lambda entry: entry.kind)
def test_every_landscape_is_exported_or_refused_with_a_sentence(landscape: object) -> None:
    scene = Scene.model_validate({"landscape": {"kind": landscape.kind}})  # type: ignore[attr-defined]
    if not scene.no_kernel:
        check_computable(scene)
        return
    with pytest.raises(BoundError) as refused:
        check_computable(scene)
    assert str(refused.value).startswith("landscape must be one that a page without a server can compute: ")
    assert str(refused.value).endswith(f", got {landscape.label}")  # type: ignore[attr-defined]

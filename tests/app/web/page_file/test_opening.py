"""What a page of its own starts with: kernels by name, minima, and the catalogue of its own entries."""

from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import FAMILIES
from cliffscape.app.web.page_file.opening import KINDS, Opening, compute_opening
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_surface import workspace

EXAMPLES = {"landscape": "outlier", "optimizer": "adam", "clip": "by_value"}


def opening_of(query: dict[str, str]) -> Opening:
    """The opening of a link's Scene."""
    return run_to_end(compute_opening(from_query(query), workspace()))


def test_frames_name_kernels_that_are_there() -> None:
    opening = opening_of(EXAMPLES)
    frames = {frame["kind"]: frame for frame in opening.values["frames"]}
    assert set(frames) == set(KINDS)
    named = {part["url"] for frame in frames.values() for part in frame.values() if isinstance(part, dict)}
    surface = opening.values["surface"]["kernel"]
    assert {*named, surface} == {f"kernel:{name}" for name in opening.kernels}
    recipe = SurfaceRecipe("outlier", {"minibatch_size": 1})
    assert opening.kernels[surface.removeprefix("kernel:")] == recipe.kernel().source


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

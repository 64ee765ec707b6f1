"""The user's own models among the landscapes of a process: their links and refusals."""

import pytest
from pydantic import ValidationError

from cliffscape.app.exports.run_files import check_exportable
from cliffscape.app.scene.links import from_query, parse_link, to_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_landscape import VIEWS, register_view
from cliffscape.landscapes.models.model_view import ModelView
from tests.landscapes.models.small_models import perceptron_view


def model_scene(**query: str) -> Scene:
    """The Scene of the view."""
    return from_query({"landscape": "model", "landscape.view": "net", "steps": "5", **query})


def test_the_link_of_a_view_is_its_scene(view: ModelView) -> None:
    link = register_view(view)
    assert link == "?landscape=model&landscape.view=net"
    scene = from_query(parse_link(link)[0])
    assert (scene.resolved_window, scene.resolved_start) == (view.window, view.start)
    # The first view is the default.
    assert to_query(scene) == {"landscape": "model"}
    other = perceptron_view(seed=1)
    assert register_view(other, "net") == "?landscape=model&landscape.view=net_2"
    assert to_query(from_query(parse_link(register_view(other))[0]))["landscape.view"] == "net_2"


def test_a_view_that_the_process_does_not_have_is_refused(view: ModelView) -> None:
    with pytest.raises(ValidationError, match=r"landscape\.view must be one of net, got cnn"):
        model_scene(**{"landscape.view": "cnn"})
    VIEWS.clear()
    with pytest.raises(ValidationError, match=r"landscape\.view must be a view of this process, which has none"):
        model_scene()
    with pytest.raises(BoundError, match="name must be 1 to 40 letters, digits and underscores"):
        register_view(view, "a b")


def test_the_catalogue_has_the_landscape_only_with_a_view(view: ModelView) -> None:
    kinds = {entry["kind"]: entry for entry in catalogue()["landscape"]}
    assert kinds["model"]["server"] and not kinds["model"]["network"]
    assert kinds["model"]["parameters"][0]["choices"] == ["net"]
    assert catalogue()["views"]["net"]["axes"] == view.slice.axes
    VIEWS.clear()
    assert "model" not in {entry["kind"] for entry in catalogue()["landscape"]}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"optimizer": "gauss_newton"}, "optimizer must be one that does not need a sum of squares"),
        ({"steps": "2000"}, "steps must be at most 1000 where the server computes the descent"),
    ],
)
def test_what_a_model_cannot_do_is_refused(view: ModelView, query: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        model_scene(**query)


def test_a_script_of_a_model_is_refused(view: ModelView) -> None:
    with pytest.raises(BoundError, match="landscape must be one whose definition belongs to this program"):
        check_exportable(model_scene(), "py")

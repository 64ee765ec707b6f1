"""Place: the window and the start of a Scene, in two coordinates and on a curve."""

from typing import Any

import pytest
from pydantic import ValidationError

from cliffscape.app.scene.links import from_query, to_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import violations

CURVE = {"landscape": "formula", "landscape.text": "x**2/2"}
SAME = "because the loss has one parameter"


def test_the_link_of_a_curve_has_a_number_and_two_edges() -> None:
    link = {**CURVE, "window": "-3,3", "start": "1.5"}
    scene = from_query(link)
    assert (scene.start, scene.window) == ((1.5, 0.0), (-3.0, 3.0, 0.0, 0.0))
    assert to_query(scene) == link
    # The page sends whole points.
    assert Scene.model_validate(scene.model_dump(mode="json")) == scene


def test_a_curve_has_the_start_and_the_window_that_are_found() -> None:
    scene = from_query(CURVE)
    assert scene.resolved_window == (-2, 2, 0, 0)
    assert scene.resolved_start == (1.4, 0)
    assert to_query(scene) == CURVE


AXES = "start.x, optimizer.learning_rate, clip.threshold"
APART = f"at least 64 float64 numbers apart, {SAME}"
BAD = [
    ({"start": "1,2"}, f"start must be one number, {SAME}, got 1, 2"),
    ({"start": "abc"}, "start must be a number, got 'abc'"),
    ({"start": "9"}, "start must be inside a window of the landscape (-2 to 2), got 9"),
    ({"window": "3,1"}, f"window must be left and right, in this order, {APART}, got 3, 1"),
    ({"window": "-1,1,-1,1"}, f"{APART}, got -1, 1, -1, 1"),
    ({"window": "wide"}, "window must be one of descent or two numbers, got 'wide'"),
    ({"map": "outcomes"}, "loss or sweep, because a start with one coordinate spans no map, got 'outcomes'"),
    ({"sweep": "start.x,start.y"}, f"sweep must be two of {AXES}, got 'start.y'"),
]


@pytest.mark.parametrize(("part", "sentence"), BAD)
def test_what_a_curve_does_not_have_is_refused(part: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError) as found:
        from_query({**CURVE, **part})
    assert violations(found.value, Scene)[0].message.endswith(sentence)


@pytest.mark.parametrize("part", [{"start": "1"}, {"window": "0,1"}])
def test_a_plane_needs_both_coordinates(part: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        from_query({"landscape": "formula", **part})

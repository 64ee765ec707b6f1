"""The catalogue: all entries of all families, ready for JSON."""

import json

import pytest

from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.clips.family import EDGES
from cliffscape.landscapes.descent.outcome import OUTCOMES


def test_everything_is_there_and_is_json() -> None:
    found = json.loads(json.dumps(catalogue(), allow_nan=False))
    for family, members in FAMILIES.items():
        assert [entry["kind"] for entry in found[family]] == [entry.kind for entry in members]
    assert found["outcomes"] == list(OUTCOMES)
    assert Scene.model_validate(found["scene"]) == Scene.model_validate({})
    assert found["choices"]["runs"] == ["both", "without", "with"]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_parameter_can_become_a_control(family: str) -> None:
    for entry in catalogue()[family]:
        assert entry["summary"].endswith(".")
        for parameter in entry["parameters"]:
            assert parameter["type"] in ("int", "float", "str")
            text = parameter["type"] == "str"
            size = len(parameter["default"]) if text else parameter["default"]
            assert parameter["low"] <= size <= parameter["high"]
            assert parameter["sentence"].endswith(".")
            assert parameter["low"] > 0 or not parameter["log"]


def test_clips_say_what_they_act_on_and_what_they_do_at_the_edges() -> None:
    """The edges are separate from the other notes, because the page always shows them."""
    for entry in catalogue()["clip"]:
        assert list(entry["edges"]) == list(EDGES) and not set(entry["edges"]) & set(entry["notes"])
        assert "Reference" in entry["notes"]
        assert entry["acts_on"] == ("step" if entry["kind"] == "step_by_norm" else "gradient")
        has_threshold = any(parameter["name"] == "threshold" for parameter in entry["parameters"])
        assert entry["shape"] in (("circle", "square", "diamond") if has_threshold else ("",))


def test_landscapes_have_windows_starts_and_presets() -> None:
    for entry in catalogue()["landscape"]:
        assert all(len(window) == 4 for window in entry["windows"].values())
        assert len(entry["start"]) == len(entry["axes"]) == 2
        assert entry["presets"]
        assert entry["server"] == (entry["kind"] == "recurrent_network")


def test_slices_have_a_window_a_start_and_a_height() -> None:
    for entry in catalogue()["slice"]:
        left, right, bottom, top = entry["window"]
        assert left <= entry["start"][0] <= right and bottom <= entry["start"][1] <= top
        assert entry["height"] in ("linear", "log")

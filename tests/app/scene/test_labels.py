"""Labels: sentences about the parts of a link call them what the page's controls do."""

import pytest

from cliffscape.app.scene.labels import FIELDS, label, part_name, with_labels
from cliffscape.app.scene.links import OWN_FIELDS
from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.web.catalogue import catalogue

FORMULA = {"landscape": "formula"}


def test_every_field_of_a_scene_has_a_label() -> None:
    assert set(FIELDS) == set(Scene.model_fields) == {*FAMILIES, *OWN_FIELDS}


@pytest.mark.parametrize("family", FAMILIES)
def test_parameters_have_the_labels_of_the_page(family: str) -> None:
    for entry in catalogue()[family]:
        if entry["kind"] != "formula":
            for one in entry["parameters"]:
                assert label(f"{family}.{one['name']}", {family: entry["kind"]}) == one["label"]


def test_the_fields_of_a_formula_have_the_labels_of_the_page() -> None:
    [found, *_] = catalogue()["formulas"].values()
    for one in found["parameters"]:
        assert label(f"landscape.{one['name']}", FORMULA) == one["label"]


@pytest.mark.parametrize(
    ("key", "query", "name"),
    [
        ("optimizer.learning_rate", {}, "Learning rate ε (optimizer.learning_rate)"),
        ("optimizer.momentum", {"optimizer": "momentum"}, "Momentum α (optimizer.momentum)"),
        ("optimizer.momentum", {}, "optimizer.momentum"),
        ("optimizer.momentum", {"optimizer": "no_such_kind"}, "optimizer.momentum"),
        ("steps", {}, "Steps"),
        ("clip", {}, "Clipping rule (clip)"),
        ("no_such_field", {}, "no_such_field"),
        ("no.such_field", {}, "no.such_field"),
    ],
)
def test_a_part_has_its_key_unless_the_label_says_it(key: str, query: dict[str, str], name: str) -> None:
    assert part_name(key, query) == name


def test_values_and_lists_of_names_stay_as_they_are() -> None:
    said = "clip.threshold must be a number, got 'clip.threshold'"
    assert with_labels(said, "clip.threshold", {}) == f"Threshold v (clip.threshold){said[14:]}"
    said = "sweep must be one of clip.threshold, start.x, got 'x'"
    assert with_labels(said, "sweep", {}) == f"Quantities of the outcome map (sweep){said[5:]}"

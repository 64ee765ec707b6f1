"""Kernel recipes: the URL contains everything that determines a kernel."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from cliffscape.app.scene.kernel_recipe import PROGRAMS, ProgramName, Recipe, read, recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.loss import LANDSCAPES

SCENES = [{"landscape": {"kind": entry.kind}} for entry in LANDSCAPES]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("form", SCENES, ids=lambda form: form["landscape"]["kind"])
def test_urls_read_back(program: ProgramName, form: dict[str, object]) -> None:
    made = recipe(Scene.model_validate(form), program)
    assert read(made.query()) == made


def test_a_recipe_holds_only_what_shapes_the_program() -> None:
    structural = {"kind": "one_unit_rnn", "sequence_length": 7}
    one = Scene.model_validate(
        {"landscape": {**structural, "target": 0.6}, "clip": {"kind": "by_norm", "threshold": 9}}
    )
    other = Scene.model_validate({"landscape": structural, "steps": 3, "start": (4.0, -2.0)})
    paced = one.model_copy(update={"schedule": Scene.model_validate({"schedule": {"kind": "cosine"}}).schedule})
    assert recipe(one, "descent") == recipe(other, "descent")
    assert recipe(one, "descent").query() == {
        "program": "descent",
        "landscape": "one_unit_rnn",
        "landscape.sequence_length": "7",
        "optimizer": "gradient_descent",
        "clip": "by_norm",
    }
    assert recipe(paced, "descent").query()["schedule"] == "cosine"
    assert read(recipe(paced, "descent").query()) == recipe(paced, "descent") != recipe(one, "descent")
    assert "clip" not in recipe(one, "curvature").query()
    assert recipe(one, "outcome").query() == {"program": "outcome"}


def test_the_address_names_content_and_recipe() -> None:
    made = recipe(Scene.model_validate({"landscape": {"kind": "ravine"}}), "descent", "none")
    kernel = made.trace()
    address = urlsplit(made.url(kernel))
    assert address.path == f"kernels/{kernel.hash}.js"
    assert read(dict(parse_qsl(address.query))) == made == Recipe("descent", "ravine", (), "gradient_descent", "none")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"program": "x" * 1000},
        {"program": "descent"},
        {"program": "outcome", "landscape": "ravine"},
        {"program": "curvature", "landscape": "ravine", "clip": "none"},
        {"program": "curvature", "landscape": "ravine", "landscape.condition_number": "20"},
        {"program": "curvature", "landscape": "one_unit_rnn"},
        {"program": "curvature", "landscape": "recurrent_network", "landscape.batch_size": "20"},
        {"program": "curvature", "landscape": "one_unit_rnn", "landscape.sequence_length": "50.0"},
    ],
)
def test_other_spellings_are_rejected(query: dict[str, str]) -> None:
    with pytest.raises(BoundError) as caught:
        read(query)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("wrong", [{"landscape": "x"}, {"landscape.sequence_length": "1000"}, {"foo": "1"}])
def test_unknown_parts_are_rejected(wrong: dict[str, str]) -> None:
    good = recipe(Scene.model_validate({}), "descent").query()
    with pytest.raises(ValidationError):
        read({**good, **wrong})

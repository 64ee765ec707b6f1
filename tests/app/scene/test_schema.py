"""The Scene: built from the declared signatures, linked, hashable."""

import pytest
from pydantic import ValidationError

from cliffscape.app.scene.schema import DEFAULT, FAMILIES, Scene

KINDS = [(family, entry.kind) for family, members in FAMILIES.items() for entry in members]


@pytest.mark.parametrize(("family", "kind"), KINDS)
def test_every_entry_is_a_choice_with_its_defaults(family: str, kind: str) -> None:
    chosen = Scene.model_validate({family: {"kind": kind}})
    assert getattr(chosen, family).kind == kind
    assert chosen.parameters(family) == FAMILIES[family][kind].defaults


@pytest.mark.parametrize(("family", "kind"), KINDS)
def test_every_parameter_has_its_bounds(family: str, kind: str) -> None:
    for parameter in FAMILIES[family][kind].parameters:
        if parameter.type is str:  # what a text may be is tested where it is read
            continue
        for edge in (parameter.range.low, parameter.range.high):
            Scene.model_validate({family: {"kind": kind, parameter.name: parameter.type(edge)}})
        for outside in (parameter.range.low - 1, parameter.range.high + 1, float("nan"), float("inf"), "x", None):
            with pytest.raises(ValidationError):
                Scene.model_validate({family: {"kind": kind, parameter.name: outside}})


def test_a_scene_is_frozen_and_hashable() -> None:
    assert hash(DEFAULT) == hash(Scene.model_validate({}))
    with pytest.raises(ValidationError):
        DEFAULT.steps = 3


def test_the_default_is_the_first_preset() -> None:
    assert DEFAULT.resolved_start == (4.6, -1.7)
    assert DEFAULT.parameters("optimizer") == {"learning_rate": 0.5}
    assert DEFAULT.parameters("clip") == {"threshold": 0.2}


def test_start_may_lie_in_any_window_of_the_landscape_or_in_the_chosen_one() -> None:
    Scene.model_validate({"window": "paper", "start": (3.6, -1.4)})
    Scene.model_validate({"window": (0, 10, 0, 10), "start": (9, 9)})
    with pytest.raises(ValidationError, match="start must be inside a window"):
        Scene.model_validate({"start": (9, 9)})


@pytest.mark.parametrize("clip", ["random_step", "zclip"])
def test_a_clip_with_a_memory_does_not_take_thousands_of_minibatches(clip: str) -> None:
    form = {"landscape": {"kind": "heavy_tails", "minibatch_size": 15}, "clip": {"kind": clip}}
    bound = "clip must be one that does not depend on earlier gradients, unless landscape.minibatch_size is at least 16"
    with pytest.raises(ValidationError, match=bound):
        Scene.model_validate(form)
    Scene.model_validate({**form, "landscape": {"kind": "heavy_tails", "minibatch_size": 16}})
    Scene.model_validate({**form, "clip": {"kind": "by_norm"}})
    Scene.model_validate({**form, "landscape": {"kind": "large_example", "minibatch_size": 1}})

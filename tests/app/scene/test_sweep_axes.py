"""Axes of a sweep: the quantities, the default ranges, and the errors."""

from typing import Any

import pytest
from pydantic import ValidationError

from cliffscape.app.scene.links import from_query, to_query
from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.scene.sweep_axes import axes, quantities
from cliffscape.app.scene.validation import violations
from cliffscape.landscapes.catalogue import LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.axis import Axis


def scene(**form: Any) -> Scene:
    """A Scene from what differs from the defaults."""
    return Scene.model_validate(form)


def error_message(**form: Any) -> str:
    """The error message of an invalid Scene."""
    with pytest.raises(ValidationError) as caught:
        scene(**form)
    (only,) = violations(caught.value, Scene)
    assert only.field in only.message and only.value in only.message
    return only.message


def test_learning_rate_and_threshold_are_varied_unless_others_are_chosen() -> None:
    rate, threshold = axes(scene())
    assert rate == Axis("optimizer.learning_rate", 0.005, 10, log=True)  # the declared bound cuts 50 off
    assert threshold == Axis("clip.threshold", 0.002, 20.0, log=True)
    assert [axis.name for axis in axes(scene(clip={"kind": "zclip"}))] == ["optimizer.learning_rate", "clip.score"]


def test_default_ranges_depend_on_kinds_and_not_on_current_values() -> None:
    """Picking a run on the map changes the present values, and must not move the map."""
    other = {"optimizer": {"kind": "gradient_descent", "learning_rate": 3}, "clip": {"kind": "by_norm", "threshold": 9}}
    assert axes(scene(**other)) == axes(scene())
    slope = {"kind": "himmelblau"}
    preset = LANDSCAPES["himmelblau"].presets[0].choices
    rate, threshold = axes(scene(landscape=slope))
    assert (rate.low, threshold.low) == (preset["optimizer.learning_rate"] / 100, preset["clip.threshold"] / 100)
    # The preset's numbers do not apply to another kind.
    adam = OPTIMIZERS["adam"].defaults["learning_rate"]
    assert axes(scene(landscape=slope, optimizer={"kind": "adam"}))[0].low == adam / 100


@pytest.mark.parametrize("family", ["optimizer", "clip", "schedule", "landscape"])
def test_every_kind_has_two_quantities_and_links_read_back(family: str) -> None:
    for entry in FAMILIES[family]:
        one = scene(**{family: {"kind": entry.kind}})
        first, second = axes(one)
        assert first.name != second.name
        known = list(quantities(one))
        assert known[-2:] == ["start.x", "start.y"]
        chosen = scene(**{family: {"kind": entry.kind}}, sweep=known[-3:-1], cloud=3, cloud_seed=9)
        assert from_query(to_query(chosen)) == chosen


def test_ranges_and_scales_may_be_chosen() -> None:
    one = scene(sweep=("clip.threshold", "start.x"), sweep_ranges=(0.1, 1, 4, 5), sweep_scales=("linear", "log"))
    assert axes(one) == (Axis("clip.threshold", 0.1, 1), Axis("start.x", 4, 5, log=True))
    assert from_query(to_query(one)) == one
    assert to_query(one)["sweep"] == "clip.threshold,start.x"


def test_whole_numbers_stay_whole() -> None:
    one = scene(clip={"kind": "random_step"}, sweep=("clip.seed", "start.y"), sweep_ranges=(0, 10, -2, -1))
    assert axes(one)[0] == Axis("clip.seed", 0, 10, whole=True)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (
            {"sweep": ("optimizer.momentum", "clip.threshold")},
            "sweep must be two of optimizer.learning_rate, clip.threshold, landscape.initial_state, landscape.target, "
            "start.x, start.y, got 'optimizer.momentum'",
        ),
        ({"sweep": ("landscape.sequence_length", "start.x")}, "got 'landscape.sequence_length'"),
        ({"sweep": ("runs", "start.x")}, "got 'runs'"),
        ({"sweep": ("start.x", "start.x")}, "sweep must be two different quantities, got 'start.x', 'start.x'"),
        ({"sweep_ranges": (1, 0.1, 0.1, 1)}, "the smaller one first for optimizer.learning_rate, got 1, 0.1"),
        ({"sweep_ranges": (0.1, 1, 2, 2)}, "the smaller one first for clip.threshold, got 2, 2"),
        ({"sweep_ranges": (0.1, 11, 0.1, 1)}, "sweep_ranges must be within 1e-06 to 10 for optimizer.learning_rate"),
        (
            {"sweep": ("start.x", "clip.threshold"), "sweep_scales": ("log", "log"), "sweep_ranges": (-1, 5, 0.1, 1)},
            "sweep_ranges must be above 0 on a log axis for start.x, got -1, 5",
        ),
        ({"sweep": ("start.y", "start.x"), "sweep_scales": ("log", "linear")}, "sweep_scales must be above 0 on a log"),
        ({"cloud": 65}, "cloud must be at most 64, got 65"),
        ({"cloud": 0}, "cloud must be at least 1, got 0"),
        ({"sweep": "start.x"}, "sweep must be two names, got 'start.x'"),
        ({"sweep_ranges": (1, 2)}, "sweep_ranges must be four numbers"),
    ],
)
def test_sentences_name_field_bound_and_value(form: dict[str, Any], sentence: str) -> None:
    assert sentence in error_message(**form)

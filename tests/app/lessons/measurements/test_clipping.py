"""Measurements of clipping bias and chains, against closed forms, and their errors."""

import math
from typing import Any

import pytest

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.measure import measure
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError

LARGE = HeadlessRun(from_query({"landscape": "large_example", "clip.threshold": "1"}))
TANH = HeadlessRun(from_query({"landscape": "tanh_chain"}))
POWERS = {"landscape": "linear_recurrence", "start": "0.9,0", "landscape.initial_state": "0.5", "landscape.target": "1"}
CHAIN = HeadlessRun(from_query(POWERS))
TURN = math.degrees(math.atan2(2, 0.75))
STATED = [
    (LARGE, "bias_angle", {"size": 1}, TURN - math.degrees(math.atan2(0.25, 0.75)), 1e-9),
    (LARGE, "bias_angle", {"size": 2}, TURN - math.degrees(math.atan2(4 / 65**0.5, (1 + 1 / 65**0.5) / 2)), 1e-9),
    (LARGE, "bias_angle", {"size": 4}, 0.0, 1e-9),
    (LARGE, "example_weight", {"example": 3, "size": 2}, 2 / 65**0.5, 1e-12),
    (LARGE, "example_weight", {"example": 2, "size": 2}, 1.0, 1e-12),
    (LARGE, "example_weight", {"example": 4, "size": 1}, 0.125, 1e-12),
    (LARGE, "example_count", {}, 4, 0),
    (TANH, "chain_derivative", {"length": 10, "what": "newton"}, -0.58690, 1e-5),
    (TANH, "chain_derivative", {"length": 100, "what": "newton"}, -0.6030036, 1e-7),
    (TANH, "chain_derivative", {"length": 10}, -0.050, 5e-4),
    (CHAIN, "chain_derivative", {"length": 50, "what": "newton"}, 0.018416, 1e-6),
    (CHAIN, "chain_derivative", {"length": 100, "what": "newton"}, 0.009091, 1e-6),
]


@pytest.mark.parametrize(
    ("headless", "kind", "arguments", "value", "tolerance"), STATED, ids=[kind for _, kind, *_ in STATED]
)
def test_a_measurement_matches_a_closed_form(
    headless: HeadlessRun, kind: str, arguments: dict[str, Any], value: float, tolerance: float
) -> None:
    assert measure(headless, kind, arguments) == pytest.approx(value, abs=tolerance, rel=0)


REMEMBERING = HeadlessRun(from_query({"landscape": "large_example", "clip": "zclip"}))
BAD = [
    (
        HeadlessRun(from_query({})),
        "bias_angle",
        {},
        "landscape must be one whose loss is a mean over examples, got one_unit_rnn",
    ),
    (LARGE, "bias_angle", {"size": 3}, "size must be a divisor of 4, the number of examples, got 3"),
    (LARGE, "example_weight", {"example": 5}, "example must be at most 4, got 5"),
    (REMEMBERING, "bias_angle", {}, "clip must be one that does not depend on earlier gradients, got zclip"),
    (LARGE, "chain_derivative", {}, "landscape must be a chain: one of one_unit_rnn, linear_recurrence, "),
    (TANH, "chain_derivative", {"what": "third"}, "what must be one of first, second, .*, got 'third'"),
]


@pytest.mark.parametrize(("headless", "kind", "arguments", "said"), BAD)
def test_a_scene_without_the_quantity_is_an_error(
    headless: HeadlessRun, kind: str, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(BoundError, match=said):
        measure(headless, kind, arguments)

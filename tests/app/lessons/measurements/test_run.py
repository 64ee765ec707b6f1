"""Measurements of runs and steps, against independently computed numbers."""

import math

import pytest

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.measure import measure
from cliffscape.app.scene.links import from_query

OPENING = HeadlessRun(from_query({}))
CHAIN = HeadlessRun(from_query({"landscape": "vanishing_direction", "clip.threshold": "2", "steps": "100"}))
STATED = [
    (OPENING, "predicted_change", {"step": 13}, -178.6016, 1e-3),
    (OPENING, "trusted_length", {"step": 13}, 0.0008, 1e-5),
    (OPENING, "length_to_lowest_loss", {"step": 13}, 0.026, 5e-4),
    (OPENING, "step_angle", {"step": 13}, 0.0, 1e-9),
    (OPENING, "longest_step", {}, 0.1, 1e-12),
    (OPENING, "largest_step_angle", {}, 0.0, 1e-9),
    (HeadlessRun(from_query({"landscape": "ravine", "start": "2,0"})), "smallest_clip_factor", {}, 0.1, 1e-12),
    (HeadlessRun(from_query({"clip": "by_value"})), "step_angle", {"step": 13}, 16.0, 0.05),
    (CHAIN, "first_halving", {"coordinate": 1, "goal": 1.0}, 1, 0),
    (CHAIN, "first_halving", {"coordinate": 2, "goal": 1.0}, 79, 0),
]


@pytest.mark.parametrize(
    ("headless", "kind", "arguments", "value", "tolerance"), STATED, ids=[kind for _, kind, *_ in STATED]
)
def test_a_measurement_matches_an_independent_number(
    headless: HeadlessRun, kind: str, arguments: dict[str, float], value: float, tolerance: float
) -> None:
    assert measure(headless, kind, arguments) == pytest.approx(value, abs=tolerance, rel=0)


def test_the_first_step_below_a_loss() -> None:
    losses = OPENING.record("with").loss.tolist()
    assert losses[int(measure(OPENING, "first_step_below", {"loss": 0.01})) - 1] >= 0.01
    assert losses[int(measure(OPENING, "first_step_below", {"loss": 0.01}))] < 0.01
    assert measure(OPENING, "first_step_below", {"loss": 0.0}) == math.inf


def test_a_distance_that_is_never_halved_is_infinite() -> None:
    assert measure(OPENING, "first_halving", {"goal": 1e6}) == math.inf


def test_the_profile_of_a_step_of_a_network() -> None:
    headless = HeadlessRun(from_query({"landscape": "recurrent_network", "updates": "1", "steps": "2"}))
    length = float(headless.record("without").step_length[0])
    exact = measure(headless, "trusted_length", {"step": 0, "error": 0.001})
    assert 0 < exact < measure(headless, "trusted_length", {"step": 0, "error": 1.0}) <= length
    assert 0 < measure(headless, "length_to_lowest_loss", {"step": 0}) <= length

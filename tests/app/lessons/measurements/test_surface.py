"""Measurements of surfaces and of many runs, against independently computed numbers."""

import pytest

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.measure import measure
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError

SOLVED: tuple[str, dict[str, float]] = ("share_solved", {"x": 1.5})
CLIFF = 0.5 - 0.6224593312018546 * 5
OPENING = HeadlessRun(from_query({}))
PAPER = HeadlessRun(from_query({"window": "paper", "start": "4.9,-2.45"}))
# The upper side of the cliff alone.
ABOVE = {"window": "4.5,5.5,-2.2,-1.9", "start": "4.6,-2", "steps": "300"}
# The gradient of what starts at 1.5 is infinite.
INFINITE = {"landscape": "linear_recurrence", "optimizer.learning_rate": "0.2", "steps": "300"}
STATED = [
    (PAPER, "median_gradient_norm", {}, 0.105, 5e-4),
    (PAPER, "share_steeper", {"than": 1.0}, 0.0021, 5e-5),
    (OPENING, "loss_at", {"x": 4.5, "y": -2.9}, 0.396703755575, 1e-11),
    (OPENING, "gradient_norm_at", {"x": 5.0, "y": CLIFF}, 779.3982, 1e-4),
    (OPENING, "growth_per_repetition", {"x": 5.0, "y": CLIFF}, 0.16128, 1e-5),
    (HeadlessRun(from_query(ABOVE)), "share_below", {}, 1.0, 0.0),
    (HeadlessRun(from_query({**ABOVE, "clip": "by_value"})), "share_below", {}, 0.37, 0.06),
    (HeadlessRun(from_query({**INFINITE, "clip": "by_norm_else_random", "clip.threshold": "1"})), *SOLVED, 0.94, 0.04),
    (HeadlessRun(from_query({**INFINITE, "clip": "skip_nonfinite"})), *SOLVED, 0.0, 0.0),
    (HeadlessRun(from_query({**INFINITE, "clip": "by_norm_pytorch"})), "share_nonfinite", {"x": 1.5, "seeds": 1}, 1, 0),
    (HeadlessRun(from_query({**INFINITE, "clip": "skip_nonfinite"})), "share_nonfinite", {"x": 1.5, "seeds": 1}, 0, 0),
]


@pytest.mark.parametrize(
    ("headless", "kind", "arguments", "value", "tolerance"), STATED, ids=[kind for _, kind, *_ in STATED]
)
def test_a_measurement_matches_an_independent_number(
    headless: HeadlessRun, kind: str, arguments: dict[str, float], value: float, tolerance: float
) -> None:
    assert measure(headless, kind, arguments) == pytest.approx(value, abs=tolerance, rel=0)


@pytest.mark.parametrize(("layers", "turns"), [(0, 0), (1, 2), (5, 8)])
def test_extrema_of_repeated_composition_are_counted(layers: int, turns: int) -> None:
    # Medians of 20 other nets, tests/data/repeated_composition.json; see tests/landscapes/surfaces/test_composition.py.
    headless = HeadlessRun(from_query({"landscape": "repeated_composition"}))
    assert measure(headless, "median_extrema", {"layers": layers}) == pytest.approx(turns, abs=2 * (layers > 1))


def test_only_repeated_composition_has_layers() -> None:
    with pytest.raises(BoundError, match="landscape must be repeated_composition, got one_unit_rnn"):
        measure(OPENING, "median_extrema", {})


def test_a_run_must_exist() -> None:
    with pytest.raises(BoundError, match="run must be one of without, with, got 'both'"):
        measure(OPENING, "share_below", {"run": "both"})

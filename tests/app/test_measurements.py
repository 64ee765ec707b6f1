"""Measurements: numbers that were computed elsewhere (tests/data, shared science) come out again."""

import math

import pytest

from app.evidence import Evidence
from app.links import from_query
from app.measurements import MEASUREMENTS, measured

CLIFF = 0.5 - 0.6224593312018546 * 5
OPENING = Evidence(from_query({}))
PAPER = Evidence(from_query({"window": "paper", "start": "4.9,-2.45"}))
# The upper side of the cliff alone.
ABOVE = {"window": "4.5,5.5,-2.2,-1.9", "start": "4.6,-2", "steps": "300"}
STATED = [
    (PAPER, "median_gradient_norm", {}, 0.105, 5e-4),
    (PAPER, "share_steeper", {"than": 1.0}, 0.0021, 5e-5),
    (OPENING, "loss_at", {"x": 4.5, "y": -2.9}, 0.396703755575, 1e-11),
    (OPENING, "gradient_norm_at", {"x": 5.0, "y": CLIFF}, 779.3982, 1e-4),
    (OPENING, "growth_per_repetition", {"x": 5.0, "y": CLIFF}, 0.16128, 1e-5),
    (OPENING, "promised", {"step": 13}, -178.6016, 1e-3),
    (OPENING, "trusted_length", {"step": 13}, 0.0008, 1e-5),
    (OPENING, "lowest_along", {"step": 13}, 0.026, 5e-4),
    (OPENING, "turned", {"step": 13}, 0.0, 1e-9),
    (OPENING, "longest_step", {}, 0.1, 1e-12),
    (Evidence(from_query({"clip": "by_value"})), "turned", {"step": 13}, 16.0, 0.05),
    (Evidence(from_query(ABOVE)), "share_below", {}, 1.0, 0.0),
    (Evidence(from_query({**ABOVE, "clip": "by_value"})), "share_below", {}, 0.37, 0.06),
]


@pytest.mark.parametrize(
    ("evidence", "kind", "arguments", "value", "tolerance"), STATED, ids=[kind for _, kind, *_ in STATED]
)
def test_a_measurement_is_what_was_computed_elsewhere(
    evidence: Evidence, kind: str, arguments: dict[str, float], value: float, tolerance: float
) -> None:
    assert measured(evidence, kind, arguments) == pytest.approx(value, abs=tolerance, rel=0)


def test_the_first_step_below_a_loss() -> None:
    losses = OPENING.of("with").loss.tolist()
    assert losses[int(measured(OPENING, "first_step_below", {"loss": 0.01})) - 1] >= 0.01
    assert losses[int(measured(OPENING, "first_step_below", {"loss": 0.01}))] < 0.01
    assert measured(OPENING, "first_step_below", {"loss": 0.0}) == math.inf


def test_turns_of_a_level_line_are_counted() -> None:
    # Himmelblau's function is a quartic along every level line: one valley or two with a ridge between.
    evidence = Evidence(from_query({"landscape": "himmelblau"}))
    assert measured(evidence, "median_turns", {"lines": 51}) in (1, 3)


def test_a_measurement_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Evidence(from_query({"landscape": "himmelblau"}))
    first = measured(evidence, "loss_at", {"x": 1.0, "y": 2.0})
    monkeypatch.setattr(evidence, "value_and_gradient", None)
    assert measured(evidence, "loss_at", {"y": 2.0, "x": 1.0}) == first == 68


def test_every_measurement_is_declared_with_a_sentence() -> None:
    for entry in MEASUREMENTS:
        assert entry.documentation.summary.endswith(".")
        assert all(parameter.sentence for parameter in entry.parameters)

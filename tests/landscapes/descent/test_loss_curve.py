"""Loss curves: a loss that swings at its end, and a long step downhill, on runs made by hand."""

import pytest

from cliffscape.landscapes.descent.details import details_of
from cliffscape.landscapes.descent.loss_curve import leaps, swings
from tests.landscapes.descent.test_verdict import record
from tests.reference import tensor

SOLVED, DIAGONAL = tensor(0.01), tensor(2.0)
LOW, HIGH = 0.001, 0.005


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([3, 2, LOW, LOW, LOW], False),
        ([3, 2, LOW, HIGH, LOW], True),
        # By less than a hundredth of what is left up to the bound.
        ([3, 2, LOW, LOW + 8e-5, LOW], False),
        ([3, 2, LOW, LOW + 1e-4, LOW], True),
        # Above the lowest loss, but not yet below the bound.
        ([3, 0.02, 0.05, 0.03, LOW, LOW], False),
        # The last ten steps count, or the last tenth of many.
        ([3, LOW, HIGH, *[LOW] * 8], True),
        ([3, LOW, HIGH, *[LOW] * 11], False),
        ([3, LOW, *[LOW] * 180, HIGH, *[LOW] * 19], True),
        ([3, LOW, *[LOW] * 180, HIGH, *[LOW] * 22], False),
    ],
)
def test_a_loss_swings_if_it_has_risen_in_the_last_steps(losses: list[float], expected: bool) -> None:
    # The row at which a run ends is one more than `details_of` has added.
    details = details_of(record([*losses, LOW], [0.1] * len(losses)), SOLVED, DIAGONAL)
    assert bool(swings(details, tensor(float(len(losses))))) is expected


@pytest.mark.parametrize(
    ("losses", "length", "expected"),
    [([3, 1, 1], 5.0, True), ([3, 1, 1], 1.9, False), ([3, 3, 3], 5.0, False), ([3, 9, 1], 5.0, False)],
)
def test_a_long_step_to_a_lower_loss_is_a_leap(losses: list[float], length: float, expected: bool) -> None:
    details = details_of(record([*losses, 1], [length, 0.1, 0.1]), SOLVED, DIAGONAL)
    assert bool(leaps(details, DIAGONAL)) is expected

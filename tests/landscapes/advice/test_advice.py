"""Everything that advice consists of, for logs of any numbers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cliffscape.landscapes.advice.advice import advise, loss_error, trend
from cliffscape.landscapes.advice.progress import Progress
from tests.landscapes.advice.logs import log_of, noisy

LOSSES = st.floats(allow_nan=True, allow_infinity=True)
NUMBERS = LOSSES.map(abs)


def test_the_warm_up_is_left_out_of_everything_else() -> None:
    norms = noisy(300)
    norms[:10] = 100
    rates = np.concatenate([np.linspace(0, 1, 11), np.ones(289)])
    found = advise(log_of(norms, rates=rates), "before")
    assert found.warm_up.records == 10
    assert found.quantiles[-1] < 2 and found.book[0] < 2 and not found.spikes and found.effects[-1].threshold <= 2


def test_steps_with_inf_or_nan_are_listed() -> None:
    norms = noisy(100)
    norms[[5, 50]] = [np.nan, np.inf]
    assert advise(log_of(norms), "before").nonfinite == (6.0, 51.0)


def test_the_trend_of_the_norm() -> None:
    assert trend(np.array([3.0] * 10 + [1.0] * 80 + [2.0] * 10)) == (3.0, 2.0)
    assert trend(np.ones(9)) is None


def test_the_error_of_a_loss_around_a_spike() -> None:
    """A block of 20 losses has the same error as the 20 losses around a spike."""
    found = Progress(1.0, 1.0, 1.0, 1000, 0.5)
    assert loss_error(log_of(np.ones(1000), np.ones(1000)), found) == 0.5
    assert loss_error(log_of(np.ones(4000), np.ones(4000)), found) == 1.0
    assert loss_error(log_of(np.ones(5)), None) == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NUMBERS, LOSSES), max_size=120))
def test_any_numbers_get_advice(rows: list[tuple[float, float]]) -> None:
    """Warnings of NumPy are errors in tests."""
    norms, losses = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = advise(log_of(norms, losses), "before").recommendation
    if found.kind != "none":
        assert 0 < found.low <= found.threshold or found.kind in ("safety_net", "keep")

"""Precision: float32 where it makes the same picture, float64 where it would lose what is seen."""

import numpy as np
import pytest
import torch

from cliffscape.app.compute.precision import for_picture, is_narrow

GRID = np.linspace(0, 1, 33**2)
LARGEST = float(np.finfo(np.float64).max)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(GRID, id="usual"),
        pytest.param(1e30 * GRID, id="large"),
        pytest.param(1e-30 * GRID, id="small"),
        pytest.param(np.full(100, 0.09), id="flat"),
        pytest.param(np.full(100, np.inf), id="nothing finite"),
        pytest.param(np.where(GRID > 0.5, np.nan, GRID), id="partly NaN"),
        pytest.param(np.zeros(100), id="zero"),
    ],
)
def test_float32_is_enough(values: np.ndarray) -> None:
    sent = for_picture(torch.from_numpy(values))
    assert sent.dtype == np.float32
    np.testing.assert_allclose(sent, values, rtol=1e-6)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(1e200 * GRID, id="above float32"),
        pytest.param(np.where(GRID > 0.999, 1e39, GRID), id="one wall above float32"),
        pytest.param(np.where(GRID > 0.999, LARGEST, -LARGEST), id="a range above float64"),
        pytest.param(1e-60 * GRID, id="below float32"),
        pytest.param(1.4 + 1e-9 * GRID, id="varies in the tenth digit"),
        pytest.param(np.where(GRID > 0.999, 5.0, 1.4 + 1e-9 * GRID), id="varies in the tenth digit below a wall"),
    ],
)
def test_float64_is_needed(values: np.ndarray) -> None:
    sent = for_picture(torch.from_numpy(values))
    assert sent.dtype == np.float64
    np.testing.assert_array_equal(sent, values)


def test_a_narrow_picture_is_one_that_float32_would_draw_in_steps() -> None:
    assert is_narrow(1 + 1e-4 * GRID) and is_narrow(np.full(10, 3.0))
    assert not is_narrow(1 + 1e-2 * GRID) and not is_narrow(np.zeros(10)) and not is_narrow(np.full(10, np.nan))

"""The flat ceiling of norms that were logged after the clip."""

import numpy as np
import pytest
import torch

from cliffscape.landscapes.advice.ceiling import flat_ceiling
from tests.landscapes.advice.logs import noisy


def lognormal(size: int, seed: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Norms with a long tail."""
    return np.exp(np.random.default_rng(seed).standard_normal(size))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("threshold", [0.5, 1.0, 4.0])
def test_clipped_norms_have_one(seed: int, threshold: float) -> None:
    norms = np.minimum(lognormal(1000, seed), threshold)
    assert flat_ceiling(norms) == threshold
    # As PyTorch computes them, and as logs print them.
    assert flat_ceiling(np.round(norms * threshold / (threshold + 1e-6), 4)) == pytest.approx(threshold, rel=1e-3)
    rounded = torch.tensor(norms).to(torch.bfloat16).double().numpy()
    assert flat_ceiling(rounded) == pytest.approx(threshold, rel=1e-2)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("size", [20, 200, 5000])
def test_other_norms_have_none(seed: int, size: int) -> None:
    assert flat_ceiling(lognormal(size, seed)) is None
    assert flat_ceiling(noisy(size, seed=seed)) is None


def test_coarse_values_are_no_ceiling() -> None:
    assert flat_ceiling(np.round(noisy(200, 0.1), 2)) is None


def test_if_every_step_was_clipped_all_norms_are_equal() -> None:
    assert flat_ceiling(np.ones(100)) == 1


def test_too_few_norms() -> None:
    assert flat_ceiling(np.ones(4)) is None
    assert flat_ceiling(np.zeros(100)) is None
    assert flat_ceiling(np.full(100, np.nan)) is None

"""Principal components by the Gram matrix, against the decomposition of the whole run."""

import pytest
import torch

from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.slices import pca
from cliffscape.landscapes.slices.pca import principal_components


@pytest.mark.parametrize("piece", [1, 300, 10**9])
@pytest.mark.parametrize(("count", "size"), [(3, 50), (30, 7), (200, 400)])
def test_components_are_those_of_the_full_decomposition(
    count: int, size: int, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pca, "PIECE_MULTIPLICATIONS", piece)
    scale = torch.logspace(0, -3, size, dtype=torch.float64)
    drawn = torch.randn(count, size, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    run = 10 + drawn * scale
    found = run_to_end(principal_components(run))
    left, spread, turn = torch.linalg.svd(run - run.mean(0), full_matrices=False)
    torch.testing.assert_close(found.variances, spread[:2] ** 2, rtol=1e-9, atol=0)
    assert found.total == pytest.approx(float((spread**2).sum()))
    signs = (found.directions * turn[:2]).sum(-1).sign()
    torch.testing.assert_close(found.directions, turn[:2] * signs.unsqueeze(-1), rtol=0, atol=1e-7)
    torch.testing.assert_close(found.coordinates, left[:, :2] * spread[:2] * signs, rtol=0, atol=1e-6)


def test_a_large_mean_does_not_reduce_precision() -> None:
    """The mean is taken off before anything is squared."""
    run = torch.randn(10, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    near, far = run_to_end(principal_components(1e-3 * run)), run_to_end(principal_components(1e-3 * run + 1e6))
    torch.testing.assert_close(far.variances, near.variances, rtol=1e-6, atol=0)

"""Hessian products of every cell against the full Hessian, in one piece and in many."""

from dataclasses import replace

import pytest
import torch

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.slices import hessian
from cliffscape.landscapes.slices.hessian import gradient, hessian_products, largest_eigenpairs, split_loss
from tests.landscapes.slices.test_plane import subject


@pytest.fixture(params=[1, 4])
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """In how many pieces 7 sequences are taken."""
    monkeypatch.setattr(hessian, "MIN_SEQUENCES", 7 if request.param == 1 else 2)
    monkeypatch.setattr(hessian, "PIECE_MULTIPLICATIONS", 1)
    return int(request.param)


@pytest.mark.parametrize(
    ("cell", "task"),
    [*((entry.kind, "temporal_order") for entry in CELLS), ("gru", "adding"), ("tanh_rnn", "copy_memory")],
)
def test_products_and_gradient_are_those_of_the_full_hessian(cell: str, task: str, parts: int) -> None:
    there = subject(cell, task, units=3, length=5, size=7)
    losses = split_loss(there)
    assert len(losses) == parts
    full = torch.autograd.functional.hessian(there.loss, there.theta)
    product = hessian_products(losses, there.theta, 3)
    for rows in (3, 1, 2):
        block = torch.randn(rows, len(there.theta), dtype=torch.float64)
        torch.testing.assert_close(run_to_end(product(block)), block @ full, rtol=1e-9, atol=1e-10)
    _, slope = value_and_gradient(there.loss, there.theta)
    torch.testing.assert_close(run_to_end(gradient(losses, there.theta)), slope, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])
def test_the_leading_pairs_are_those_of_the_full_hessian(cell: str, parts: int) -> None:
    there = subject(cell, units=4, length=12, size=7)
    full = torch.autograd.functional.hessian(there.loss, there.theta)
    values, vectors = torch.linalg.eigh((full + full.mT) / 2)
    found, pairs = run_to_end(largest_eigenpairs(split_loss(there), there.theta))
    torch.testing.assert_close(found, values[-2:].flip(0), rtol=1e-6, atol=0)
    expected = vectors[:, -2:].mT.flip(0)
    signed = expected * (expected * pairs).sum(-1, keepdim=True).sign()
    assert float((pairs - signed).norm(dim=-1).max()) < 1e-4


def test_pieces_are_small_for_every_net() -> None:
    assert len(split_loss(subject(units=32, length=50, size=64))) == 1
    large = subject("lstm", units=128, length=200, size=64)
    assert [len(split_loss(each)) for each in (large, subject(units=128, length=200, size=64))] == [2, 2]
    assert float(sum(part(large.theta.float()) for part in split_loss(large.to("cpu", torch.float32)))) > 0


def test_products_need_no_gradient_mode() -> None:
    there = subject()
    with torch.no_grad():
        found, _ = run_to_end(largest_eigenpairs(split_loss(there), there.theta))
    assert found.isfinite().all()


def test_a_loss_that_is_not_finite_gives_nan() -> None:
    there = subject("relu_rnn", length=30)
    there = replace(there, theta=1e30 * there.theta)
    found, vectors = run_to_end(largest_eigenpairs(split_loss(there), there.theta))
    assert found.isnan().all() and vectors.isnan().all()

"""Clips as libraries implement them: equal to the book's rule away from the edges, which are in test_edges.py."""

import math

import pytest
import torch

from tests.landscapes.clips.test_norm_and_value import clip_once, samples
from tests.reference import tensor

KINDS = ["by_norm_pascanu", "by_norm_keras", "by_norm_optax"]


@pytest.mark.parametrize("kind", KINDS)
def test_rules_of_frameworks_equal_the_books_rule_away_from_the_edges(kind: str) -> None:
    gradients = samples()
    book, theirs = (clip_once(name, gradients, threshold=0.5) for name in ("by_norm", kind))
    torch.testing.assert_close(theirs, book, rtol=1e-15, atol=0)


SPECIAL = [[math.inf, 1.0, 2.0], [1.0, math.nan, 2.0], [1e200, 1.0, 2.0], [1e150, 1.0, 2.0], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize("gradient", [*samples().tolist()[:5], *SPECIAL])
def test_an_error_of_torch_is_nan_in_every_entry(gradient: list[float]) -> None:
    """As torch.nn.utils.clip_grad_norm_ with error_if_nonfinite: the same result, or NaN where it raises."""
    parameter = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
    parameter.grad = tensor(gradient)
    found = clip_once("by_norm_pytorch_error", tensor(gradient), threshold=0.5)
    try:
        torch.nn.utils.clip_grad_norm_([parameter], 0.5, error_if_nonfinite=True)
    except RuntimeError as error:
        assert "non-finite" in str(error)
        assert found.isnan().all()
    else:
        torch.testing.assert_close(found, parameter.grad, rtol=1e-15, atol=0)

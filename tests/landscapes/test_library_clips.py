"""Clips as libraries do them, beside the tables of test_clips.py: where they part from the book's rule."""

import pytest
import torch

from landscapes.catalogue import CLIPS
from tests.landscapes.test_clips import clipped, samples
from tests.reference import tensor

KINDS = ["by_norm_pascanu", "by_norm_keras", "by_norm_optax"]


@pytest.mark.parametrize("kind", KINDS)
def test_away_from_the_edges_they_are_the_books_rule(kind: str) -> None:
    gradients = samples()
    book, theirs = (clipped(name, gradients, threshold=0.5) for name in ("by_norm", kind))
    torch.testing.assert_close(theirs, book, rtol=1e-15, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_threshold_only_rounding_may_be_left(kind: str) -> None:
    gradient = tensor([3.0, 4.0])
    torch.testing.assert_close(clipped(kind, gradient, threshold=5.0), gradient, rtol=3e-16, atol=0)
    declared = CLIPS[kind].documentation.notes["At the threshold"]
    assert declared.startswith("untouched" if kind == "by_norm_keras" else "scaled by 1")

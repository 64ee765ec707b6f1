"""Clips as libraries implement them: equal to the book's rule away from the edges, which are in test_edges.py."""

import pytest
import torch

from tests.landscapes.clips.test_norm_and_value import clip_once, samples

KINDS = ["by_norm_pascanu", "by_norm_keras", "by_norm_optax"]


@pytest.mark.parametrize("kind", KINDS)
def test_rules_of_frameworks_equal_the_books_rule_away_from_the_edges(kind: str) -> None:
    gradients = samples()
    book, theirs = (clip_once(name, gradients, threshold=0.5) for name in ("by_norm", kind))
    torch.testing.assert_close(theirs, book, rtol=1e-15, atol=0)

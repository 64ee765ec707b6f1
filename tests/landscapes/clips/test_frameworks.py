"""Clips as libraries implement them: equal to the book's rule away from the edges, which are in test_edges.py."""

import functools
import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS
from tests.landscapes.clips.test_norm_and_value import angle, by_pytorch, clip_once, samples
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


INF, NAN = math.inf, math.nan
NORMS = {"by_one_norm_pytorch": 1.0, "by_max_norm_pytorch": INF}
SPECIAL_NORMS = [
    [INF, 1.0, -2.0],
    [-INF, INF, 0.0],
    [NAN, 1.0, 2.0],
    [1e200, 1.0, -2.0],
    [0.0, 0.0, 0.0],
    [1.7e308] * 3,
]


def length(kind: str, gradients: Tensor) -> Tensor:
    """The clip's norm ``(...)`` of gradients ``(..., D)``."""
    return torch.linalg.vector_norm(gradients, NORMS[kind], dim=-1)


@pytest.mark.parametrize("threshold", [1e-3, 0.7, 40.0])
@pytest.mark.parametrize("kind", NORMS)
def test_clips_by_other_norms_equal_pytorch(kind: str, threshold: float) -> None:
    utility = functools.partial(torch.nn.utils.clip_grad_norm_, norm_type=NORMS[kind])
    gradients = torch.cat([samples(), tensor(SPECIAL_NORMS)])
    expected = torch.stack([by_pytorch(utility, row, threshold) for row in gradients])
    measured = clip_once(kind, gradients, threshold=threshold)
    torch.testing.assert_close(measured, expected, rtol=1e-12, atol=0, equal_nan=True)


@pytest.mark.parametrize("kind", NORMS)
def test_several_parameters_are_clipped_by_the_norm_of_all(kind: str) -> None:
    gradients = [tensor([[3.0, -1.0], [0.5, 2.0]]), tensor([-4.0, 0.25])]
    parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient.clone()
    torch.nn.utils.clip_grad_norm_(parameters, 0.5, norm_type=NORMS[kind])
    expected = torch.cat([parameter.grad.flatten() for parameter in parameters if parameter.grad is not None])
    measured = clip_once(kind, torch.cat([gradient.flatten() for gradient in gradients]), threshold=0.5)
    torch.testing.assert_close(measured, expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("kind", "gradient"), [("by_one_norm_pytorch", [0.25, -0.75, 0.0]), ("by_max_norm_pytorch", [-1.0, 0.5, 0.25])]
)
def test_at_the_threshold_a_gradient_is_scaled_by_slightly_less_than_1(kind: str, gradient: list[float]) -> None:
    assert "0.999999" in CLIPS[kind].documentation.notes["At threshold"]
    assert length(kind, tensor(gradient)) == 1
    scaled = clip_once(kind, tensor(gradient), threshold=1.0)
    torch.testing.assert_close(scaled, tensor(gradient) / 1.000001, rtol=1e-15, atol=0)


@pytest.mark.parametrize("kind", NORMS)
def test_clipped_gradients_keep_their_direction_and_lie_in_the_unit_ball(kind: str) -> None:
    gradients = samples()
    clipped = clip_once(kind, gradients, threshold=0.5)
    assert (length(kind, clipped) <= 0.5).all() and (length(kind, clipped) < length(kind, gradients)).sum() > 50
    assert max(angle(g, c) for g, c in zip(gradients, clipped, strict=True)) < 1e-13


def test_the_shapes_are_those_of_the_unit_balls() -> None:
    assert {kind: CLIPS[kind].shape for kind in NORMS} == {
        "by_one_norm_pytorch": "diamond",
        "by_max_norm_pytorch": "square",
    }

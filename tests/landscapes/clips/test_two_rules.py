"""Clips of two rules: against torch.nn.utils, and against the formulas of optax and of DP-SGD, written out here."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.analysis.clipping_bias import bias
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.transform import Transform, in_sequence
from tests.landscapes.clips.test_minibatches import five
from tests.landscapes.clips.test_norm_and_value import clip_once, samples
from tests.reference import tensor

PAIRS = [(0.05, 0.5), (0.2, 0.2), (0.5, 0.05), (1e-3, 1e3), (1e3, 1e-3)]
SPECIAL = tensor([[math.inf, 1.0, 2.0], [-math.inf, math.nan, 2.0], [1e200, -1e200, 0.0], [0.0, 0.0, 0.0]])
HERE = tensor([0.4, -0.2])


@pytest.mark.parametrize(("value", "norm"), PAIRS)
def test_value_then_norm_is_what_torch_does(value: float, norm: float) -> None:
    gradients = torch.cat([samples(), SPECIAL])
    found = clip_once("by_value_then_norm", gradients, value_threshold=value, threshold=norm)
    for gradient, row in zip(gradients, found, strict=True):
        parameter = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
        parameter.grad = gradient.clone()
        torch.nn.utils.clip_grad_value_([parameter], value)
        torch.nn.utils.clip_grad_norm_([parameter], norm)
        torch.testing.assert_close(row, parameter.grad, rtol=1e-15, atol=0, equal_nan=True)


@pytest.mark.parametrize(("value", "norm"), PAIRS[:3])
def test_value_then_norm_is_optax_except_for_a_millionth(value: float, norm: float) -> None:
    """optax.chain(optax.clip(c), optax.clip_by_global_norm(v)): where(‖g‖ < v, g, g/‖g‖ v) of the clamped gradient."""
    clamped = samples().clamp(-value, value)
    length = (clamped**2).sum(-1, keepdim=True).sqrt()
    expected = torch.where(length < norm, clamped, clamped / length * norm)
    found = clip_once("by_value_then_norm", samples(), value_threshold=value, threshold=norm)
    torch.testing.assert_close(found, expected, rtol=1e-6 / norm, atol=0)


def test_the_order_of_the_two_rules_matters() -> None:
    """(3, 4) is clamped to (1, 1) and scaled to (0.71, 0.71); by norm first it keeps its direction."""
    gradient = tensor([3.0, 4.0])
    found = clip_once("by_value_then_norm", gradient, value_threshold=1.0, threshold=1.0)
    torch.testing.assert_close(found, tensor([math.sqrt(0.5)] * 2), rtol=1e-6, atol=0)
    other = in_sequence(CLIPS["by_norm"].function(1.0), CLIPS["by_value"].function(1.0))
    torch.testing.assert_close(other.update(gradient, (), gradient)[0], tensor([0.6, 0.8]), rtol=1e-15, atol=0)


def clip_by_optax(gradient: Tensor, threshold: float) -> Tensor:
    """optax.per_example_global_norm_clip: the divisor is max(‖g‖/v, 1)."""
    return gradient / max(float(gradient.norm()) / threshold, 1.0)


def mean_of_clipped(loss: MeanLoss, threshold: float) -> Tensor:
    """The mean over the examples of the minibatches at HERE, each clipped by optax's formula."""
    each = loss.example_gradients(HERE)
    groups = each.split(loss.size)
    parts = [len(group) / len(each) * clip_by_optax(group.mean(0), threshold) for group in groups]
    return torch.stack(parts).sum(0)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize(("each", "mean"), [(3.0, 0.5), (3.0, 2.0), (3.0, 100.0), (0.1, 3.0)])
def test_each_minibatch_is_clipped_and_then_the_mean(size: int, each: float, mean: float) -> None:
    clip = CLIPS["by_norm_then_mean"].function(each, mean)
    found, _ = over_minibatches(five(size), clip).update(five(5).example_gradients(HERE).mean(0), (), HERE)
    expected = clip_by_optax(mean_of_clipped(five(size), each), mean)
    torch.testing.assert_close(found, expected, rtol=1e-13, atol=0)
    assert found.norm() <= min(each, mean) * (1 + 1e-15)


def test_the_second_rule_is_not_that_of_a_smaller_first_threshold() -> None:
    """The mean is scaled as a whole, so its direction does not change; a smaller first threshold would change it."""
    two = over_minibatches(five(1), CLIPS["by_norm_then_mean"].function(30.0, 0.5)).update(HERE, (), HERE)[0]
    first = over_minibatches(five(1), CLIPS["by_norm"].function(30.0)).update(HERE, (), HERE)[0]
    torch.testing.assert_close(two / two.norm(), first / first.norm(), rtol=1e-13, atol=0)
    smaller = over_minibatches(five(1), CLIPS["by_norm"].function(0.5)).update(HERE, (), HERE)[0]
    assert (two / two.norm() - smaller / smaller.norm()).norm() > 0.1


def test_one_gradient_is_clipped_to_the_smaller_threshold() -> None:
    for pair in ((0.5, 2.0), (2.0, 0.5)):
        found = clip_once("by_norm_then_mean", samples(), minibatch_threshold=pair[0], threshold=pair[1])
        expected = clip_once("by_norm", samples(), threshold=0.5)
        torch.testing.assert_close(found, expected, rtol=1e-15, atol=0)


def test_the_weight_of_an_example_is_the_product_of_both_factors() -> None:
    """The examples' gradients, weighted with these factors, have the clipped mean as their mean."""
    found = bias(five(1), CLIPS["by_norm_then_mean"].function(3.0, 0.5), HERE)
    for average, factors in zip(found.averages, found.clip_factor, strict=True):
        if len(factors.unique()) == 1:
            torch.testing.assert_close(average, factors[0] * found.gradient, rtol=1e-13, atol=0)
        else:
            torch.testing.assert_close(average, (factors[:, None] * found.examples).mean(0), rtol=1e-13, atol=0)


def test_a_sequence_keeps_the_states_of_both_transforms() -> None:
    first: Transform = CLIPS["zclip"].function()
    second: Transform = CLIPS["random_step"].function(0.5)
    both = in_sequence(first, second)
    state, one, other = both.init(HERE), first.init(HERE), second.init(HERE)
    assert len(state) == len(one) + len(other)
    for size in (1.0, 3.0, 0.2):
        gradient = tensor([size, -size])
        found, state = both.update(gradient, state, HERE)
        between, one = first.update(gradient, one, HERE)
        expected, other = second.update(between, other, HERE)
        assert torch.equal(found, expected)
        assert all(torch.equal(a, b) for a, b in zip(state, (*one, *other), strict=True))

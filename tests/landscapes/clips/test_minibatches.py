"""Minibatches: means over examples, gradients of minibatches of any size, and a clip applied to each of them."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import descent_step, initial_carry, trajectory
from cliffscape.landscapes.loss import MINIBATCH, Landscape
from cliffscape.landscapes.transform import Transform
from tests.reference import tensor

PLACES = tensor([[0.0, 1.0], [2.0, -1.0], [-3.0, 0.5], [1.0, 4.0], [0.3, -2.0]])
RATE = OPTIMIZERS["gradient_descent"].function(0.1)


def quartic(theta: Tensor) -> Tensor:
    """A fourth power of the distance to each of five places, ``(..., 5, 2) -> (..., 5)``."""
    return ((theta - PLACES) ** 2).sum(-1) ** 2


def five(size: int) -> MeanLoss:
    """The mean over the five places, in minibatches of ``size``."""
    return MeanLoss(quartic, 5, size)


def by_norm(threshold: float | Tensor = 1.0) -> Transform:
    clip: Transform = CLIPS["by_norm"].function(threshold)
    return clip


@pytest.mark.parametrize("shape", [(2,), (3, 2), (2, 3, 2)])
def test_the_loss_is_the_mean_over_examples(shape: tuple[int, ...]) -> None:
    theta = torch.linspace(-1, 1, torch.Size(shape).numel(), dtype=torch.float64).reshape(shape)
    each = torch.stack([((theta - place) ** 2).sum(-1) ** 2 for place in PLACES])
    torch.testing.assert_close(five(1)(theta), each.mean(0), rtol=1e-14, atol=0)


def test_gradients_of_examples_are_those_of_each_alone() -> None:
    theta = tensor([[0.4, -0.2], [1.0, 2.0]])
    found = five(1).example_gradients(theta)
    assert found.shape == (2, 5, 2)
    for k, place in enumerate(PLACES):
        alone = value_and_gradient(lambda point, place=place: ((point - place) ** 2).sum(-1) ** 2, theta)[1]
        torch.testing.assert_close(found[:, k], alone, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("size", "groups"),
    [(1, [[0], [1], [2], [3], [4]]), (2, [[0, 1], [2, 3], [4]]), (3, [[0, 1, 2], [3, 4]]), (5, [[0, 1, 2, 3, 4]])],
)
def test_minibatches_take_the_examples_in_order_and_the_last_takes_the_rest(size: int, groups: list[list[int]]) -> None:
    theta = tensor([[0.4, -0.2], [1.0, 2.0], [0.0, 0.0]])
    gradients, shares = five(size).minibatch_gradients(theta)
    each = five(1).example_gradients(theta)
    expected = torch.stack([each[:, group].mean(1) for group in groups])
    torch.testing.assert_close(gradients, expected, rtol=1e-14, atol=0)
    assert shares.tolist() == [len(group) / 5 for group in groups]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_without_a_clip_every_size_gives_the_true_gradient(size: int) -> None:
    theta = tensor([0.4, -0.2])
    gradient = value_and_gradient(five(5), theta)[1]
    averaged, _ = over_minibatches(five(size), CLIPS["none"].function()).update(gradient, (), theta)
    torch.testing.assert_close(averaged, gradient, rtol=1e-14, atol=0)


def test_a_single_minibatch_and_other_losses_keep_the_clip_itself() -> None:
    clip = by_norm()
    assert over_minibatches(five(5), clip) is clip
    assert over_minibatches(lambda theta: theta.sum(-1), clip) is clip


def test_every_minibatch_is_clipped_by_itself() -> None:
    theta = tensor([0.4, -0.2])
    gradients, shares = five(2).minibatch_gradients(theta)
    by_hand = sum(share * g * min(1, 3 / g.norm()) for g, share in zip(gradients, shares, strict=True))
    averaged, _ = over_minibatches(five(2), by_norm(3.0)).update(torch.zeros(2), (), theta)
    torch.testing.assert_close(averaged, by_hand, rtol=1e-14, atol=0)


@pytest.mark.parametrize("size", [1, 2])
def test_thresholds_may_be_one_per_lane(size: int) -> None:
    thresholds = [0.1, 2.0, 50.0]
    start = tensor([0.4, -0.2])
    lanes = tensor([[v] for v in thresholds])
    together = trajectory(five(size), start.expand(3, 2), RATE, by_norm(lanes), 20)
    for lane, v in enumerate(thresholds):
        alone = trajectory(five(size), start, RATE, by_norm(v), 20)
        torch.testing.assert_close(together.position[:, lane], alone.position, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", [entry.kind for entry in CLIPS])
@pytest.mark.parametrize("shape", [(2,), (3, 2)])
def test_every_clip_sees_one_minibatch_after_the_other(kind: str, shape: tuple[int, ...]) -> None:
    """As in training: the state of a clip passes from minibatch to minibatch, and from step to step.

    The second stage of a clip with two stages sees their mean.
    """
    clip, theta = CLIPS[kind].function(), torch.linspace(-0.4, 0.7, 6, dtype=torch.float64)[-2:].expand(shape)
    guard = over_minibatches(five(2), clip)
    state, by_hand = guard.init(theta), clip.init(theta)
    each, of_mean = clip.stages or (clip, CLIPS["none"].function())
    gradients, shares = five(2).minibatch_gradients(theta)
    for _ in range(3):
        averaged, state = guard.update(torch.zeros(shape, dtype=torch.float64), state, theta)
        expected = torch.zeros(shape, dtype=torch.float64)
        for gradient, share in zip(gradients, shares, strict=True):
            clipped, by_hand = each.update(gradient, by_hand, theta)
            expected = expected + share * clipped
        expected, _ = of_mean.update(expected, (), theta)
        torch.testing.assert_close(averaged, expected, rtol=1e-14, atol=1e-14)
        assert all(torch.equal(ours, theirs) for ours, theirs in zip(state, by_hand, strict=True))
    assert guard.limit is clip.limit


def test_random_steps_of_minibatches_do_not_point_the_same_way() -> None:
    """Five random unit vectors average to a shorter one; one and the same vector would not."""
    theta = tensor([0.4, -0.2])
    guard = over_minibatches(five(1), CLIPS["random_step"].function(1.0))
    averaged, _ = guard.update(torch.zeros(2), guard.init(theta), theta)
    assert averaged.norm() < 0.95


def test_a_descent_clips_minibatches_and_records_the_true_gradient() -> None:
    loss, start = five(1), tensor([0.4, -0.2])
    run = trajectory(loss, start, RATE, by_norm(), 5)
    guard = over_minibatches(loss, by_norm())
    carry = initial_carry(start, guard, RATE)
    for step in range(5):
        value, gradient = value_and_gradient(loss, carry.theta)
        assert run.loss[step] == value
        torch.testing.assert_close(run.gradient_norm[step], gradient.norm(), rtol=1e-14, atol=0)
        carry, record = descent_step(loss, guard, RATE, carry)
        torch.testing.assert_close(run.position[step + 1], carry.theta, rtol=0, atol=0)
        torch.testing.assert_close(run.step_length[step], record.step_length, rtol=0, atol=0)


@pytest.mark.parametrize("entry", [entry for entry in LANDSCAPES if entry.examples], ids=lambda entry: entry.kind)
def test_the_mean_of_clipped_minibatches_is_over_the_examples(entry: Landscape) -> None:
    """As the parameter says: of 3 and 1 of four examples the first minibatch counts three times as much."""
    (parameter,) = (one for one in entry.parameters if one.name == MINIBATCH)
    assert "their mean weighted by size, so a smaller last minibatch counts for less" in parameter.sentence
    size, theta, clip = entry.examples - 1, tensor([1.0, 0.5]), by_norm(0.01)
    loss = entry.loss(minibatch_size=size)
    assert isinstance(loss, MeanLoss)
    each = loss.example_gradients(theta)
    clipped = [clip.update(part.mean(0), (), theta)[0] for part in (each[:size], each[size:])]
    expected = (size * clipped[0] + clipped[1]) / entry.examples
    found, _ = over_minibatches(loss, clip).update(each.mean(0), (), theta)
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-15)

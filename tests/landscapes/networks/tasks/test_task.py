"""Losses and error rates: values worked out by hand, and what is not a number is wrong."""

import math

import pytest
import torch

from cliffscape.landscapes.networks.tasks.task import (
    CLASSES,
    NUMBERS,
    Objective,
    Task,
    cross_entropy,
    squared_error,
    wrong_class,
    wrong_number,
)


def test_cross_entropy_is_the_negative_log_probability() -> None:
    outputs = torch.tensor([[math.log(3), 0.0], [0.0, 0.0]], dtype=torch.float64)
    costs = cross_entropy(outputs, torch.tensor([0, 1])).tolist()
    assert costs == pytest.approx([math.log(4 / 3), math.log(2)], rel=1e-15)


def test_cross_entropy_of_huge_outputs_is_finite() -> None:
    assert cross_entropy(torch.tensor([[1e4, -1e4]]), torch.tensor([1])).tolist() == [2e4]


def test_wrong_classes_are_counted_and_nan_is_wrong() -> None:
    outputs = torch.tensor([[2.0, 1.0], [2.0, 1.0], [math.nan, math.nan]])
    assert wrong_class(outputs, torch.tensor([0, 1, 0])).tolist() == [False, True, True]


def test_numbers_may_be_off_by_less_than_four_hundredths() -> None:
    outputs = torch.tensor([[1.03], [0.95], [math.nan], [math.inf]])
    targets = torch.ones(4)
    assert wrong_number(outputs, targets).tolist() == [False, True, True, True]
    assert squared_error(outputs[:2], targets[:2]).tolist() == pytest.approx([9e-4, 25e-4], rel=1e-4)


@pytest.mark.parametrize("objective", [CLASSES, NUMBERS])
def test_losses_are_means_per_lane(objective: object) -> None:
    outputs = torch.randn(3, 2, 5, 1, dtype=torch.float64)
    targets = torch.zeros(3, 2, 5, dtype=torch.int64)
    task = Task(1, 1, 2, lambda *_: None, objective, torch.zeros(2, 1), 0.0, 2, 1)  # type: ignore[arg-type]
    assert task.loss(outputs, targets).shape == task.error_rate(outputs, targets).shape == (3,)


def test_only_scored_steps_count_in_the_error_rate() -> None:
    outputs = torch.tensor([[[0.0, 1.0]], [[1.0, 0.0]]])
    task = Task(1, 2, 2, lambda *_: None, CLASSES, torch.zeros(2, 2), 0.0, 2, 1)  # type: ignore[arg-type]
    assert task.error_rate(outputs, torch.zeros(2, 1, dtype=torch.int64)) == 0


@pytest.mark.parametrize(("objective", "outputs"), [(CLASSES, 4), (NUMBERS, 1)], ids=["classes", "numbers"])
def test_the_slope_of_a_loss_is_that_of_autograd(objective: Objective, outputs: int) -> None:
    generator = torch.Generator().manual_seed(0)
    given = torch.randn(2, 3, 5, outputs, dtype=torch.float64, generator=generator).requires_grad_()
    classes = torch.randint(outputs, (2, 3, 5), generator=generator)
    task = Task(2, outputs, 3, None, objective, torch.zeros(3, outputs), 0.0, 3)
    targets = classes if outputs > 1 else classes + 0.25
    loss, slope = task.loss_and_slope(given.detach(), targets)
    expected = task.loss(given, targets)
    torch.testing.assert_close(loss, expected.detach(), rtol=1e-15, atol=0)
    (gradient,) = torch.autograd.grad(expected.sum(), given)
    torch.testing.assert_close(slope, gradient, rtol=1e-14, atol=1e-17)

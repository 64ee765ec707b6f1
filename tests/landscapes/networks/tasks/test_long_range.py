"""Every task: its baseline is what its trivial predictor costs; and each task's own rules."""

import math

import pytest
import torch

from cliffscape.landscapes.networks.catalogue import TASKS
from cliffscape.landscapes.networks.tasks.task import Task

LENGTHS = (3, 20, 57)
# Every task at its own shortest, and at three more lengths.
CASES = [(entry.kind, int(entry.parameters[0].range.low)) for entry in TASKS]
CASES += [(entry.kind, length) for entry in TASKS for length in LENGTHS if length > entry.parameters[0].range.low]


def sample_batch(task: Task, lanes: int = 40, size: int = 500) -> tuple[torch.Tensor, torch.Tensor]:
    return task.sample(torch.arange(lanes), size, torch.float64)


@pytest.mark.parametrize(("kind", "length"), CASES)
def test_the_baseline_is_the_trivial_predictors_loss(kind: str, length: int) -> None:
    """Monte Carlo: the mean over 20,000 sequences, within five standard errors."""
    task = TASKS[kind].function(length)
    _, targets = sample_batch(task)
    losses = task.loss(task.trivial.unsqueeze(-2).expand(*targets.shape, -1), targets)
    spread = float(losses.std()) / math.sqrt(len(losses))
    assert abs(float(losses.mean()) - task.baseline) < 5 * spread + 1e-12 * task.baseline


@pytest.mark.parametrize("kind", [entry.kind for entry in TASKS])
def test_the_trivial_output_is_the_best_constant(kind: str) -> None:
    """The slope of the trivial predictor's loss is zero, up to the sample."""
    task = TASKS[kind].function(20)
    _, targets = sample_batch(task)
    trivial = task.trivial.clone().requires_grad_()
    loss = task.loss(trivial.unsqueeze(-2).expand(*targets.shape, -1), targets).mean()
    (slope,) = torch.autograd.grad(loss, trivial)
    assert slope.abs().max() < 0.02


@pytest.mark.parametrize("kind", [entry.kind for entry in TASKS])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shapes_types_and_seeds(kind: str, dtype: torch.dtype) -> None:
    task = TASKS[kind].function(12)
    batch = task.sample(torch.arange(6).reshape(2, 3), 5, dtype)
    assert batch.inputs.shape == (2, 3, task.length, 5, task.inputs) and batch.inputs.dtype == dtype
    assert batch.targets.shape == (2, 3, task.steps, 5) and task.trivial.shape == (task.steps, task.outputs)
    if batch.targets.is_floating_point():
        assert batch.targets.dtype == dtype
    else:
        assert batch.targets.min() >= 0 and batch.targets.max() < task.outputs
    alone = task.sample(torch.tensor(4), 5, dtype)
    assert torch.equal(alone.inputs, batch.inputs[1, 1]) and torch.equal(alone.targets, batch.targets[1, 1])
    assert not torch.equal(batch.inputs[0, 0], batch.inputs[0, 1])


@pytest.mark.parametrize("length", [2, *LENGTHS])
@pytest.mark.parametrize(
    ("kind", "answer"),
    [("adding", torch.add), ("multiplication", torch.mul), ("exclusive_or", lambda a, b: (a != b).long())],
)
def test_marked_values_give_the_answer(kind: str, answer: object, length: int) -> None:
    inputs, targets = sample_batch(TASKS[kind].function(length), 4, 200)
    values, marks = inputs.unbind(-1)
    half = length // 2
    assert (marks[:, :half].sum(1) == 1).all() and (marks[:, half:].sum(1) == 1).all()
    first, second = (values * marks)[:, :half].sum(1), (values * marks)[:, half:].sum(1)
    assert torch.equal(answer(first, second), targets[:, 0])  # type: ignore[operator]
    assert marks.sum((0, 2)).min() > 0


@pytest.mark.parametrize(
    ("length", "first", "second"),
    [(3, {0}, {1}), (20, {2, 3}, {10, 11}), (30, {3, 4, 5}, {15, 16, 17})],
)
def test_temporal_order_is_as_in_the_papers_code(length: int, first: set[int], second: set[int]) -> None:
    task = TASKS["temporal_order"].function(length)
    inputs, targets = sample_batch(task, 4, 500)
    assert (inputs.sum(-1) == 1).all() and task.baseline == math.log(4)
    symbols = inputs.argmax(-1).transpose(1, 2).flatten(0, 1)
    letters = symbols < 2
    assert (letters.sum(-1) == 2).all()
    places = letters.nonzero()[:, 1].reshape(-1, 2)
    assert set(places[:, 0].tolist()) == first and set(places[:, 1].tolist()) == second
    read = symbols.gather(-1, places)
    assert torch.equal(2 * read[:, 0] + read[:, 1], targets.flatten())
    assert torch.bincount(symbols[~letters], minlength=6)[2:].min() > 0.2 * (~letters).sum()


@pytest.mark.parametrize("length", [3, 20, 100])
def test_three_letters_are_read_in_order(length: int) -> None:
    inputs, targets = sample_batch(TASKS["three_bit_temporal_order"].function(length), 2, 300)
    symbols = inputs.argmax(-1).transpose(1, 2).flatten(0, 1)
    letters = symbols[symbols < 2].reshape(-1, 3)
    assert torch.equal((letters * torch.tensor([4, 2, 1])).sum(-1), targets.flatten())
    assert len(targets.unique()) == 8

"""Tasks with one target at the end, which depends on two or three much earlier steps."""

import math
from collections.abc import Callable
from typing import Annotated

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.networks.counter_rng import below, uniform
from cliffscape.landscapes.networks.tasks.task import CLASSES, NUMBERS, Batch, Objective, Sample, Task, task

# The shortest sequences have one step for each value to remember.
TwoAtLeast = Annotated[int, Range(2, 200, structural=True, symbol="T")]
ThreeAtLeast = Annotated[int, Range(3, 200, structural=True, symbol="T")]


def marked_sample(length: int, binary: bool, combine: Callable[[Tensor, Tensor], Tensor]) -> Sample:
    """Two inputs per step, a random value and a mark. One step in each half is marked and decides the target."""
    half = length // 2

    def sample(keys: Tensor, size: int, dtype: torch.dtype) -> Batch:
        drawn = torch.unflatten(uniform(keys, (length + 2) * size), -1, (length + 2, size))
        values = drawn[..., :length, :]
        values = (below(values, 2) if binary else values).to(dtype)
        first = below(drawn[..., length, :], half)
        second = half + below(drawn[..., length + 1, :], length - half)
        places = torch.stack([first, second], -2)
        marks = torch.zeros_like(values).scatter(-2, places, 1.0)
        wanted = values.gather(-2, places)
        target = combine(wanted[..., :1, :], wanted[..., 1:, :])
        return Batch(torch.stack([values, marks], -1), target)

    return sample


def number_task(length: int, sample: Sample, trivial: float, baseline: float) -> Task:
    """A task whose target is one number at the end of a marked sequence."""
    return Task(2, 1, length, sample, NUMBERS, torch.tensor([[trivial]], dtype=torch.float64), baseline)


@task("Adding problem")
def adding(sequence_length: TwoAtLeast = 50) -> Task:
    """Add the two marked numbers of a sequence; one is marked in each half.

    Args:
        sequence_length: The number of steps of a sequence.

    Formula: y = u₁ + u₂, u ~ U(0, 1); the loss of always answering 1 is 1/6
    Reference: Hochreiter & Schmidhuber 1997, experiment 4; marks as in Arjovsky, Shah & Bengio 2016
    """
    return number_task(sequence_length, marked_sample(sequence_length, False, torch.add), 1.0, 1 / 6)


@task("Multiplication")
def multiplication(sequence_length: TwoAtLeast = 50) -> Task:
    """Multiply the two marked numbers of a sequence; one is marked in each half.

    Args:
        sequence_length: The number of steps of a sequence.

    Formula: y = u₁ u₂, u ~ U(0, 1); the loss of always answering 1/4 is 7/144
    Reference: Hochreiter & Schmidhuber 1997, experiment 5; Martens & Sutskever 2011
    """
    return number_task(sequence_length, marked_sample(sequence_length, False, torch.mul), 0.25, 7 / 144)


@task("XOR")
def exclusive_or(sequence_length: TwoAtLeast = 50) -> Task:
    """Say whether the two marked bits of a sequence differ; one is marked in each half.

    Args:
        sequence_length: The number of steps of a sequence.

    Formula: y = u₁ xor u₂; the loss of guessing is ln 2
    Reference: Martens & Sutskever 2011
    """
    sample = marked_sample(sequence_length, True, lambda first, second: (first != second).long())
    return class_task(2, 2, sequence_length, sample)


def class_task(inputs: int, classes: int, length: int, sample: Sample, objective: Objective = CLASSES) -> Task:
    """A task whose target is one of several equally likely classes, at the end."""
    trivial = torch.zeros(1, classes, dtype=torch.float64)
    return Task(inputs, classes, length, sample, objective, trivial, math.log(classes))


def ordered_sample(length: int, starts: tuple[int, ...]) -> Sample:
    """Six symbols, one-hot: A or B once in each interval, and four distractors elsewhere.

    ``starts`` are the first steps of the intervals. An interval is a tenth of the sequence long, at least one step. The
    class is the sequence of letters read as a binary number: AA, AB, BA, BB.
    """
    width, count = max(1, length // 10), len(starts)

    def sample(keys: Tensor, size: int, dtype: torch.dtype) -> Batch:
        drawn = torch.unflatten(uniform(keys, (length + 2 * count) * size), -1, (length + 2 * count, size))
        symbols = 2 + below(drawn[..., :length, :], 4)
        begin = torch.tensor(starts, device=keys.device).unsqueeze(-1)
        places = begin + below(drawn[..., length : length + count, :], width)
        letters = below(drawn[..., length + count :, :], 2)
        powers = 2 ** torch.arange(count - 1, -1, -1, device=keys.device).unsqueeze(-1)
        target = (letters * powers).sum(-2, keepdim=True)
        return Batch(one_hot(symbols.scatter(-2, places, letters), 6).to(dtype), target)

    return sample


@task("Temporal order")
def temporal_order(sequence_length: TwoAtLeast = 20) -> Task:
    """Two letters, A or B, among distractors: name them in order.

    The first is in the second tenth of the sequence, the other in the sixth.

    Args:
        sequence_length: The number of steps of a sequence.

    Formula: classes AA, AB, BA, BB; the loss of guessing is ln 4
    Reference: Hochreiter & Schmidhuber 1997, experiment 6a; as in Pascanu, Mikolov & Bengio 2013
    """
    starts = (sequence_length // 10, sequence_length // 2)
    return class_task(6, 4, sequence_length, ordered_sample(sequence_length, starts))


@task("3-bit temporal order")
def three_bit_temporal_order(sequence_length: ThreeAtLeast = 20) -> Task:
    """Three letters, A or B, among distractors: name them in order.

    They come after a tenth, a third and two thirds of the sequence.

    Args:
        sequence_length: The number of steps of a sequence.

    Formula: eight classes, AAA to BBB; the loss of guessing is ln 8
    Reference: Hochreiter & Schmidhuber 1997, experiment 6b; Martens & Sutskever 2011
    """
    starts = (sequence_length // 10, sequence_length // 3, 2 * sequence_length // 3)
    return class_task(6, 8, sequence_length, ordered_sample(sequence_length, starts))

"""Memory tasks: symbols are shown, and after a delay they must be repeated in order."""

import math
from typing import Annotated

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.networks.counter_rng import below, uniform
from cliffscape.landscapes.networks.tasks.task import CLASSES, Batch, Task, task

Delay = Annotated[int, Range(1, 200, structural=True, symbol="T")]


def recall_task(symbols: int, count: int, delay: int) -> Task:
    """``count`` symbols out of ``symbols``, then ``delay`` steps, the last with the cue, then ``count`` answer steps.

    Inputs are the symbols, a blank and the cue. Outputs are the symbols and the blank, which is the target until the
    answer begins.
    """
    length = delay + 2 * count
    blank, cue = symbols, symbols + 1

    def sample(keys: Tensor, size: int, dtype: torch.dtype) -> Batch:
        shown = torch.unflatten(below(uniform(keys, count * size), symbols), -1, (count, size))
        waiting = torch.full_like(shown[..., :1, :], blank)
        before = [waiting.expand(*keys.shape, delay - 1, size), torch.full_like(waiting, cue)]
        after = waiting.expand(*keys.shape, count, size)
        quiet = waiting.expand(*keys.shape, length - count, size)
        inputs = one_hot(torch.cat([shown, *before, after], -2), symbols + 2).to(dtype)
        return Batch(inputs, torch.cat([quiet, shown], -2))

    # The best outputs without memory: certainly the blank until the answer begins, then every symbol with the same
    # probability. A logit of -1000 is a probability of 0 in float64, and keeps every logarithm finite.
    trivial = torch.zeros(length, symbols + 1, dtype=torch.float64)
    trivial[:-count, :blank] = trivial[-count:, blank] = -1e3
    baseline = count * math.log(symbols) / length
    return Task(symbols + 2, symbols + 1, length, sample, CLASSES, trivial, baseline, length, count)


@task("Copy memory")
def copy_memory(delay: Delay = 30) -> Task:
    """Repeat ten symbols after a delay.

    Args:
        delay: The number of steps between the last symbol of the input and the first one of the answer.

    Formula: ten symbols, eight kinds; without memory the loss is 10 ln 8/(T + 20)
    Reference: Hochreiter & Schmidhuber 1997; Arjovsky, Shah & Bengio 2016, section 4.1
    """
    return recall_task(8, 10, delay)


@task("Noiseless memorisation")
def noiseless_memorisation(
    delay: Delay = 50,
    symbols: Annotated[int, Range(2, 8, structural=True)] = 2,
    count: Annotated[int, Range(1, 20, structural=True, symbol="k")] = 5,
) -> Task:
    """Repeat a few symbols after a delay without input.

    Args:
        delay: The number of steps between the last symbol of the input and the first one of the answer.
        symbols: The number of different symbols: 2 for the 5-bit version, 5 for the 20-bit version.
        count: The number of symbols to remember: 5 for the 5-bit version, 10 for the 20-bit version.

    Formula: k symbols, s kinds; without memory the loss is k ln s/(T + 2k)
    Reference: Martens & Sutskever 2011; Jaeger 2012
    """
    return recall_task(symbols, count, delay)

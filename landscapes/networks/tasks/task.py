"""A task: sequences drawn from a seed, targets at the end or at every step, and the loss of guessing."""

from collections.abc import Callable
from typing import Annotated, NamedTuple, Protocol

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Entry, Family, Range

SequenceLength = Annotated[int, Range(1, 200, structural=True, symbol="T")]


class Batch(NamedTuple):
    """Sequences and their targets: ``inputs`` ``(..., T, B, I)``, ``targets`` ``(..., S, B)`` for the last S steps.

    Targets are classes (int64) or numbers (of the inputs' type).
    """

    inputs: Tensor
    targets: Tensor


class Sample(Protocol):
    """Makes one batch of ``size`` sequences for each of the ``keys`` ``(...)``, on their device."""

    def __call__(self, keys: Tensor, size: int, dtype: torch.dtype) -> Batch: ...


class Objective(NamedTuple):
    """The loss of outputs ``(..., S, B, O)`` against targets ``(..., S, B)``, and which are wrong ``(..., S, B)``.

    ``loss_and_slope`` gives the loss and its derivative by the outputs, without a graph.
    """

    loss: Callable[[Tensor, Tensor], Tensor]
    loss_and_slope: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
    wrong: Callable[[Tensor, Tensor], Tensor]


class Task(NamedTuple):
    """A task to be learned.

    ``steps`` is S, the number of steps at the end with a target (1, or all T). ``scored`` is how many of the last steps
    count in the error rate. ``trivial`` ``(S, O)`` are the best outputs that ignore the inputs, and ``baseline`` is
    their expected loss.
    """

    inputs: int
    outputs: int
    length: int
    sample: Sample
    objective: Objective
    trivial: Tensor
    baseline: float
    steps: int = 1
    scored: int = 1

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Mean loss ``(...)`` over steps and sequences; lanes do not couple."""
        return self.objective.loss(outputs, targets).mean((-2, -1))

    def loss_and_slope(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The same, and its derivative by the outputs ``(..., S, B, O)``, without a graph."""
        loss, slope = self.objective.loss_and_slope(outputs, targets)
        return loss.mean((-2, -1)), slope.div_(loss.shape[-2] * loss.shape[-1])

    def error_rate(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Share of wrong outputs ``(...)``; NaN counts as wrong."""
        wrong = self.objective.wrong(outputs, targets)
        return wrong[..., -self.scored :, :].to(outputs.dtype).mean((-2, -1))


def cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy in nats: -ln of the probability of the right class."""
    return -torch.log_softmax(outputs, -1).gather(-1, targets.unsqueeze(-1)).squeeze(-1)


def cross_entropy_and_slope(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The derivative is the probability of each class, minus 1 for the right one."""
    logarithms, places = torch.log_softmax(outputs, -1), targets.unsqueeze(-1)
    slope = logarithms.exp()
    slope.scatter_add_(-1, places, slope.new_full((), -1.0).expand(places.shape))
    return -logarithms.gather(-1, places).squeeze(-1), slope


def wrong_class(outputs: Tensor, targets: Tensor) -> Tensor:
    """Whether another class has the largest output, or an output is NaN."""
    return (outputs.argmax(-1) != targets) | outputs.isnan().any(-1)


def squared_error(outputs: Tensor, targets: Tensor) -> Tensor:
    """Square of the difference."""
    return (outputs.squeeze(-1) - targets) ** 2


def squared_error_and_slope(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    difference = outputs.squeeze(-1) - targets
    return difference**2, 2 * difference.unsqueeze(-1)


def wrong_number(outputs: Tensor, targets: Tensor) -> Tensor:
    """Whether the error is 0.04 or more: the criterion of Hochreiter & Schmidhuber 1997."""
    # Negated, so that NaN is wrong.
    return ~((outputs.squeeze(-1) - targets).abs() < 0.04)


CLASSES = Objective(cross_entropy, cross_entropy_and_slope, wrong_class)
NUMBERS = Objective(squared_error, squared_error_and_slope, wrong_number)

TASKS: Family[Entry] = Family("task")


task = TASKS.register

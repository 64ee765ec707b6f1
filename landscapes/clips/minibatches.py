"""Minibatches: losses that are means over examples, and clips that are applied to one minibatch at a time.

Averaging clipped minibatch gradients is not clipping the averaged gradient: the difference is a bias. Here there is no
sampling noise, since every step uses all minibatches of an epoch. Their mean is over the examples: a smaller last
minibatch counts for less.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from cliffscape.landscapes.transform import State, Transform, in_sequence

# From a gradient ``(..., D)`` to the displacement of the point at which an optimizer needs the gradient.
Displacement = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class MeanLoss:
    """A loss ``(..., D) -> (...)`` that is the mean over examples.

    ``examples`` takes one point per example, ``(..., N, D) -> (..., N)``, so that all gradients come in one pass.
    ``size`` examples share a minibatch, in order; the rest form a smaller last minibatch. ``mean`` is the same loss in
    closed form, for losses with many examples.
    """

    examples: Callable[[Tensor], Tensor]
    count: int
    size: int
    mean: Callable[[Tensor], Tensor] | None = None

    def __call__(self, theta: Tensor) -> Tensor:
        if self.mean is not None:
            return self.mean(theta)
        return self.examples(self._spread(theta)).sum(-1) / self.count

    def _spread(self, theta: Tensor) -> Tensor:
        return theta.unsqueeze(-2).expand(*theta.shape[:-1], self.count, theta.shape[-1])

    def example_gradients(self, theta: Tensor) -> Tensor:
        """Gradient of every example's loss, ``(..., N, D)``."""
        return self._gradients_at(self._spread(theta))

    def _gradients_at(self, points: Tensor) -> Tensor:
        gradients: Tensor = torch.func.grad(lambda points: self.examples(points).sum())(points)
        return gradients

    def minibatch_gradients(self, theta: Tensor, displacement: Displacement | None = None) -> tuple[Tensor, Tensor]:
        """Gradient of every minibatch's mean loss, ``(M, ..., D)``, and the share of the examples in it, ``(M,)``.

        Minibatches come first: hyper-parameters of lanes broadcast against the axes that follow. With ``displacement``
        the gradient of each minibatch is that at a point displaced from theta, by its own gradient at theta.
        """
        means, shares = self._average(self.example_gradients(theta).movedim(-2, 0), theta)
        if displacement is None:
            return means, shares
        points = (theta + displacement(means)).unbind(0)
        each = torch.stack([points[example // self.size] for example in range(self.count)], -2)
        return self._average(self._gradients_at(each).movedim(-2, 0), theta)

    def _average(self, gradients: Tensor, theta: Tensor) -> tuple[Tensor, Tensor]:
        """Means ``(M, ..., D)`` over minibatches of the examples' gradients ``(N, ..., D)``, and the shares."""
        whole = self.count - self.count % self.size
        groups = gradients[:whole].reshape(whole // self.size, self.size, *theta.shape)
        means, sizes = groups.sum(1) / self.size, [self.size] * len(groups)
        if whole < self.count:
            rest = gradients[whole:].sum(0, keepdim=True) / (self.count - whole)
            means, sizes = torch.cat([means, rest]), [*sizes, self.count - whole]
        return means, torch.tensor(sizes, dtype=theta.dtype, device=theta.device) / self.count


def mean_over_examples(gradients: Tensor, shares: Tensor, theta: Tensor) -> Tensor:
    """The mean ``(..., D)`` of minibatches ``(M, ..., D)`` with ``shares`` ``(M,)`` of the examples, at ``theta``."""
    return (gradients * shares.reshape(-1, *[1] * theta.dim())).sum(0)


def over_minibatches(
    loss: Callable[[Tensor], Tensor], clip: Transform, displacement: Displacement | None = None
) -> Transform:
    """The clip applied to every minibatch of ``loss``, and the results averaged; for any other loss, the clip itself.

    The weight of a minibatch is its share of the examples, so without a clip every size gives the true gradient. A clip
    with a memory is given one minibatch after the other, as in training. Of a clip with two stages the first acts on
    every minibatch, and the second on their mean. ``displacement`` is the optimizer's.
    """
    # A single minibatch of all examples is the plain loss.
    if not isinstance(loss, MeanLoss) or loss.size >= loss.count:
        return clip
    if clip.stages is not None:
        each, mean = clip.stages
        return in_sequence(over_minibatches(loss, each, displacement), mean)

    def update(_: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        gradients, shares = loss.minibatch_gradients(theta, displacement)
        if not state:
            clipped, _state = clip.update(gradients, state, theta)
        else:
            found = []
            for gradient in gradients.unbind(0):
                one, state = clip.update(gradient, state, theta)
                found.append(one)
            clipped = torch.stack(found)
        return mean_over_examples(clipped, shares, theta), state

    return clip._replace(update=update)

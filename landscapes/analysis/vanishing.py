"""First and second derivatives of chains of every length, by autograd. Both can vanish at the same rate.

The derivatives along one coordinate are computed for the lengths T = 1, 2, ... at once, with one lane per length.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.chain import Chain
from cliffscape.landscapes.loss import Landscape

LONGEST = 100
DAMPING = 1e-3


class Derivatives(NamedTuple):
    """Along one coordinate, for chains of 1, 2, ... steps, each ``(longest,)``.

    First and second derivative of the loss, and the Gauss-Newton curvature: the square of the output's derivative
    times the second derivative of the error.
    """

    first: Tensor
    second: Tensor
    gauss_newton: Tensor

    @property
    def newton(self) -> Tensor:
        """First derivative over second: the negative of Newton's step."""
        return self.first / self.second

    def gauss_newton_step(self, damping: float = DAMPING) -> Tensor:
        """First derivative over damped Gauss-Newton curvature; no damping if ``damping`` is 0."""
        return self.first / (self.gauss_newton + damping)


def derivative(values: Tensor, by: Tensor) -> Tensor:
    """The derivative of each of ``values`` ``(N,)`` by the entry of ``by`` in its own lane, with its graph."""
    return torch.autograd.grad(values.sum(), by, create_graph=True)[0]


def derivatives(chain: Chain, theta: Tensor, parameters: Mapping[str, Any], longest: int = LONGEST) -> Derivatives:
    """Derivatives of the loss at ``theta`` ``(2,)`` for every length up to ``longest``."""
    at = theta[chain.axis].repeat(longest).requires_grad_()
    columns = [at if k == chain.axis else theta[k].expand(longest) for k in range(2)]
    assert chain.output is not None and chain.error is not None
    chosen = {**parameters, "sequence_length": torch.arange(1, longest + 1, dtype=theta.dtype)}
    output = chain.output(torch.stack(columns, -1), **chosen)
    loss = chain.error(output, **chosen)
    first = derivative(loss, at)
    curvature = derivative(derivative(loss, output), output)
    found = first, derivative(first, at), derivative(output, at) ** 2 * curvature
    return Derivatives(*(column.detach() for column in found))


def chain_of(entry: Landscape) -> Chain | None:
    """The chain that a landscape declares, with output and error; the output of residuals is the first one."""
    chain, factor = entry.chain, entry.squares
    if chain is None or factor is None:
        return chain
    return replace(
        chain,
        output=lambda theta, **parameters: entry.function(theta, **parameters)[0],
        error=lambda output, **_: factor * output**2,
    )


# Chains by the kind of the landscape. The parameter for the length is always called sequence_length.
CHAINS: Mapping[str, Chain] = {entry.kind: chain for entry in LANDSCAPES if (chain := chain_of(entry))}


def trend(values: Tensor) -> str:
    """How ``values`` ``(N,)`` change over the second half of the lengths.

    ``constant`` within 2 %, ``inverse`` to the length within 10 %, ``shrinks`` or ``grows`` by a factor of ten or more,
    otherwise ``changes``; ``none`` if a value is not finite or 0.
    """
    half = len(values) // 2
    early, late = values[half - 1].abs().item(), values[-1].abs().item()
    if not (0 < early < math.inf and 0 < late < math.inf):
        return "none"
    times = late / early
    if abs(times - 1) <= 0.02:
        return "constant"
    if abs(times * len(values) / half - 1) <= 0.1:
        return "inverse"
    return "shrinks" if times <= 0.1 else "grows" if times >= 10 else "changes"

"""Clipping bias: the mean of clipped minibatch gradients for every minibatch size, compared with the true gradient."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import block, function_module
from cliffscape.landscapes.backends.kernels import Kernel, describe, header
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.descent.descend import norm_ratio
from cliffscape.landscapes.loss import MINIBATCH, value_and_gradient
from cliffscape.landscapes.tracing.arguments import Arguments, check_traceable
from cliffscape.landscapes.tracing.program import Program
from cliffscape.landscapes.tracing.trace import UntraceableError
from cliffscape.landscapes.transform import Transform

NO_EXAMPLES = "The loss is no mean over examples, so there are no minibatches."
MEMORY = "This clip remembers earlier gradients, so one step does not tell what it does at other sizes."


class Bias(NamedTuple):
    """Vectors at a point: the ``gradient`` ``(..., D)`` and those of the N ``examples`` ``(..., N, D)``.

    ``averages`` ``(S, ..., D)`` are the means of the clipped minibatches, one for each of S sizes. The last size is the
    whole: its mean is the clip of the gradient. ``clip_factor`` ``(S, ..., N)`` is the factor by which the clip scales
    the minibatch of each example, and so the weight of the example.
    """

    gradient: Tensor
    averages: Tensor
    clip_factor: Tensor
    examples: Tensor


def minibatch_sizes(count: int) -> tuple[int, ...]:
    """The minibatch sizes that divide so many examples, from 1 to all of them."""
    return tuple(size for size in range(1, count + 1) if count % size == 0)


def bias(loss: MeanLoss, clip: Transform, theta: Tensor) -> Bias:
    """The bias of a clip without a memory at ``theta`` ``(..., D)``.

    Raises:
        ValueError: the clip has a memory.
    """
    if clip.init(theta):
        raise ValueError(MEMORY)
    _, gradient = value_and_gradient(loss, theta)
    sized = [replace(loss, size=size) for size in minibatch_sizes(loss.count)]
    averages = torch.stack([over_minibatches(one, clip).update(gradient, (), theta)[0] for one in sized])
    clip_factor = torch.stack([clip_factors(one, clip, theta) for one in sized])
    return Bias(gradient, averages, clip_factor, loss.example_gradients(theta))


def clip_factors(loss: MeanLoss, clip: Transform, theta: Tensor) -> Tensor:
    """The share of its norm ``(..., N)`` that a clip without a memory leaves to the minibatch of every example."""
    gradients, _ = loss.minibatch_gradients(theta)
    clip_factor = norm_ratio(gradients, clip.update(gradients, (), theta)[0])
    return clip_factor.expand(*clip_factor.shape[:-1], loss.size).movedim(0, -2).flatten(-2)


def bias_kernel(landscape: str, structural: Mapping[str, float], clip: str) -> Kernel:
    """The bias at a point, exported as ``bias(parameters, x, y)`` with the list ``sizes``.

    It returns one flat list: the gradient, the mean for every size, what is kept of every example for every size, the
    gradient of every example; x before y.

    Raises:
        KeyError: an unknown kind.
        UntraceableError: the loss has no examples or no kernel, or the clip has a memory or no kernel.
    """
    surface, guard = LANDSCAPES[landscape], CLIPS[clip]
    check_traceable(surface, guard)
    arguments = Arguments(Program())
    loss = surface.loss(**arguments.of("landscape", surface, structural))
    if not isinstance(loss, MeanLoss):
        raise UntraceableError(NO_EXAMPLES)
    theta = torch.tensor(surface.start, dtype=torch.float64)
    clipping: Transform = guard.function(**arguments.of("clip", guard, {}))
    if clipping.init(theta):
        raise UntraceableError(MEMORY)
    traced = arguments.trace(lambda theta: list(bias(loss, clipping, theta)), {"theta": theta})
    inner = block(arguments.program, {f"v{k}": scalar for k, scalar in enumerate(traced)}, carried=("x", "y"))
    # All sizes are in it, whichever one is chosen.
    any_size = replace(surface, parameters=tuple(p for p in surface.parameters if p.name != MINIBATCH))
    parts = {"landscape": describe(any_size, structural), "clip": clip}
    parts["parameters"] = ", ".join(arguments.names) or "none"
    listed = f"export const sizes = [{', '.join(map(str, minibatch_sizes(loss.count)))}];"
    lines = function_module(arguments.names, {"bias": (inner, ("x", "y"))})
    return Kernel("\n".join([*header("bias over minibatch size", parts), listed, *lines, ""]), tuple(arguments.names))

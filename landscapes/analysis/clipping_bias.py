"""Clipping bias: the mean of clipped minibatch gradients for every minibatch size, compared with the true gradient."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import block, function_module
from cliffscape.landscapes.backends.kernels import Kernel, describe, header
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES
from cliffscape.landscapes.clips.minibatches import MeanLoss, mean_over_examples, over_minibatches
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import norm_ratio
from cliffscape.landscapes.loss import MINIBATCH
from cliffscape.landscapes.tracing.arguments import Arguments, check_traceable
from cliffscape.landscapes.tracing.program import Program
from cliffscape.landscapes.tracing.trace import UntraceableError
from cliffscape.landscapes.transform import Transform

NO_EXAMPLES = "The loss is no mean over examples, so there are no minibatches."
MEMORY = "This clip remembers earlier gradients, so one step does not tell what it does at other sizes."


class Bias(NamedTuple):
    """Vectors at a point: the ``gradient`` ``(..., D)`` and those of the N ``examples`` ``(..., N, D)``.

    ``averages`` ``(S, ..., D)`` are the means of the clipped minibatches, one for each of S sizes. The last size is all
    examples, and its mean is the clipped gradient. ``clip_factor`` ``(S, ..., N)`` is the factor by which the clip
    scales the minibatch of each example, and so the weight of the example.
    """

    gradient: Tensor
    averages: Tensor
    clip_factor: Tensor
    examples: Tensor


def minibatch_sizes(count: int) -> tuple[int, ...]:
    """The minibatch sizes that divide ``count`` examples, from 1 to ``count``."""
    return tuple(size for size in range(1, count + 1) if count % size == 0)


def bias(loss: MeanLoss, clip: Transform, theta: Tensor) -> Bias:
    """The bias of a clip without a memory at ``theta`` ``(..., D)``.

    Raises:
        ValueError: the clip has a memory.
    """
    if clip.init(theta):
        raise ValueError(MEMORY)
    _, gradient = value_and_gradient(loss, theta)
    losses = [replace(loss, size=size) for size in minibatch_sizes(loss.count)]
    averages = torch.stack([over_minibatches(one, clip).update(gradient, (), theta)[0] for one in losses])
    clip_factor = torch.stack([clip_factors(one, clip, theta) for one in losses])
    return Bias(gradient, averages, clip_factor, loss.example_gradients(theta))


def clip_factors(loss: MeanLoss, clip: Transform, theta: Tensor) -> Tensor:
    """The factor ``(..., N)`` by which a clip without a memory scales the minibatch of each example.

    If the clip has two stages, the factor of the second, which scales the mean of all minibatches, is included.
    """
    gradients, shares = loss.minibatch_gradients(theta)
    each, of_mean = clip.stages or (clip, None)
    clipped, _ = each.update(gradients, (), theta)
    clip_factor = norm_ratio(gradients, clipped)
    if of_mean is not None:
        mean = mean_over_examples(clipped, shares, theta)
        clip_factor = clip_factor * norm_ratio(mean, of_mean.update(mean, (), theta)[0])
    return clip_factor.expand(*clip_factor.shape[:-1], loss.size).movedim(0, -2).flatten(-2)


def bias_kernel(landscape: str, structural: Mapping[str, float], clip: str) -> Kernel:
    """The bias at a point, exported as ``bias(parameters, x, y)`` with the list ``sizes``.

    It returns one flat list: the gradient, the mean for every size, the clip factor of every example for every size,
    and the gradient of every example; x before y.

    Raises:
        KeyError: an unknown kind.
        UntraceableError: the loss has no examples or no kernel, or the clip has a memory or no kernel.
    """
    surface, clip_entry = LANDSCAPES[landscape], CLIPS[clip]
    check_traceable(surface, clip_entry)
    arguments = Arguments(Program())
    loss = surface.loss(**arguments.of("landscape", surface, structural))
    if not isinstance(loss, MeanLoss):
        raise UntraceableError(NO_EXAMPLES)
    theta = torch.tensor(surface.start, dtype=torch.float64)
    transform: Transform = clip_entry.function(**arguments.of("clip", clip_entry, {}))
    if transform.init(theta):
        raise UntraceableError(MEMORY)
    scalars = arguments.trace(lambda theta: list(bias(loss, transform, theta)), {"theta": theta})
    body = block(arguments.program, {f"v{k}": scalar for k, scalar in enumerate(scalars)}, carried=("x", "y"))
    # The kernel contains all sizes, so the chosen size is not a part of it.
    any_size = replace(surface, parameters=tuple(p for p in surface.parameters if p.name != MINIBATCH))
    parts = {"landscape": describe(any_size, structural), "clip": clip}
    parts["parameters"] = ", ".join(arguments.names) or "none"
    sizes_line = f"export const sizes = [{', '.join(map(str, minibatch_sizes(loss.count)))}];"
    lines = function_module(arguments.names, {"bias": (body, ("x", "y"))})
    return Kernel(
        "\n".join([*header("bias over minibatch size", parts), sizes_line, *lines, ""]), tuple(arguments.names)
    )

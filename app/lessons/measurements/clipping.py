"""Gradients: measurements of what clips do to those of minibatches, and chains of every length to their own."""

from dataclasses import replace
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.app.lessons.headless import HeadlessRun, HeadlessRunError
from cliffscape.app.lessons.measurements.registry import measurement
from cliffscape.app.lessons.measurements.run import angle
from cliffscape.app.runs.pair import transforms
from cliffscape.landscapes.analysis.clipping_bias import MEMORY, NO_EXAMPLES, bias, minibatch_sizes
from cliffscape.landscapes.analysis.vanishing import CHAINS, LONGEST, derivatives
from cliffscape.landscapes.clips.minibatches import MeanLoss
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.transform import Transform


@measurement
def bias_angle(headless: HeadlessRun, size: Annotated[int, Range(1, 4096)] = 1) -> float:
    """The angle between the gradient at the start and the mean of its clipped minibatches, in degrees.

    Args:
        size: Examples per minibatch; it divides their number.
    """
    loss, clip, theta = examples_of(headless)
    if size not in minibatch_sizes(loss.count):
        raise HeadlessRunError(f"size must divide the {loss.count} examples, got {size}")
    found = bias(loss, clip, theta)
    return angle(found.gradient, found.averages[minibatch_sizes(loss.count).index(size)])


@measurement
def share_of_example(
    headless: HeadlessRun, example: Annotated[int, Range(1, 4096)] = 1, size: Annotated[int, Range(1, 4096)] = 1
) -> float:
    """What the clip keeps, at the start, of the minibatch that an example is in: by that much the example counts.

    Args:
        example: The example, counted from one.
        size: Examples per minibatch.
    """
    loss, clip, theta = examples_of(headless)
    if example > loss.count:
        raise HeadlessRunError(f"example must be at most {loss.count}, got {example}")
    gradient = replace(loss, size=size).minibatch_gradients(theta)[0][(example - 1) // size]
    clipped, _ = clip.update(gradient, (), theta)
    return float(clipped.norm() / gradient.norm())


@measurement
def chain_derivative(
    headless: HeadlessRun,
    length: Annotated[int, Range(1, LONGEST)] = LONGEST,
    what: Annotated[str, Range(5, 20)] = "first",
) -> float:
    """A derivative of a chain of some length by its coordinate, at the start.

    Args:
        length: The chain's length.
        what: ``first`` or ``second`` derivative, their ratio ``newton``, or ``gauss_newton_step``, the first over
            Gauss-Newton's curvature.
    """
    scene = headless.scene
    if scene.landscape.kind not in CHAINS:
        raise HeadlessRunError(f"landscape must be a chain: one of {', '.join(CHAINS)}")
    theta = torch.tensor(scene.resolved_start, dtype=torch.float64)
    found = derivatives(CHAINS[scene.landscape.kind], theta, scene.parameters("landscape"))
    known = {**found._asdict(), "newton": found.newton, "gauss_newton_step": found.damped(0.0)}
    if what not in known:
        raise HeadlessRunError(f"what must be one of {', '.join(known)}, got {what!r}")
    return float(known[what][length - 1])


def examples_of(headless: HeadlessRun) -> tuple[MeanLoss, Transform, Tensor]:
    """The mean over examples that a Scene's loss is, its clip, and the start ``(2,)``.

    Raises:
        HeadlessRunError: the loss is no such mean, or the clip has a memory.
    """
    loss = headless.loss
    if not isinstance(loss, MeanLoss):
        raise HeadlessRunError(NO_EXAMPLES)
    clip, theta = (
        transforms(headless.scene, "with")[1],
        torch.tensor(headless.scene.resolved_start, dtype=torch.float64),
    )
    if clip.init(theta):
        raise HeadlessRunError(MEMORY)
    return loss, clip, theta

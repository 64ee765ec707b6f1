"""Measurements of clipped minibatch gradients, and of the derivatives of chains."""

from dataclasses import replace
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import measurement
from cliffscape.app.lessons.measurements.run import angle
from cliffscape.app.runs.pair import transforms
from cliffscape.landscapes.analysis.clipping_bias import bias, minibatch_sizes
from cliffscape.landscapes.analysis.vanishing import CHAINS, LONGEST, derivatives
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.clips.minibatches import MeanLoss
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.transform import Transform


@measurement()
def bias_angle(headless: HeadlessRun, size: Annotated[int, Range(1, 4096)] = 1) -> float:
    """The angle between the gradient at the start and the mean of its clipped minibatches, in degrees.

    Args:
        size: Examples per minibatch; it divides their number.
    """
    loss, clip, theta = examples_of(headless)
    if size not in minibatch_sizes(loss.count):
        raise BoundError("size", size, f"a divisor of {loss.count}, the number of examples")
    found = bias(loss, clip, theta)
    return angle(found.gradient, found.averages[minibatch_sizes(loss.count).index(size)])


@measurement()
def example_count(headless: HeadlessRun) -> float:
    """The number of examples over which the loss is a mean."""
    return float(examples_of(headless)[0].count)


@measurement()
def example_weight(
    headless: HeadlessRun, example: Annotated[int, Range(1, 4096)] = 1, size: Annotated[int, Range(1, 4096)] = 1
) -> float:
    """The weight of an example at the start: the fraction of its minibatch's gradient that the clip keeps.

    Args:
        example: The example, counted from one.
        size: Examples per minibatch.
    """
    loss, clip, theta = examples_of(headless)
    if example > loss.count:
        raise BoundError("example", example, f"at most {loss.count}")
    gradient = replace(loss, size=size).minibatch_gradients(theta)[0][(example - 1) // size]
    clipped, _ = clip.update(gradient, (), theta)
    return float(clipped.norm() / gradient.norm())


@measurement()
def chain_derivative(
    headless: HeadlessRun,
    length: Annotated[int, Range(1, LONGEST)] = LONGEST,
    what: Annotated[str, Range(5, 20)] = "first",
) -> float:
    """A derivative of a chain of a given length with respect to its coordinate, at the start.

    Args:
        length: The chain's length.
        what: ``first`` or ``second`` derivative, their ratio ``newton``, or ``gauss_newton_step``, the first over
            Gauss-Newton's curvature.
    """
    scene = headless.scene
    if scene.landscape.kind not in CHAINS:
        raise BoundError("landscape", scene.landscape.kind, f"a chain: one of {', '.join(CHAINS)}")
    theta = torch.tensor(scene.resolved_start, dtype=torch.float64)
    found = derivatives(CHAINS[scene.landscape.kind], theta, scene.parameters("landscape"))
    known = {**found._asdict(), "newton": found.newton, "gauss_newton_step": found.gauss_newton_step(0.0)}
    if what not in known:
        raise BoundError("what", repr(what), f"one of {', '.join(known)}")
    return float(known[what][length - 1])


def examples_of(headless: HeadlessRun) -> tuple[MeanLoss, Transform, Tensor]:
    """The per-example mean loss of a Scene, its clip, and the start ``(2,)``.

    Raises:
        BoundError: the loss is not a mean over examples, or the clip has a state.
    """
    loss = headless.loss
    if not isinstance(loss, MeanLoss):
        raise BoundError("landscape", headless.scene.landscape.kind, "one whose loss is a mean over examples")
    clip, theta = (
        transforms(headless.scene, "with")[1],
        torch.tensor(headless.scene.resolved_start, dtype=torch.float64),
    )
    if clip.init(theta):
        raise BoundError("clip", headless.scene.clip.kind, "one that does not depend on earlier gradients")
    return loss, clip, theta

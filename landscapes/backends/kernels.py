"""Kernels: scalar programs of a Scene's descent, traced from PyTorch and emitted as JavaScript modules.

The browser computes the same operations as autograd, so no landscape, optimizer or clip is written twice. Numeric
parameters are arguments of the kernel. Structural ones (repetitions, sizes, kinds) are fixed in its source.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import Block, NamedBlock, block, descent_module
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.clips.minibatches import over_minibatches
from cliffscape.landscapes.declare import Entry
from cliffscape.landscapes.descent.descend import apply_gradient, before_and_after_clip, carry_of, initial_carry
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.optimizers.curvature_products import cost, with_curvature
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.tracing.arguments import CONSTANT, Arguments, check_traceable, scalar_names
from cliffscape.landscapes.tracing.loss_program import LossArguments, loss_arguments
from cliffscape.landscapes.tracing.program import Program
from cliffscape.landscapes.transform import Transform, with_own_stream

RECORD = ("loss", "gradient_norm", "clip_factor", "step_length")
# Further columns for the page's view of a step: the gradient, and input and output of the clip, which is a gradient or
# a negative step.
ARROWS = ("gradient_x", "gradient_y", "raw_x", "raw_y", "clipped_x", "clipped_y")
# The divisor of an adaptive optimizer's step. Other optimizers do not have this column.
MEMORY = "memory"


@dataclass(frozen=True)
class Kernel:
    """A JavaScript module: its source, the hash of it, and the numeric parameters it takes, in order."""

    source: str
    parameters: tuple[str, ...]

    @property
    def hash(self) -> str:
        """Content hash: equal programs have equal addresses."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:20]


def header(title: str, parts: Mapping[str, str]) -> list[str]:
    """The opening comment of a kernel: its title, and the parts of the Scene that it was traced from."""
    lines = [f"Cliffscape kernel: {title}, traced from PyTorch; do not edit."]
    return [f"// {line}" for line in lines + [f"{name}: {value}" for name, value in parts.items()]]


def describe(entry: Entry, structural: Mapping[str, float]) -> str:
    """An entry's kind with its structural choices."""
    # A text may have several lines, which must not end the comment that this is part of.
    fixed = [f"{name} = {structural.get(name, entry.defaults[name])!r}" for name in entry.structural]
    return f"{entry.kind} ({', '.join(fixed)})" if fixed else entry.kind


def descent_kernel(
    landscape: str,
    structural: Mapping[str, float],
    optimizer: str,
    clip: str,
    schedule: str = CONSTANT,
    settings: Mapping[str, float] | None = None,
    clip_settings: Mapping[str, float] | None = None,
) -> Kernel:
    """The whole descent of one lane, exported as ``descend(parameters, start, steps, trajectory)``.

    ``structural`` are the landscape's parameters that shape the computation, ``settings`` the optimizer's and
    ``clip_settings`` the clip's.

    Raises:
        KeyError: an unknown kind.
        UntraceableError: the landscape uses an op that has no scalar form, or an entry declares that it has none.
    """
    surface, rule, guard = LANDSCAPES[landscape], OPTIMIZERS[optimizer], CLIPS[clip]
    check_traceable(surface, rule, guard)
    arguments, found = loss_arguments(landscape, structural), surface.of(**structural)
    loss = surface.loss(**arguments.of("landscape", surface, structural))
    update: Transform = rule.function(**arguments.of("optimizer", rule, settings or {}))
    if schedule != CONSTANT:
        paced = SCHEDULES[schedule]
        update = with_schedule(update, paced.function(**arguments.of("schedule", paced, {})))
    chosen: Transform = guard.function(**arguments.of("clip", guard, clip_settings or {}))
    update, own = found.adapt(update), found.adapt(with_own_stream(chosen, arguments.tensors))
    clipping = over_minibatches(loss, own, update.displacement)
    theta = torch.tensor(surface.start, dtype=torch.float64)
    state, first = trace_start(arguments, theta, clipping, update)
    step = trace_step(arguments, loss, theta, state, clipping, update)
    parts = {"landscape": describe(surface, structural), "optimizer": describe(rule, settings or {})}
    parts["clip"] = describe(guard, clip_settings or {})
    if schedule != CONSTANT:
        parts["schedule"] = schedule
    parts["parameters"] = ", ".join(arguments.names) or "none"
    names = scalar_names(state)
    body = descent_module(arguments.names, first, step, names, columns(update))
    price = [f"export const cost = {json.dumps(cost(update, found.dimension)._asdict())};"] if update.asks else []
    lines = [*header("gradient, clip and update of one lane", parts), *body, *price, ""]
    return Kernel("\n".join(lines), tuple(arguments.names))


def columns(update: Transform) -> tuple[str, ...]:
    """The columns that a kernel records at every step, in addition to the position."""
    return RECORD + ARROWS + ((MEMORY,) if update.memory else ())


def trace_start(
    arguments: Arguments, theta: Tensor, clip: Transform, update: Transform
) -> tuple[dict[str, Tensor], Block]:
    """The state tensors before the first step, and the block that computes them."""
    state = initial_carry(theta, clip, update).tensors()
    scalars = arguments.trace(
        lambda theta: list(initial_carry(theta, clip, update).tensors().values()), {"theta": theta}
    )
    named = dict(zip(scalar_names(state), scalars, strict=True))
    return state, block(arguments.program, named, carried=("x", "y"), prefix="s")


def trace_step(
    arguments: LossArguments, loss: Loss, theta: Tensor, state: Mapping[str, Tensor], clip: Transform, update: Transform
) -> Block:
    """The block of one step: the recorded columns, and the next state."""

    def step(**tensors: Tensor) -> list[Tensor]:
        now = carry_of(tensors)
        measure = partial(arguments.value_and_gradient, loss)
        (value, gradient), (_, taken) = measure(now.theta), with_displacement(measure, update)(now.theta)
        # The clip is evaluated here and in apply_gradient. A program shares equal nodes, so it contains the clip once.
        method = with_curvature(loss, update)
        raw, clipped = before_and_after_clip(taken, clip, method, now)
        carry, record = apply_gradient(value, taken, clip, method, now)
        divisor = [update.memory(carry.optimizer)] if update.memory else []
        return [*record[1:], gradient, raw, clipped, *divisor, *carry.tensors().values()]

    names = scalar_names(state)
    scalars = arguments.trace(step, state)
    outputs = [*columns(update), *(f"next_{name}" for name in names)]
    return block(arguments.program, dict(zip(outputs, scalars, strict=True)), carried=names)


def trace_rule(rule: Callable[..., dict[str, Tensor]], inputs: Mapping[str, Tensor]) -> tuple[NamedBlock, list[str]]:
    """The block of ``rule``, which returns numbers by name, with its inputs; and the names."""
    program = Program()
    names: list[str] = []

    def numbers(**tensors: Tensor) -> list[Tensor]:
        found = rule(**tensors)
        names.extend(found)
        return list(found.values())

    traced = Arguments(program).trace(numbers, inputs)
    flat = scalar_names(inputs)
    outputs = {f"next_{name}": scalar for name, scalar in zip(names, traced, strict=True)}
    return (block(program, outputs, carried=flat), flat), names

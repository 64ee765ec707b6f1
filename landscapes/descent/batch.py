"""The state of the lanes of a batch, and one step of all lanes, in PyTorch or as a scalar program.

The program is traced from the function that the step in PyTorch calls, so no rule is written twice.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial, reduce
from operator import or_
from typing import Any, NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.clips.minibatches import over_minibatches
from cliffscape.landscapes.declare import Entry
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Carry, apply_gradient, carry_of, initial_carry
from cliffscape.landscapes.descent.summary import RunSummary, add_row, initial_summary
from cliffscape.landscapes.loss import Derivative, Loss, Measure
from cliffscape.landscapes.optimizers.curvature_products import with_curvature
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.tracing.arguments import CONSTANT, check_traceable, scalar_names
from cliffscape.landscapes.tracing.loss_program import loss_arguments
from cliffscape.landscapes.tracing.program import Program, Scalar
from cliffscape.landscapes.transform import Transform, with_own_stream

SOLVED, DIAGONAL = "solved", "diagonal"
MOVING = "moving"
Values = Mapping[str, Any]


class Row(NamedTuple):
    """The state of lanes: parameters, states of clip and optimizer, the summary, and whether a lane moves (1 or 0)."""

    carry: Carry
    summary: RunSummary
    moving: Tensor

    def tensors(self) -> dict[str, Tensor]:
        """All tensors by name. Their last axis runs over the numbers of one lane."""
        # Numbers of the summary get a last axis of length 1, as all other tensors have one.
        summary = {f"summary_{name}": column.unsqueeze(-1) for name, column in self.summary._asdict().items()}
        return {**self.carry.tensors(), **summary, MOVING: self.moving.unsqueeze(-1)}

    def columns(self) -> Tensor:
        """All numbers as one tensor ``(C, L)``: row by row the numbers of a lane."""
        return torch.cat([tensor.movedim(-1, 0).flatten(1) for tensor in self.tensors().values()])

    def with_columns(self, columns: Tensor) -> "Row":
        """A row of the same form with the numbers ``columns`` ``(C, L)``, the inverse of ``columns()``."""
        named = self.tensors()
        parts = torch.split(columns, [tensor.shape[-1] for tensor in named.values()])
        return row_of({name: part.mT for name, part in zip(named, parts, strict=True)})


def row_of(named: Mapping[str, Tensor]) -> Row:
    """Lanes from their tensors by name."""
    summary = RunSummary(*(named[f"summary_{name}"][..., 0] for name in RunSummary._fields))
    return Row(carry_of(named), summary, named[MOVING][..., 0])


def initial_row(position: Tensor, clip: Transform, optimizer: Transform) -> Row:
    """Lanes at ``position`` ``(..., 2)`` before their first step."""
    return Row(initial_carry(position, clip, optimizer), initial_summary(position), torch.ones_like(position[..., 0]))


def step_row(measure: Measure, clip: Transform, optimizer: Transform, row: Row, solved: Any, diagonal: Any) -> Row:
    """One step of any number of lanes.

    A lane in which a step changed nothing, to the last bit, will never change again, and a lane that has diverged never
    recovers. Such lanes no longer move.
    """
    carry = row.carry
    after, record = apply_gradient(*measure(carry.theta), clip, optimizer, carry)
    summary = add_row(row.summary, record, solved, diagonal)
    before, now = (torch.cat(list(one.tensors().values()), -1).unbind(-1) for one in (carry, after))
    changed = reduce(or_, (old != new for old, new in zip(before, now, strict=True)))
    # NaN compares false, so a lane with NaN has stopped as well.
    going = changed & (after.theta.abs().amax(-1) < math.inf)
    return Row(after, summary, torch.where(going, torch.ones_like(record.loss), torch.zeros_like(record.loss)))


@dataclass(frozen=True)
class Routine:
    """A scalar program that computes the next numbers of one lane.

    ``columns`` names a lane's numbers, in order. ``outputs`` maps each to the node of its next value. ``parameters``
    are the other inputs: one number for all lanes, or one for each.
    """

    program: Program
    columns: tuple[str, ...]
    parameters: tuple[str, ...]
    outputs: Mapping[str, Scalar]


@dataclass(frozen=True)
class SweepRecipe:
    """How runs are computed: kinds, structural parameters of the landscape, and values of all other parameters.

    Values are keyed ``family.name``. The loss counts as converged below that of the landscape for these values; of a
    landscape where it depends on them, no loss does in runs with ``own`` values of its parameters.
    """

    landscape: str
    optimizer: str
    clip: str
    schedule: str = CONSTANT
    structural: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    own: bool = False

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The chosen entries by family, in the order of a kernel's parameters."""
        chosen = {"landscape": LANDSCAPES[self.landscape], "optimizer": OPTIMIZERS[self.optimizer]}
        if self.schedule != CONSTANT:
            chosen["schedule"] = SCHEDULES[self.schedule]
        return {**chosen, "clip": CLIPS[self.clip]}

    @cached_property
    def numbers(self) -> dict[str, float]:
        """Value of every numeric parameter."""
        found = {
            f"{family}.{one.name}": float(one.default)
            for family, entry in self.entries.items()
            for one in entry.parameters
            if not one.range.structural
        }
        return found | {name: value for name, value in self.values.items() if name in found}

    @cached_property
    def parameters(self) -> dict[str, float]:
        """``numbers`` with the loss that counts as solved (minus infinity if there is none) and the diagonal."""
        entry = LANDSCAPES[self.landscape]
        chosen = {name.partition(".")[2]: one for name, one in self.numbers.items() if name.startswith("landscape.")}
        solved = None if self.own and entry.solved_at else entry.solved_loss(**{**chosen, **self.structural})
        return {**self.numbers, SOLVED: -math.inf if solved is None else solved, DIAGONAL: self.diagonal}

    @cached_property
    def identity(self) -> tuple[object, ...]:
        """What the routine depends on: kinds and structure, not values."""
        structural = tuple(sorted(self.structural.items()))
        families = [family for family in self.entries if family != "landscape"]
        fixed = tuple((family, *self.structural_values(family).items()) for family in families)
        return self.landscape, structural, self.optimizer, self.schedule, self.clip, fixed

    @property
    def diagonal(self) -> float:
        """The length beyond which a step is a throw: the diagonal of the landscape's own window."""
        return LANDSCAPES[self.landscape].of(**self.structural).window.diagonal

    @property
    def weight(self) -> int:
        """The number of losses that a lane's loss averages, to which its memory in PyTorch is proportional."""
        return max(1, LANDSCAPES[self.landscape].examples)

    def structural_values(self, family: str) -> dict[str, float]:
        """Chosen values of a family's structural parameters, such as iterations of Hessian-free: one for all lanes."""
        chosen = {name: self.values.get(f"{family}.{name}") for name in self.entries[family].structural}
        return {name: value for name, value in chosen.items() if value is not None}

    def build(
        self, values: Values, derivative: Derivative = value_and_gradient
    ) -> tuple[Measure, Transform, Transform]:
        """Loss with gradient, clip and optimizer, for numbers or tensors ``(L, 1)``: one per lane."""

        def values_of(family: str) -> dict[str, Any]:
            return {**numbers_of(family, values), **self.structural_values(family)}

        optimizer: Transform = self.entries["optimizer"].function(**values_of("optimizer"))
        if "schedule" in self.entries:
            optimizer = with_schedule(optimizer, self.entries["schedule"].function(**values_of("schedule")))
        loss = self.loss(values)
        chosen: Transform = self.entries["clip"].function(**values_of("clip"))
        own = with_own_stream(chosen, {name: values[name] for name in self.numbers})
        landscape = LANDSCAPES[self.landscape].of(**self.structural)
        optimizer = landscape.adapt(optimizer)
        clip = over_minibatches(loss, landscape.adapt(own), optimizer.displacement)
        return with_displacement(partial(derivative, loss), optimizer), clip, with_curvature(loss, optimizer)

    def loss(self, values: Values) -> Loss:
        """The loss, for numbers or tensors ``(L, 1)``."""
        # A landscape's parameters broadcast against losses, which have no last axis.
        named = numbers_of("landscape", values).items()
        plain = {name: value[..., 0] if is_column(value) else value for name, value in named}
        return LANDSCAPES[self.landscape].loss(**plain, **self.structural)

    def loss_at(self, values: Values, theta: Tensor) -> Tensor:
        """The loss ``(L,)`` at theta ``(L, 2)``. Its gradient would take twice as long again."""
        with torch.no_grad():
            return self.loss(values)(theta)

    def routine(self) -> Routine:
        """One step as a scalar program.

        Raises:
            UntraceableError: a part of it uses an op that has no scalar form, or declares that it has none.
        """
        check_traceable(*self.entries.values())
        arguments = loss_arguments(self.landscape, self.structural)
        for name, value in self.parameters.items():
            arguments.add(name, value)
        measure, clip, optimizer = self.build(arguments.tensors, arguments.value_and_gradient)
        row = initial_row(torch.tensor(LANDSCAPES[self.landscape].start, dtype=torch.float64), clip, optimizer)
        named = row.tensors()

        def step(**tensors: Tensor) -> list[Tensor]:
            edges = arguments.tensors[SOLVED], arguments.tensors[DIAGONAL]
            after = step_row(measure, clip, optimizer, row_of(tensors), *edges)
            return list(after.tensors().values())

        scalars = arguments.trace(step, named)
        columns = tuple(scalar_names(named))
        return Routine(arguments.program, columns, tuple(arguments.names), dict(zip(columns, scalars, strict=True)))


def numbers_of(family: str, values: Values) -> dict[str, Any]:
    """The parameters of a family, such as the optimizer's, by their own names."""
    return {name.partition(".")[2]: value for name, value in values.items() if name.startswith(f"{family}.")}


def is_column(value: Any) -> bool:
    """Whether a value is one per lane rather than a number for all."""
    return isinstance(value, Tensor) and value.ndim > 0

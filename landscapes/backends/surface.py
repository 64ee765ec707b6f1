"""Loss and gradient norm of a landscape as a scalar program, for pictures of its surface."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import block, function_module
from cliffscape.landscapes.backends.kernels import Kernel, describe, header
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import Routine
from cliffscape.landscapes.descent.sweep import Stepper
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.tracing.arguments import check_traceable
from cliffscape.landscapes.tracing.loss_program import loss_arguments
from cliffscape.landscapes.transform import norm

COLUMNS = ("x", "y", "loss", "gradient_norm")
# Points that PyTorch evaluates together: their intermediate results fit into the second-level cache.
BLOCK = 1 << 14


@dataclass(frozen=True)
class SurfaceRecipe:
    """A landscape with its structural parameters; ``with_gradient`` asks for the gradient norm too."""

    landscape: str
    structural: Mapping[str, float] = field(default_factory=dict)
    with_gradient: bool = True

    @property
    def identity(self) -> tuple[object, ...]:
        """The values that the routine depends on."""
        return "points", self.landscape, tuple(sorted(self.structural.items())), self.with_gradient

    def routine(self) -> Routine:
        """The loss ``(...)`` at a point, and the norm of its gradient, as a scalar program.

        Raises:
            UntraceableError: the landscape uses an op that has no scalar form, or declares that it has none.
        """
        entry = LANDSCAPES[self.landscape]
        check_traceable(entry)
        arguments = loss_arguments(self.landscape, self.structural)
        loss = entry.loss(**arguments.of("landscape", entry, self.structural))

        def measure(theta: Tensor) -> list[Tensor]:
            value, gradient = arguments.value_and_gradient(loss, theta)
            return [value, norm(gradient)] if self.with_gradient else [value]

        scalars = arguments.trace(measure, {"theta": torch.tensor(entry.start, dtype=torch.float64)})
        columns = COLUMNS if self.with_gradient else COLUMNS[:-1]
        known = [arguments.program.input(name) for name in COLUMNS[:2]]
        outputs = dict(zip(columns, [*known, *scalars], strict=True))
        return Routine(arguments.program, columns, tuple(arguments.names), outputs)

    def kernel(self) -> Kernel:
        """The same program as a JavaScript module, exported as ``measure(parameters, x, y)``.

        Raises:
            UntraceableError: as ``routine``.
        """
        routine, point = self.routine(), COLUMNS[:2]
        outputs = {name: node for name, node in routine.outputs.items() if name not in point}
        measure = block(routine.program, outputs, carried=point), point
        parts = {"landscape": describe(LANDSCAPES[self.landscape], self.structural)}
        parts["parameters"] = ", ".join(routine.parameters) or "none"
        title = "loss and gradient norm" if self.with_gradient else "loss"
        lines = [*header(title, parts), *function_module(routine.parameters, {"measure": measure}), ""]
        return Kernel("\n".join(lines), routine.parameters)


def evaluate_points(
    routine: Stepper, points: Tensor, values: Mapping[str, float], with_gradient: bool = True
) -> tuple[Tensor, ...]:
    """Loss ``(N,)`` at ``points`` ``(N, 2)``, and the gradient norm if requested, by a compiled routine.

    ``values`` are the landscape's numeric parameters, keyed ``landscape.name``.
    """
    columns = torch.cat([points.mT, points.new_empty(1 + with_gradient, len(points))]).contiguous()
    routine.advance(columns, values, columns.new_empty(0, len(points)), 1)
    return tuple(columns[2:])


def losses(loss: Loss, points: Tensor) -> Tensor:
    """Losses ``(N,)`` at ``points`` ``(N, 2)`` in PyTorch, block by block, without a graph."""
    with torch.no_grad():
        return torch.cat([loss(block) for block in torch.split(points, BLOCK)])

"""The kernel of the curvature: loss and derivatives at a point, and what follows from them, traced for the browser."""

from collections.abc import Mapping

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import block, function_module
from cliffscape.landscapes.backends.kernels import Kernel, describe, header, trace_rule
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import SecondOrder, eigenvalues, second_order
from cliffscape.landscapes.descent.step_profile import models
from cliffscape.landscapes.tracing.arguments import Arguments, check_traceable, scalar_names, variables
from cliffscape.landscapes.tracing.program import Program

POINT = ("x", "y")


def curvature_kernel(landscape: str, structural: Mapping[str, float]) -> Kernel:
    """Loss and curvature around a point, exported as functions.

    ``sharpness(parameters, x, y)`` is the Hessian's largest eigenvalue, ``flattest(parameters, x, y)`` its smallest
    one, ``loss(parameters, x, y)`` the loss, and ``models(parameters, x, y, along_0, along_1)`` loss, slope and
    curvature in a direction. All but the loss read the numbers of ``derivatives(parameters, x, y)``: the loss, the
    gradient, and the Hessian row by row.
    """
    surface = LANDSCAPES[landscape]
    check_traceable(surface)
    arguments = Arguments(Program())
    loss, size = surface.loss(**arguments.of("landscape", surface, structural)), surface.of(**structural).dimension
    theta = torch.tensor(surface.start, dtype=torch.float64)
    traced = arguments.trace(lambda theta: list(second_order(loss, theta[..., :size])), {"theta": theta})
    at = SecondOrder(theta.new_zeros(()), theta.new_zeros(size), theta.new_zeros(size, size))
    outputs = dict(zip(scalar_names(at._asdict()), traced, strict=True))
    functions = {
        "derivatives": (block(arguments.program, outputs, carried=POINT), POINT),
        "loss": (block(arguments.program, {"loss": outputs["value"]}, carried=POINT), POINT),
    }
    read = f"const [{', '.join(outputs)}] = derivatives(parameters, {', '.join(POINT)});"
    parts = {"landscape": describe(surface, structural), "parameters": ", ".join(arguments.names) or "none"}
    lines = [*header("curvature, loss, and models along a line", parts), *function_module(arguments.names, functions)]
    return Kernel("\n".join([*lines, *rules(at, read), ""]), tuple(arguments.names))


def rules(at: SecondOrder, read: str) -> list[str]:
    """The functions that follow from the derivatives, which the statement ``read`` computes."""
    size, along = len(at.gradient), torch.zeros(2, dtype=torch.float64)

    def line(along: Tensor, **derivatives: Tensor) -> dict[str, Tensor]:
        return models(SecondOrder(**derivatives), along[..., :size])._asdict()

    (sharpest, _), _ = trace_rule(lambda hessian: {"sharpness": eigenvalues(hessian)[1]}, {"hessian": at.hessian})
    (flattest, _), _ = trace_rule(lambda hessian: {"flattest": eigenvalues(hessian)[0]}, {"hessian": at.hessian})
    (modelled, _), _ = trace_rule(line, {**at._asdict(), "along": along})
    return [
        *sharpest.function("sharpness", [], POINT, [read]),
        *flattest.function("flattest", [], POINT, [read]),
        *modelled.function("models", [], (*POINT, *variables("along", 2)), [read]),
    ]

"""Planes of a user's own models on a GPU: against the loop that a user writes, and the forward passes alone."""

from functools import partial

import torch
from peers import model_planes
from peers.model_planes import Problem
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import cliffscape
from gpu.table import Table, median

SIDE = 21


def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    """That of a classifier."""
    return cross_entropy(model(batch[0]), batch[1])


def measure_own_models(table: Table, gpu: torch.device) -> None:
    """The first convolution and the first transformer of benchmarks/models.py: milliseconds of a whole plane."""
    chosen = {problem.name.partition(",")[0]: problem for problem in reversed(model_planes.problems())}
    for name, here in chosen.items():
        problem = Problem(name, here.model.to(gpu), here.inputs.to(gpu), here.targets.to(gpu))
        view = cliffscape.slice(problem.model, loss, [(problem.inputs, problem.targets)])
        points = view.window.grid(SIDE, SIDE).reshape(-1, 2)
        parts = [view.subject.found.parameters.unpack(one) for one in (view.slice.origin, *view.slice.directions)]
        rows = {one: (parts[0][one], parts[1][one], parts[2][one]) for one in parts[0]}
        loop = model_planes.plain_loop(problem, points, rows)
        known = torch.tensor(loop(), dtype=torch.float64)
        apart = float(((view.value(points) - known) / known).abs().max())
        table.check(f"plane of a user's {name}: difference from a plain loop", apart, 1e-4)
        table.time(f"plane of a user's {name}, {SIDE} x {SIDE} points", median(partial(view.value, points), 5))
        table.time("the same by a plain loop", median(loop, 3))
        table.time("forward passes alone", median(model_planes.forward_passes(problem, SIDE * SIDE), 3))

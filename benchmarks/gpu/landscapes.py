"""Outcome maps and surfaces of landscapes of two parameters."""

from functools import partial

import torch
from torch import Tensor

from cliffscape.app.compute.gpu.cuda import compile_routine
from cliffscape.landscapes.backends.surface import SurfaceRecipe, evaluate_points
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import descend
from cliffscape.landscapes.descent.sweep import Lanes, Stepper, sweep
from cliffscape.landscapes.generators import run_to_end
from gpu.table import Table, median

CLIFF = LANDSCAPES["one_unit_rnn"]
# Sums with products per second in float64 of an H100 or H200, at best.
GPU_SUMS = 17e12
# A sigmoid and its derivative in float64: about 40 sums and products, most of them in the exponential.
SUMS_PER_SIGMOID = 40
# Of a compiled routine, all steps of all lanes in one go.
STEPS_AT_ONCE = 1 << 40


def recipe(kind: str, clip: str) -> SweepRecipe:
    """Gradient descent at a rate that suits the landscape."""
    return SweepRecipe(
        kind, "gradient_descent", clip, values={"optimizer.learning_rate": 0.5 if "rnn" in kind else 0.02}
    )


def outcomes(work: SweepRecipe, side: int, steps: int, device: torch.device, route: Stepper | None = None) -> Tensor:
    """Outcomes of a grid of starts, by a compiled routine or in PyTorch."""
    lanes = Lanes(LANDSCAPES[work.landscape].window.grid(side, side, device).reshape(-1, 2))
    turn = STEPS_AT_ONCE if route else len(lanes)
    return run_to_end(sweep(work, lanes, steps, lambda: route, lambda: turn, len(lanes))).outcome


def measure_outcomes(table: Table, gpu: torch.device) -> None:
    """Outcomes on the GPU against those on the CPU, and the time of a million descents beside the floor."""
    recipes = {"smooth": recipe("himmelblau", "by_norm"), "chaotic": recipe("one_unit_rnn", "none")}
    known = {name: outcomes(work, 257, 100, torch.device("cpu")) for name, work in recipes.items()}
    for how in ("in PyTorch", "compiled"):
        routes = {
            name: compile_routine(work.routine(), (), gpu) if how == "compiled" else None
            for name, work in recipes.items()
        }
        found = {name: outcomes(work, 257, 100, gpu, routes[name]).cpu() for name, work in recipes.items()}
        apart = float((found["smooth"] != known["smooth"]).double().mean())
        table.check(f"share of a smooth map's cells that differ from the CPU's, {how}", apart, 0.001)
        counts = found["chaotic"].bincount(minlength=5) - known["chaotic"].bincount(minlength=5)
        share = float(counts.abs().max()) / 257**2
        table.check(f"difference of a chaotic map's shares from the CPU's, {how}", share, 0.01)
    for clip in ("none", "by_norm"):
        work = recipe("one_unit_rnn", clip)
        route = compile_routine(work.routine(), (), gpu)
        name = f"outcome map 1024 x 1024, 200 steps, T = 50, clip {clip}, compiled"
        table.time(name, median(partial(outcomes, work, 1024, 200, gpu, route), 5), 60)
    floor = 1e3 * 1024**2 * 200 * 50 * SUMS_PER_SIGMOID / GPU_SUMS
    table.time("floor: the sums and products of its sigmoids alone, reckoned", floor)
    table.time(
        "the same map in PyTorch, clip none", median(partial(outcomes, recipes["chaotic"], 1024, 200, gpu, None), 1)
    )


def measure_pytorch(table: Table, gpu: torch.device) -> None:
    """The surface of the cliff with its gradient, and clipped descents, in PyTorch on both devices."""

    def surface(device: torch.device) -> Tensor:
        loss, gradient = value_and_gradient(CLIFF.loss(), CLIFF.window.grid(513, 513, device))
        return loss + 0 * gradient.sum(-1)

    def ends(device: torch.device) -> Tensor:
        start = CLIFF.window.grid(256, 256, device).reshape(-1, 2)
        optimizer, clip = OPTIMIZERS["gradient_descent"].function(0.5), CLIPS["by_norm"].function(0.2)
        *_, last = descend(CLIFF.loss(), start, optimizer, clip, 60, block=1)
        return last.loss[-1]

    names = {"surface with gradient, 513 x 513": surface, "60 clipped steps, 65,536 lanes": ends}
    for name, work in names.items():
        for device in (gpu, torch.device("cpu")):
            table.time(f"{name}, in PyTorch, {device.type}", median(partial(work, device), 1))
        # The median: near the cliff single lanes are chaos.
        table.check(
            "their median difference", float((work(gpu).cpu() - work(torch.device("cpu"))).abs().median()), 1e-9
        )


def measure_surface(table: Table, gpu: torch.device) -> None:
    """The surface of 512 x 512 points in float32, compiled for the GPU, without the copy to the CPU."""
    points = CLIFF.window.grid(512, 512, gpu).reshape(-1, 2).float()
    about = SurfaceRecipe("one_unit_rnn", {"sequence_length": 50}, with_gradient=False)
    values = {f"landscape.{one.name}": float(one.default) for one in CLIFF.parameters if not one.range.structural}
    routine = compile_routine(about.routine(), (), gpu, torch.float32)
    assert routine is not None, "the GPU's compiler fails"
    work = partial(evaluate_points, routine, points, values, with_gradient=False)
    table.time("surface 512 x 512 in float32, T = 50, compiled", median(work, 20), 3)
    apart = (work()[0] - CLIFF.loss()(points.double())).abs().median()
    table.check("its median difference from float64", float(apart), 1e-6)

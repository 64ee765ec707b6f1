"""Everything that is checked and measured on a GPU, as one table with bounds.

    make bench-gpu, or python benchmarks/device.py

Runs the tests that use a GPU, compares results with those of the CPU, and times what the bounds are for: medians, after
a warm-up. The exit status is 1 if a result is wrong; a time over its bound is only marked. Takes about two minutes.
Without a GPU it says so, and how long machine code for one takes to compile.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from cliffscape.app.compute.gpu.block_library import compile_steps_for
from cliffscape.app.compute.gpu.cuda import compile_cubin, compile_routine
from cliffscape.app.runs.network import View, build_view, convert, on_gpu
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.backends.gpu.cuda_source import source
from cliffscape.landscapes.backends.surface import SurfaceRecipe, evaluate_points
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import Record, descend, descend_with
from cliffscape.landscapes.descent.sweep import Lanes, Stepper, sweep
from cliffscape.landscapes.generators import run_to_end

ROOT = Path(__file__).parent.parent
CLIFF = LANDSCAPES["one_unit_rnn"]
NETWORK = Scene.model_validate({"landscape": {"kind": "recurrent_network"}})
# Sums with products per second in float64 of an H100 or H200, at best.
GPU_SUMS = 17e12
# A sigmoid and its derivative in float64: about 40 sums and products, most of them in the exponential.
SUMS_PER_SIGMOID = 40
# Of a compiled routine, all steps of all lanes in one go.
STEPS_AT_ONCE = 1 << 40


@dataclass
class Table:
    """The rows of the table; a check without a bound has none, and ``wrong`` counts the wrong results."""

    wrong: int = 0
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def time(self, name: str, milliseconds: float, bound: float | None = None) -> None:
        """A time in milliseconds and its bound."""
        mark = "" if bound is None else "within" if milliseconds <= bound else "OVER"
        self.add(name, f"{milliseconds:.2f} ms", "" if bound is None else f"{bound:g} ms", mark)

    def check(self, name: str, found: float, bound: float) -> None:
        """A difference, which is wrong above its bound."""
        right = found <= bound
        self.wrong += not right
        self.add(name, f"{found:.1e}", f"{bound:g}", "right" if right else "WRONG")

    def add(self, *row: str) -> None:
        """A row, printed at once."""
        self.rows.append(row)
        print(f"{row[0]:<68}{row[1]:>14}{row[2]:>12}  {row[3]}", flush=True)


def median(work: Callable[[], object], repeat: int = 7) -> float:
    """Milliseconds, after one warm-up."""
    times = []
    for _ in range(repeat + 1):
        torch.cuda.synchronize()
        began = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[1:])


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


def descents(view: View, start: Tensor) -> Record:
    """60 clipped steps on a slice from each start, without records of the arrows."""
    optimizer, clip = OPTIMIZERS["gradient_descent"].function(0.1), CLIPS["by_norm"].function(1.0)
    (found,) = descend_with(view.value_and_gradient, start, optimizer, clip, 60, 64)
    return found


def measure_network(table: Table, gpu: torch.device) -> None:
    """Descents and a surface on the default network's slice: 50 units, T = 20, 20 sequences, float64."""
    compile_steps_for(gpu)
    here = run_to_end(build_view(NETWORK))
    there = on_gpu(here, gpu, 1 << 30)
    assert there.gpu is not None, "the GPU's compiler fails"
    start = torch.rand(60, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) - 0.5
    for lanes in (2, 60):
        bound = 50 if lanes == 60 else None
        table.time(
            f"{lanes} descents of 60 steps on a network", median(lambda n=lanes: descents(there, start[:n])), bound
        )
    table.time("one loss with gradient of each, one graph", median(lambda: there.value_and_gradient(start), 50))
    moved = convert(here, gpu, torch.float64)
    table.time("the same, launch after launch", median(lambda: moved.value_and_gradient(start.to(gpu)), 50))
    table.time("the same 60 descents on the CPU, one thread", median(lambda: descents(here, start), 1))
    table.check(
        "their last losses differ from the CPU's by", largest(descents(there, start), descents(here, start)), 1e-9
    )
    alone, together = there.value_and_gradient(start[:2])[1], there.value_and_gradient(start)[1][:2]
    table.check("a lane differs alone and among 60 by", float((alone - together).abs().max()), 0)
    points = NETWORK.resolved_window.grid(257, 257, gpu).reshape(-1, 2)
    for dtype in (torch.float32, torch.float64):
        view = convert(here, gpu, dtype)
        work = lambda view=view, dtype=dtype: [view.value(part.to(dtype)) for part in points.split(1 << 14)]  # noqa: E731
        table.time(f"257 x 257 points of its slice, {dtype}".replace("torch.", ""), median(work, 5), 500)
        apart = (work()[0][:200].cpu().double() - here.value(points[:200].cpu())).abs().max()
        table.check("its difference from float64 on the CPU", float(apart), 1e-5 if dtype == torch.float32 else 1e-12)


def largest(found: Record, known: Record) -> float:
    """The largest difference of the last losses."""
    return float((found.loss[-1] - known.loss[-1]).abs().max())


def run_tests(table: Table) -> None:
    """The tests with a parameter ``cuda``, in one process of their own."""
    # The files' own conftest starts web servers, which these tests do not need.
    folders = ["app/compute/gpu", "app/frames/test_devices.py"]
    folders += ["landscapes/test_device.py", "landscapes/networks", "landscapes/backends/gpu"]
    command = [sys.executable, "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", "-k", "cuda"]
    command += [f"tests/{folder}" for folder in folders]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    table.wrong += done.returncode != 0
    summary = done.stdout.strip().splitlines()[-1].strip("= ") if done.stdout.strip() else done.stderr[-500:]
    table.add("tests with a GPU", f"{time.perf_counter() - began:.0f} s", "", summary)
    if done.returncode:
        print(done.stdout[-6000:])


def compile_for_none() -> None:
    """How long the machine code for a GPU takes to compile, where there is none to run it."""
    print("no GPU here: nothing of this benchmark can run; PyTorch sees none")
    for kind in ("one_unit_rnn", "repeated_composition"):
        text = source(recipe(kind, "by_norm").routine())
        began = time.perf_counter()
        compile_cubin(text, "sm_90")
        print(f"a step of {kind} compiles for an H100 in {1000 * (time.perf_counter() - began):.0f} ms; it is not run")


def main() -> int:
    if not torch.cuda.is_available():
        compile_for_none()
        return 0
    gpu, table = torch.device("cuda", 0), Table()
    # As in the server's process: one thread for the small tensors of a step.
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {torch.cuda.get_device_name()}, {time.strftime('%Y-%m-%d')}")
    measure_network(table, gpu)
    measure_outcomes(table, gpu)
    measure_surface(table, gpu)
    measure_pytorch(table, gpu)
    run_tests(table)
    print(f"{table.wrong} wrong" if table.wrong else "all results are right")
    return int(table.wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

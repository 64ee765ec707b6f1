"""Descents on the slice of the default network, and its surface."""

import torch
from torch import Tensor

from cliffscape.app.compute.gpu.block_library import compile_steps_for
from cliffscape.app.runs.network import View, build_view, convert, on_gpu
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.descent.descend import Record, descend_with
from cliffscape.landscapes.generators import run_to_end
from gpu.table import Table, median

NETWORK = Scene.model_validate({"landscape": {"kind": "recurrent_network"}})


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

"""Runs of a sweep's kernel in Node, and their results by PyTorch."""

import torch
from torch import Tensor

from cliffscape.landscapes.backends.sweep_kernel import sweep_kernel
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.outcome import RunResult
from cliffscape.landscapes.descent.sweep import Lanes
from tests.node import SweepRuns, run
from tests.reference import tensor
from tests.routes import RECIPES, run_sweep

STEPS = 12


def job(
    recipe: SweepRecipe, starts: Tensor, steps: int, own: dict[str, Tensor] | None = None, vectors: bool = False
) -> SweepRuns:
    """The kernel's runs of all lanes; ``vectors``: in WebAssembly."""
    kernel = sweep_kernel(recipe)
    columns = [(own or {}).get(name, tensor(recipe.parameters[name]).expand(len(starts))) for name in kernel.parameters]
    parameters = torch.stack(columns, -1) if columns else starts.new_empty(len(starts), 0)
    return SweepRuns(kernel.source, parameters, starts, steps, vectors)


def check(found: Tensor, expected: RunResult, rtol: float = 1e-9) -> None:
    """The kernel's results, row by row, against PyTorch's."""
    columns = RunResult(*found.unbind(-1))
    assert columns.outcome.tolist() == expected.outcome.tolist()
    assert columns.thrown.tolist() == expected.thrown.double().tolist()
    for name in ("loss", "converged_at", "longest_step"):
        torch.testing.assert_close(
            getattr(columns, name), getattr(expected, name), rtol=rtol, atol=1e-9, equal_nan=True, msg=name
        )


def run_every_entry(vectors: bool) -> dict[str, tuple[Tensor, RunResult]]:
    """Results of the kernel and of PyTorch for every entry, around the start of its landscape."""
    starts = {
        key: tensor(LANDSCAPES[one.landscape].start) + tensor([[0.0, 0.0], [0.05, -0.1], [-0.1, 0.05]])
        for key, one in RECIPES.items()
    }
    found = run([job(one, starts[key], STEPS, vectors=vectors) for key, one in RECIPES.items()])
    expected = [run_sweep(one, Lanes(starts[key]), STEPS, "eager") for key, one in RECIPES.items()]
    return dict(zip(RECIPES, zip(found, expected, strict=True), strict=True))

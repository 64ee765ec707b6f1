"""Compiled cells: the steps of a net, several times as fast as in PyTorch for small nets.

A step in PyTorch costs some calls, and on small nets the calls take longer than the work. The first use of a cell
compiles it, which takes a second where the library is not in a cache. Without a compiler the steps are PyTorch's.
"""

import threading
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from cliffscape.landscapes.backends.c_compiler import load_temporary
from cliffscape.landscapes.backends.gpu.block_recurrence import compile_blocks
from cliffscape.landscapes.backends.recurrence import Recurrence, compile_recurrence
from cliffscape.landscapes.backends.recurrence_source import GATE, GRADIENT, MEMORY, Activation
from cliffscape.landscapes.networks.cells import Activate, Cell
from cliffscape.landscapes.tracing.arguments import Arguments
from cliffscape.landscapes.tracing.program import Program
from cliffscape.landscapes.tracing.trace import UntraceableError


def trace_activation(cell: Cell) -> Activation:
    """The nonlinearities of a cell and their derivatives as a scalar program.

    Raises:
        UntraceableError: the cell uses an op that has no scalar form.
    """
    gates = [f"{GATE}{n}" for n in range(cell.by_hand.blocks)]
    memory, gradient = MEMORY[: cell.memories], GRADIENT[: cell.memories]
    arguments = Arguments(Program())

    def measure(**given: Tensor) -> list[Tensor]:
        leaves = [given[name].detach().requires_grad_() for name in (*gates, *memory)]
        with torch.enable_grad():
            after = cell.activate(leaves[: len(gates)], tuple(leaves[len(gates) :]))
            slopes = torch.autograd.grad(after, leaves, [given[name] for name in gradient], materialize_grads=True)
        return [*after, *slopes]

    # Different numbers, none of them special; they only serve the tracing.
    names = (*gates, *memory, *gradient)
    inputs = {name: torch.tensor(0.1 + 0.01 * n, dtype=torch.float64) for n, name in enumerate(names)}
    scalars = arguments.trace(measure, inputs)
    after, slopes = scalars[: cell.memories], scalars[cell.memories :]
    return Activation(arguments.program, after, slopes[: len(gates)], slopes[len(gates) :])


def no_library(text: str) -> None:
    """Compiles nothing, so that PyTorch takes all steps."""


# Compiles the steps of a cell, with a function that compiles and loads a text.
CompileSteps = Callable[[Activation, Callable[[str], Any]], Recurrence | None]


class CompiledCells:
    """The compiled steps of each cell; safe to use from any thread. ``load`` compiles and loads a text.

    ``steps`` writes the text, in C or CUDA. Cells with equal nonlinearities share their steps, whatever their number of
    units.
    """

    def __init__(self, load: Callable[[str], Any] = load_temporary, steps: CompileSteps = compile_recurrence) -> None:
        self.load, self.steps = load, steps
        self._lock = threading.Lock()
        self._found: dict[Activate, Recurrence | None] = {}

    def get(self, cell: Cell) -> Recurrence | None:
        """The compiled steps of a cell, or None if they cannot be compiled. The first call waits for the compiler."""
        with self._lock:
            if cell.activate not in self._found:
                self._found[cell.activate] = self._compile(cell)
            return self._found[cell.activate]

    def _compile(self, cell: Cell) -> Recurrence | None:
        try:
            return self.steps(trace_activation(cell), self.load)
        except UntraceableError:
            return None


# One for the whole process: the first use of a cell decides for all later ones, so equal Scenes have equal results.
COMPILED = CompiledCells()
# The same for a GPU. Nothing is compiled for one until a server with a GPU sets ``load``.
COMPILED_FOR_GPU = CompiledCells(no_library, compile_blocks)

"""One step of every cell by hand: the cell's own step, and its derivatives."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.gates import StepBuffers, tanh
from cliffscape.landscapes.networks.unrolled import step

LANES, BATCH, INPUTS, UNITS = 2, 3, 4, 5
KINDS = [entry.kind for entry in CELLS]


def random_tensor(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def random_cell(kind: str) -> tuple[Cell, dict[str, Tensor], Tensor, tuple[Tensor, ...]]:
    """A cell, its weights, inputs of one step and a memory."""
    cell = CELLS[kind].function(UNITS)
    shapes = cell.shapes(INPUTS).items()
    weights = {name: random_tensor(LANES, *shape, seed=place) for place, (name, shape) in enumerate(shapes)}
    memory = tuple(random_tensor(LANES, BATCH, UNITS, seed=20 + place) for place in range(cell.memories))
    return cell, weights, random_tensor(LANES, BATCH, INPUTS, seed=10), memory


def expected(cell: Cell, weights: dict[str, Tensor], given: Tensor, memory: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The next memory by the cell's own step."""
    factors = {name: part.mT if part.dim() == 3 else part.unsqueeze(-2) for name, part in weights.items()}
    return cell.step(torch.baddbmm(factors["bias"], given, factors["weight_ih"]), memory, factors)


def by_hand(
    cell: Cell, weights: dict[str, Tensor], given: Tensor, memory: tuple[Tensor, ...], overwrite: bool
) -> StepBuffers:
    """The buffers after a step; ``overwrite`` writes the memory over the one before."""
    state, cell_state = (*(part.clone() for part in memory), given.new_zeros(LANES, BATCH, 0))[:2]
    after = (state, cell_state) if overwrite else (torch.empty_like(state), torch.empty_like(cell_state))
    gates = given.new_empty(LANES, BATCH, cell.rows)
    buffers = StepBuffers(gates, cell.by_hand.split(gates), state, cell_state, *after)
    step(cell, cell.by_hand.factors(weights), torch.cat([given, torch.ones_like(given[..., :1])], -1), buffers)
    return buffers


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_step_by_hand_equals_that_of_the_cell(kind: str, overwrite: bool) -> None:
    cell, weights, given, memory = random_cell(kind)
    buffers = by_hand(cell, weights, given, memory, overwrite)
    wanted = expected(cell, weights, given, memory)
    for found, part in zip((buffers.after, buffers.cell_state_after), wanted, strict=False):
        torch.testing.assert_close(found, part, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_a_backward_step_is_the_derivative(kind: str) -> None:
    cell, weights, given, memory = random_cell(kind)
    for part in (*weights.values(), *memory):
        part.requires_grad_()
    reached = tuple(random_tensor(LANES, BATCH, UNITS, seed=30 + place) for place in range(cell.memories))
    wanted = torch.autograd.grad(
        expected(cell, weights, given, memory), (*weights.values(), *memory), reached, allow_unused=True
    )
    with torch.no_grad():
        buffers = by_hand(cell, weights, given, memory, overwrite=False)
        grad_gates = torch.empty_like(buffers.gates)
        grad_state, grad_cell_state = (*(part.clone() for part in reached), given.new_zeros(LANES, BATCH, 0))[:2]
        direct = cell.by_hand.backward(buffers, grad_state, grad_cell_state, cell.by_hand.split(grad_gates))
        before = grad_gates @ cell.by_hand.factors(weights)[1].mT + (0 if direct is None else direct)
        ones = torch.cat([given, torch.ones_like(given[..., :1])], -1)
        slopes = cell.by_hand.weights(ones.mT @ grad_gates, memory[0].mT @ grad_gates)
    found = [*(slopes[name] for name in weights), before, grad_cell_state]
    for one, other in zip(found, wanted, strict=False):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-13)


def test_tanh_handles_inf_and_nan() -> None:
    values = torch.tensor([0.0, -0.0, 1.0, torch.inf, -torch.inf, torch.nan], dtype=torch.float64)
    for dtype, bound in ((torch.float64, 5e-16), (torch.float32, 2e-7)):
        found = tanh(values.to(dtype), torch.empty(6, dtype=dtype))
        torch.testing.assert_close(found.double(), torch.tanh(values), rtol=bound, atol=0, equal_nan=True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_tanh_of_a_number_does_not_depend_on_its_neighbours(dtype: torch.dtype) -> None:
    """Otherwise the loss of a point would depend on its chunk."""
    values = 3 * random_tensor(97).to(dtype)
    whole = tanh(values, torch.empty_like(values))
    for size in (1, 5, 16, 33):
        parts = [tanh(part, torch.empty_like(part)) for part in values.split(size)]
        assert torch.equal(torch.cat(parts), whole)

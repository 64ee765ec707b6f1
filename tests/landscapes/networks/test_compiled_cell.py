"""Compiled cells: their steps are those of PyTorch, for every cell, and without a compiler there are none."""

import ctypes
import threading

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.recurrence import Recurrence
from cliffscape.landscapes.networks import unrolled
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.compiled_cell import COMPILED, CompiledCells, no_library, trace_activation
from tests.routes import needs_compiler

KINDS = [entry.kind for entry in CELLS]
# Units, inputs, sequences, steps, and wanted states: single ones, and numbers that fill no row of registers.
SIZES = [(1, 1, 1, 1, 1), (7, 3, 2, 5, 2), (13, 1, 11, 4, 4), (50, 6, 20, 12, 1)]
LANES = 3


def random_tensor(*shape: int, seed: int = 0) -> Tensor:
    return 0.5 * torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def compiled(kind: str) -> Recurrence:
    found = COMPILED.get(CELLS[kind].function(5))
    assert found is not None
    return found


def random_factors(cell: Cell, width: int) -> tuple[Tensor, Tensor]:
    """The two factors of a cell with random weights, small enough that states do not explode."""
    shapes = cell.shapes(width).items()
    scale = cell.hidden_units**-0.5
    weights = {name: scale * random_tensor(LANES, *shape, seed=n) for n, (name, shape) in enumerate(shapes)}
    return cell.by_hand.factors(weights)


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("units", "width", "size", "length", "wanted"), SIZES)
@pytest.mark.parametrize("shared", [False, True])
def test_states_and_gradients_are_those_of_pytorch(
    kind: str, units: int, width: int, size: int, length: int, wanted: int, shared: bool
) -> None:
    cell = CELLS[kind].function(units)
    inputs = random_tensor(1 if shared else LANES, length, size, width, seed=30)
    factors, grad_states = random_factors(cell, width), random_tensor(LANES, wanted, size, units, seed=40)
    expected, gradients = unrolled.states_and_gradients(cell, factors, inputs, wanted)
    states, tape = compiled(kind).states(inputs, *factors, wanted)
    torch.testing.assert_close(states, expected, rtol=1e-12, atol=1e-14)
    assert torch.equal(compiled(kind).states(inputs, *factors, wanted, keep=False)[0], states)
    for found, slope in zip(compiled(kind).gradients(tape, grad_states), gradients(grad_states), strict=True):
        torch.testing.assert_close(found, slope, rtol=1e-10, atol=1e-12)


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
def test_inf_and_nan_stay_in_their_lane(kind: str) -> None:
    cell = CELLS[kind].function(6)
    inputs, factors = random_tensor(1, 4, 3, 2, seed=30), random_factors(cell, 2)
    grad_states = random_tensor(LANES, 1, 3, 6, seed=40)
    states, tape = compiled(kind).states(inputs, *factors, 1)
    slopes = compiled(kind).gradients(tape, grad_states)
    factors[1][1] = torch.nan
    broken, tape = compiled(kind).states(inputs, *factors, 1)
    broken_slopes = compiled(kind).gradients(tape, grad_states)
    for found, before in zip((broken, *broken_slopes), (states, *slopes), strict=True):
        assert torch.equal(found[[0, 2]], before[[0, 2]])
        assert found[1].isnan().any()


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
def test_no_lane_depends_on_another_in_the_last_bit(kind: str) -> None:
    cell = CELLS[kind].function(7)
    inputs, factors = random_tensor(1, 5, 3, 2, seed=30), random_factors(cell, 2)
    grad_states = random_tensor(LANES, 2, 3, 7, seed=40)
    states, tape = compiled(kind).states(inputs, *factors, 2)
    slopes = compiled(kind).gradients(tape, grad_states)
    for lane in range(LANES):
        alone, tape = compiled(kind).states(inputs, *(factor[lane : lane + 1] for factor in factors), 2)
        assert torch.equal(alone[0], states[lane])
        for found, slope in zip(compiled(kind).gradients(tape, grad_states[lane : lane + 1]), slopes, strict=True):
            assert torch.equal(found[0], slope[lane])


@needs_compiler
def test_a_relu_net_overflows_as_in_pytorch() -> None:
    cell = CELLS["relu_rnn"].function(5)
    inputs, factors = random_tensor(1, 60, 3, 2, seed=30).abs(), random_factors(cell, 2)
    factors[1][:] = 1e6 * (1 + torch.arange(LANES, dtype=torch.float64).reshape(-1, 1, 1))
    expected = unrolled.last_states(cell, factors, inputs, 60)
    states, _ = compiled("relu_rnn").states(inputs, *factors, 60)
    assert not expected.isfinite().all() and expected.isfinite().any()
    assert torch.equal(states.isfinite(), expected.isfinite())
    finite = expected.isfinite()
    torch.testing.assert_close(states[finite], expected[finite], rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_traced_nonlinearities_have_a_gradient_by_every_gate(kind: str) -> None:
    cell = CELLS[kind].function(5)
    activation = trace_activation(cell)
    assert len(activation.after) == len(activation.grad_before) == cell.memories
    assert len(activation.grad_gates) == cell.by_hand.blocks


def test_without_a_compiler_there_are_no_compiled_steps() -> None:
    assert CompiledCells(no_library).get(CELLS["lstm"].function(5)) is None


def test_a_cell_that_cannot_be_traced_is_not_compiled() -> None:
    cell = CELLS["tanh_rnn"].function(5)._replace(activate=lambda gates, _: (torch.erf(gates[0]),))
    assert CompiledCells(no_library).get(cell) is None


def test_a_cell_is_compiled_once_whatever_its_size() -> None:
    texts: list[str] = []

    def load(text: str) -> ctypes.CDLL | None:
        texts.append(text)
        return None

    cells, barrier = CompiledCells(load), threading.Barrier(3)

    def use(units: int) -> None:
        barrier.wait()
        cells.get(CELLS["gru"].function(units))

    threads = [threading.Thread(target=use, args=(units,)) for units in (3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 1

"""Compiled cells: their steps are those of PyTorch, for every cell, and without a compiler there are none."""

import ctypes
import threading
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.recurrence import Places
from cliffscape.landscapes.networks import unrolled
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.compiled.cells import COMPILED, CompiledCells, no_library, trace_activation
from cliffscape.landscapes.networks.compiled.net import factor_places
from cliffscape.landscapes.networks.layout import Layout
from tests.routes import needs_compiler

KINDS = [entry.kind for entry in CELLS]
# Units, inputs, sequences, steps, and wanted states: single ones, and numbers that fill no row of registers.
SIZES = [(1, 1, 1, 1, 1), (7, 3, 2, 5, 2), (13, 1, 11, 4, 4), (50, 6, 20, 12, 1)]
LANES = 3


def random_tensor(*shape: int, seed: int = 0) -> Tensor:
    return 0.5 * torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


class Setting(NamedTuple):
    """A cell with random weights, small enough that states do not explode."""

    cell: Cell
    layout: Layout
    theta: Tensor
    places: Places

    @property
    def factors(self) -> tuple[Tensor, Tensor]:
        return self.cell.by_hand.factors(self.layout.unpack(self.theta))

    def steps(self, inputs: Tensor, grad_states: Tensor) -> tuple[Tensor, Tensor]:
        """The last states and the gradient by theta, compiled."""
        recurrence = COMPILED.get(self.cell)
        assert recurrence is not None
        states, tape = recurrence.states(self.theta, self.places, inputs, grad_states.shape[1])
        gradient = torch.zeros_like(self.theta)
        recurrence.gradient(tape, self.places, grad_states, gradient)
        brief, _ = recurrence.states(self.theta, self.places, inputs, grad_states.shape[1], keep=False)
        assert torch.equal(brief.nan_to_num(), states.nan_to_num())
        return states, gradient


def setting(kind: str, units: int, width: int) -> Setting:
    cell = CELLS[kind].function(units)
    layout = Layout(cell.shapes(width))
    theta = units**-0.5 * random_tensor(LANES, layout.size)
    return Setting(cell, layout, theta, factor_places(cell, layout))


def compare_with_pytorch(given: Setting, inputs: Tensor, grad_states: Tensor, found: tuple[Tensor, Tensor]) -> None:
    """Check the last states and the gradient by theta against the steps in PyTorch."""
    states, gradient = found
    expected, gradients = unrolled.states_and_gradients(given.cell, given.factors, inputs, grad_states.shape[1])
    torch.testing.assert_close(states, expected, rtol=1e-12, atol=1e-14)
    slopes = given.layout.pack(given.cell.by_hand.weights(*gradients(grad_states)))
    torch.testing.assert_close(gradient, slopes, rtol=1e-10, atol=1e-12)


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("units", "width", "size", "length", "wanted"), SIZES)
@pytest.mark.parametrize("shared", [False, True])
def test_states_and_gradients_are_those_of_pytorch(
    kind: str, units: int, width: int, size: int, length: int, wanted: int, shared: bool
) -> None:
    given = setting(kind, units, width)
    inputs = random_tensor(1 if shared else LANES, length, size, width, seed=30)
    grad_states = random_tensor(LANES, wanted, size, units, seed=40)
    compare_with_pytorch(given, inputs, grad_states, given.steps(inputs, grad_states))


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
def test_inf_and_nan_stay_in_their_lane(kind: str) -> None:
    given = setting(kind, 6, 2)
    inputs, grad_states = random_tensor(1, 4, 3, 2, seed=30), random_tensor(LANES, 1, 3, 6, seed=40)
    before = given.steps(inputs, grad_states)
    given.theta[1] = torch.nan
    for found, whole in zip(given.steps(inputs, grad_states), before, strict=True):
        assert torch.equal(found[[0, 2]], whole[[0, 2]])
        assert found[1].isnan().any()


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
def test_no_lane_depends_on_another_in_the_last_bit(kind: str) -> None:
    given = setting(kind, 7, 2)
    inputs, grad_states = random_tensor(1, 5, 3, 2, seed=30), random_tensor(LANES, 2, 3, 7, seed=40)
    states, gradient = given.steps(inputs, grad_states)
    for lane in range(LANES):
        alone = given._replace(theta=given.theta[lane : lane + 1])
        one, slope = alone.steps(inputs, grad_states[lane : lane + 1])
        assert torch.equal(one[0], states[lane]) and torch.equal(slope[0], gradient[lane])


@needs_compiler
def test_a_relu_net_overflows_as_in_pytorch() -> None:
    given = setting("relu_rnn", 5, 2)
    inputs = random_tensor(1, 60, 3, 2, seed=30).abs()
    given.theta[:] = 1e6 * (1 + torch.arange(LANES, dtype=torch.float64).unsqueeze(-1))
    expected = unrolled.last_states(given.cell, given.factors, inputs, 60)
    states, _ = given.steps(inputs, torch.zeros_like(expected))
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

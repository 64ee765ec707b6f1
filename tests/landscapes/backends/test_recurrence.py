"""Compiled steps of a cell: sizes, memory, and arrays in any layout."""

import pytest
import torch

from cliffscape.landscapes.backends.recurrence import PAD, Places, Recurrence, check, compile_recurrence
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.compiled.cells import COMPILED, trace_activation
from tests.routes import needs_compiler


def compiled(kind: str) -> Recurrence:
    found = COMPILED.get(CELLS[kind].function(3))
    assert found is not None
    return found


def test_without_a_library_there_are_no_steps() -> None:
    assert compile_recurrence(trace_activation(CELLS["gru"].function(3)), lambda _: None) is None


@needs_compiler
def test_the_tape_has_every_step_only_if_it_is_kept() -> None:
    lstm = compiled("lstm")
    # Two memories and five stored numbers, for rows of units that fill registers.
    assert lstm.numbers_per_lane(10, 4, 3, keep=True) == 11 * 7 * 4 * PAD
    assert lstm.numbers_per_lane(10, 4, PAD + 1, keep=False) == 2 * 7 * 4 * 2 * PAD


@needs_compiler
def test_inputs_and_theta_are_read_in_their_order_whatever_their_layout() -> None:
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(5, 2, 4, 3, dtype=torch.float64, generator=generator).transpose(0, 1)
    theta = torch.randn(60, 2, dtype=torch.float64, generator=generator).mT
    # A factor of the inputs with the bias in its last row, and one of the states whose first row is 0.
    places = Places(torch.arange(24).reshape(4, 6), torch.arange(24, 60).reshape(6, 6))
    places.states[0] = -1
    found, _ = compiled("tanh_rnn").states(theta, places, inputs, 2)
    input_factor, state_factor = theta[:, :24].reshape(2, 4, 6), theta[:, 24:].reshape(2, 6, 6).clone()
    state_factor[:, 0] = 0
    state = torch.zeros(2, 4, 6, dtype=torch.float64)
    for part in inputs.unbind(1):
        state = torch.tanh(part @ input_factor[:, :-1] + input_factor[:, -1:] + state @ state_factor)
    torch.testing.assert_close(found[:, -1], state, rtol=1e-12, atol=1e-14)


def test_too_little_memory_is_an_error() -> None:
    check(0)
    with pytest.raises(MemoryError, match="memory"):
        check(1)

"""The C text of a cell: what a step stores for backpropagation, and what it computes again."""

import pytest

from cliffscape.landscapes.backends.recurrence_source import GATE, Activation, source
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.compiled.cells import trace_activation

# Numbers per unit and step in addition to the memory. A simple cell needs only its state. The derivatives of gates
# follow from their results: r, z, n and the inner part that r multiplies; i, f, o, g and the tanh of the cell state.
STORED = {"tanh_rnn": 0, "relu_rnn": 0, "gru": 4, "lstm": 5}


def activation(kind: str) -> Activation:
    return trace_activation(CELLS[kind].function(3))


@pytest.mark.parametrize(("kind", "count"), STORED.items())
def test_results_of_functions_are_stored_and_sums_computed_again(kind: str, count: int) -> None:
    found = activation(kind)
    assert len(found.stored) == count
    ops = {found.program.nodes[scalar].op for scalar in found.stored}
    assert ops <= {"tanh", "sigmoid", "input"}


@pytest.mark.parametrize("kind", [entry.kind for entry in CELLS])
def test_the_backward_step_calls_no_function(kind: str) -> None:
    """Exponentials take most of the time of a step, so none is computed twice."""
    text = source(activation(kind))
    backward = text[text.index("static void differentiate") : text.index("/* States of a recurrent net")]
    assert "sigmoid(" not in backward and "NAMED(" not in backward


def test_every_gate_is_read_by_the_forward_step() -> None:
    text = source(activation("lstm"))
    forward = text[text.index("static void activate") : text.index("static void differentiate")]
    assert [f"gates[{n} * size + k]" in forward for n in range(5)] == [True] * 4 + [False]
    assert GATE not in forward

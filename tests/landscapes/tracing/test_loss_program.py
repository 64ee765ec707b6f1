"""Programs that begin with the loss of a landscape and its gradient."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.tracing.loss_program import loss_arguments, trace_loss
from cliffscape.landscapes.tracing.program import Program

RNN = LANDSCAPES["one_unit_rnn"]
THETA = {"theta": torch.tensor([4.0, -2.0], dtype=torch.float64)}


def test_the_loss_and_the_gradient_at_theta_are_known() -> None:
    """The trace adds no node but the sum, and elsewhere the loss is traced as always."""
    arguments = loss_arguments("one_unit_rnn", {"sequence_length": 5})
    loss, before = RNN.loss(**arguments.of("landscape", RNN, {"sequence_length": 5})), len(arguments.program.nodes)

    def total(theta: Tensor) -> Tensor:
        value, gradient = arguments.value_and_gradient(loss, theta)
        return value + gradient.sum()

    arguments.trace(total, THETA)
    assert len(arguments.program.nodes) == before + 2
    here = arguments.trace(lambda theta: list(arguments.value_and_gradient(loss, theta)), THETA)
    traced = arguments.trace(lambda theta: list(value_and_gradient(loss, theta)), THETA)
    assert here == traced and len(arguments.program.nodes) == before + 2
    arguments.trace(lambda theta: list(arguments.value_and_gradient(loss, theta + 1)), THETA)
    assert len(arguments.program.nodes) > 1.5 * before


def test_programs_that_begin_alike_do_not_change_each_other() -> None:
    first, second = (
        loss_arguments("one_unit_rnn", {"sequence_length": 3}),
        loss_arguments("one_unit_rnn", {"sequence_length": 3}),
    )
    first.program.add("neg", 0)
    assert len(first.program.nodes) == len(second.program.nodes) + 1
    traced = trace_loss.cache_info().misses
    assert loss_arguments("one_unit_rnn", {"sequence_length": 3}).program.nodes == second.program.nodes
    assert trace_loss.cache_info().misses == traced


def test_other_structure_and_a_landscape_that_was_read_again_have_programs_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short, long = (loss_arguments("one_unit_rnn", {"sequence_length": length}).program for length in (3, 30))
    assert len(long.nodes) > 5 * len(short.nodes)
    monkeypatch.setitem(LANDSCAPES.entries, "one_unit_rnn", replace(RNN, squares=2.0))
    assert loss_arguments("one_unit_rnn", {"sequence_length": 3}).program.nodes != short.nodes
    monkeypatch.undo()
    assert loss_arguments("one_unit_rnn", {"sequence_length": 3}).program.nodes == short.nodes


def test_a_program_of_given_nodes_shares_them() -> None:
    program = Program()
    product = program.add("*", program.input("x"), program.constant(2.0))
    copy = Program.of(program.nodes)
    assert copy.add("*", copy.input("x"), copy.constant(2.0)) == product
    assert copy.nodes == program.nodes and copy.nodes is not program.nodes

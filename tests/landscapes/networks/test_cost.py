"""Predicted costs: against the tensors that a graph really keeps, and bounds that are the largest possible."""

import pytest
import torch

from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.cost import (
    MOST_BYTES,
    MOST_SECONDS,
    PRODUCT_RATE,
    graph_bytes,
    max_product_sequences,
    multiply_adds,
    product_is_short,
)
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.slices.hessian import gradient_graph
from cliffscape.landscapes.slices.network_landscape import first_minibatch


def build_net(cell: str, units: int, length: int = 20, task: str = "adding") -> Net:
    """A network on a task."""
    return Net(CELLS[cell].function(units), TASKS[task].function(length))


@pytest.mark.parametrize("cell", ["tanh_rnn", "gru", "lstm"])
@pytest.mark.parametrize("task", ["adding", "characters"])
def test_a_graph_keeps_about_as_many_bytes_as_predicted(cell: str, task: str) -> None:
    net, kept = build_net(cell, 24, task=task), {}
    theta = net.initial(INITIALISATIONS["normal"].function(), torch.tensor([0]))[0]

    def count(tensor: torch.Tensor) -> torch.Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
        gradient_graph(net.loss(first_minibatch(net, 0, 64)), theta, 1)
    # Differentiating the graph again takes about as much as it keeps.
    assert 1 <= graph_bytes(net, 64) / sum(kept.values()) < 8


@pytest.mark.parametrize(("cell", "units"), [("tanh_rnn", 8), ("lstm", 128), ("gru", 512)])
@pytest.mark.parametrize("lanes", [2, 32])
def test_as_many_sequences_as_possible_are_allowed(cell: str, units: int, lanes: int) -> None:
    net = build_net(cell, units)
    most = max_product_sequences(net, lanes)
    assert most == 0 or (product_is_short(net, most, lanes) and lanes * graph_bytes(net, most) <= MOST_BYTES)
    more = most + 1
    assert not product_is_short(net, more, lanes) or lanes * graph_bytes(net, more) > MOST_BYTES
    assert lanes * multiply_adds(net, 1) * most <= MOST_SECONDS * PRODUCT_RATE

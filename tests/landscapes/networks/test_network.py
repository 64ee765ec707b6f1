"""The net as a loss: shapes, shared and separate batches, what a seed decides."""

import pytest
import torch

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net

NET = Net(CELLS["tanh_rnn"].function(8), TASKS["temporal_order"].function(10))
THETA = NET.initial(INITIALISATIONS["normal"].function(0.5), torch.arange(6))


def test_theta_holds_the_cell_and_the_readout() -> None:
    assert NET.layout.shapes == {
        "weight_ih": (8, 6),
        "weight_hh": (8, 8),
        "bias": (8,),
        "weight_out": (4, 8),
        "bias_out": (4,),
    }
    assert NET.layout.size == 48 + 64 + 8 + 32 + 4
    assert "bias_hn" in Net(CELLS["gru"].function(8), NET.task).layout.shapes


def test_a_batch_is_shared_by_all_lanes_or_each_lane_has_its_own() -> None:
    batch = NET.minibatch(torch.arange(3), 0, 5)
    own = NET.loss(batch)(THETA.reshape(2, 3, -1))
    assert own.shape == (2, 3)
    for row in range(2):
        for seed in range(3):
            shared = NET.loss(NET.minibatch(torch.tensor(seed), 0, 5))
            torch.testing.assert_close(shared(THETA)[3 * row + seed], own[row, seed], rtol=1e-14, atol=0)
            assert shared(THETA[3 * row + seed]).shape == ()


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    loss = NET.loss(NET.minibatch(torch.tensor(0), 0, 5))
    value, gradient = value_and_gradient(loss, THETA)
    along = torch.randn(THETA.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    slope = (loss(THETA + 1e-5 * along) - loss(THETA - 1e-5 * along)) / 2e-5
    torch.testing.assert_close((gradient * along).sum(-1), slope, rtol=1e-6, atol=1e-9)
    torch.testing.assert_close(value, loss(THETA), rtol=1e-14, atol=0)


@pytest.mark.parametrize("kind", [entry.kind for entry in TASKS])
@pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])
def test_every_cell_has_a_loss_on_every_task(kind: str, cell: str) -> None:
    net = Net(CELLS[cell].function(4), TASKS[kind].function(6))
    theta = net.initial(INITIALISATIONS["framework_default"].function(), torch.arange(2))
    batch = net.minibatch(torch.arange(2), 0, 3)
    value, gradient = value_and_gradient(net.loss(batch), theta)
    assert value.shape == (2,) and gradient.shape == theta.shape and gradient.isfinite().all()
    assert (gradient != 0).any(-1).all()
    outputs = net.outputs(theta, batch.inputs)
    assert outputs.shape == (2, net.task.steps, 3, net.task.outputs)
    assert net.error_rate(theta, batch).min() >= 0 and net.error_rate(theta, batch).max() <= 1


def test_minibatches_and_fresh_sequences_differ() -> None:
    seeds = torch.arange(2)
    several = NET.minibatch(seeds, torch.arange(3).unsqueeze(-1), 4)
    batches = [NET.minibatch(seeds, update, 4) for update in range(3)]
    assert torch.equal(several.inputs, torch.stack([batch.inputs for batch in batches]))
    streams = [*batches, NET.fresh(seeds, 0, 4), NET.fresh(seeds, 1, 4)]
    for place, one in enumerate(streams):
        assert not any(torch.equal(one.inputs, other.inputs) for other in streams[:place])


def test_the_error_on_fresh_data_is_counted_in_chunks() -> None:
    seeds = torch.arange(6)
    whole = NET.error_rate(THETA, NET.fresh(seeds, 0, 300))
    assert torch.equal(NET.fresh_error(THETA, seeds, 300), whole)
    parts = torch.stack([NET.error_rate(THETA, NET.fresh(seeds, part, 100)) for part in range(3)])
    torch.testing.assert_close(NET.fresh_error(THETA, seeds, 300, chunk=100), parts.mean(0), rtol=1e-14, atol=0)
    assert (whole - 0.75).abs().max() < 0.2
    assert (NET.fresh_error(THETA * torch.nan, seeds, 10) == 1).all()

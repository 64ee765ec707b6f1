"""How gradients flow back: closed forms of the plain recurrent net, and finite differences through every cell."""

import pytest
import torch

from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.gradient_flow import jacobian_singular_values, spectral_radii, state_gradients
from cliffscape.landscapes.networks.network import Net

SEEDS = torch.arange(2)


def test_the_plain_nets_jacobian_is_the_product_of_its_steps() -> None:
    net = Net(CELLS["tanh_rnn"].function(5), TASKS["adding"].function(8))
    theta = net.initial(INITIALISATIONS["normal"].function(0.6), SEEDS)[0]
    inputs = net.minibatch(torch.tensor(0), 0, 1).inputs
    states = [state[0, 0] for state in net.states(theta, inputs)]
    weight = net.layout.unpack(theta)["weight_hh"]
    product, expected = torch.eye(5, dtype=torch.float64), []
    for state in reversed(states):
        expected.append(torch.linalg.svdvals(product))
        product = product @ torch.diag(1 - state**2) @ weight
    found = run_to_end(jacobian_singular_values(net, theta, inputs))
    torch.testing.assert_close(found, torch.stack(expected[::-1]), rtol=1e-10, atol=1e-14)
    assert found[-1].tolist() == [1.0] * 5


def test_state_gradients_follow_the_chain_rule() -> None:
    net = Net(CELLS["tanh_rnn"].function(5), TASKS["temporal_order"].function(10))
    theta = net.initial(INITIALISATIONS["normal"].function(0.6), SEEDS)
    batch = net.minibatch(SEEDS, 0, 3)
    norms = state_gradients(net, theta, batch)
    assert norms.shape == (2, 10)
    weights = net.layout.unpack(theta)
    states = net.states(theta, batch.inputs)
    chances = torch.softmax(net.outputs(theta, batch.inputs)[:, 0], -1)
    slope = (chances - torch.nn.functional.one_hot(batch.targets[:, 0], 4)) / 3 @ weights["weight_out"]
    for step in range(9, -1, -1):
        torch.testing.assert_close(norms[:, step], slope.norm(dim=(-2, -1)), rtol=1e-10, atol=0)
        slope = slope * (1 - states[step] ** 2) @ weights["weight_hh"]


def test_gradients_whose_squares_underflow_have_norms() -> None:
    """Every step multiplies the gradient by 0.05, 199 times."""
    net = Net(CELLS["tanh_rnn"].function(5), TASKS["adding"].function(200))
    theta = net.initial(INITIALISATIONS["identity"].function(0.05, 1e-6), SEEDS)
    norms = state_gradients(net, theta, net.minibatch(SEEDS, 0, 3))
    ratios = norms[:, :-1] / norms[:, 1:]
    torch.testing.assert_close(ratios, torch.full_like(ratios, 0.05), rtol=1e-3, atol=0)


@pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])
@pytest.mark.parametrize("task", ["adding", "copy_memory"])
def test_every_net_has_a_gradient_flow(cell: str, task: str) -> None:
    net = Net(CELLS[cell].function(4), TASKS[task].function(6))
    theta = net.initial(INITIALISATIONS["framework_default"].function(), SEEDS)
    batch = net.minibatch(SEEDS, 0, 3)
    assert state_gradients(net, theta, batch).shape == (2, net.task.length)
    assert run_to_end(jacobian_singular_values(net, theta[0], batch.inputs[0, :, :1])).shape == (net.task.length, 4)
    assert spectral_radii(net, theta).shape == (2, net.cell.gates)


def test_the_spectral_radius_equals_that_of_the_initialisation() -> None:
    net = Net(CELLS["gru"].function(20), TASKS["adding"].function(6))
    theta = net.initial(INITIALISATIONS["spectral_radius"].function(1.1), SEEDS)
    radii = spectral_radii(net, theta)
    torch.testing.assert_close(radii, torch.full_like(radii, 1.1), rtol=1e-9, atol=0)
    theta[0] = torch.inf
    assert spectral_radii(net, theta).isnan().all(-1).tolist() == [True, False]


def test_inf_and_nan_are_not_hidden() -> None:
    net = Net(CELLS["relu_rnn"].function(3), TASKS["adding"].function(6))
    theta = torch.full((net.layout.size,), 1e200, dtype=torch.float64)
    batch = net.minibatch(torch.tensor(0), 0, 1)
    assert run_to_end(jacobian_singular_values(net, theta, batch.inputs))[0].isnan().all()
    assert not state_gradients(net, theta, batch).isfinite().all()

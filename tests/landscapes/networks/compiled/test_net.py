"""A net with compiled steps: where its factors are in theta, and its loss and gradient."""

import pytest
import torch

from cliffscape.landscapes.networks.catalogue import CELLS, TASKS
from cliffscape.landscapes.networks.compiled.net import factor_places
from cliffscape.landscapes.networks.layout import Layout
from cliffscape.landscapes.networks.network import Net
from tests.routes import needs_compiler

KINDS = [entry.kind for entry in CELLS]


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_of_a_cell_has_one_place_in_a_factor(kind: str) -> None:
    cell = CELLS[kind].function(3)
    layout = Layout(cell.shapes(2))
    places = factor_places(cell, layout)
    found = torch.cat([part.flatten() for part in places])
    assert sorted(found[found >= 0].tolist()) == list(range(layout.size))


@pytest.mark.parametrize("kind", KINDS)
def test_the_places_give_the_factors_of_any_theta(kind: str) -> None:
    cell = CELLS[kind].function(3)
    layout = Layout(cell.shapes(2))
    theta = torch.randn(layout.size, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    factors = cell.by_hand.factors(layout.unpack(theta.unsqueeze(0)))
    for factor, places in zip(factors, factor_places(cell, layout), strict=True):
        assert torch.equal(factor[0], torch.where(places < 0, 0, theta[places]))


@needs_compiler
@pytest.mark.parametrize("task", [entry.kind for entry in TASKS])
def test_the_gradient_has_the_readouts_part(task: str) -> None:
    net = Net(CELLS["gru"].function(4), TASKS[task].function(6))
    generator = torch.Generator().manual_seed(1)
    theta = 0.3 * torch.randn(2, net.layout.size, dtype=torch.float64, generator=generator)
    batch = net.minibatch(torch.arange(2), 0, 3)
    assert net.compiled is not None
    _, gradient = net.value_and_gradient(batch)(theta)
    leaf = theta.clone().requires_grad_()
    (slope,) = torch.autograd.grad(net.loss(batch)(leaf).sum(), leaf)
    torch.testing.assert_close(gradient, slope, rtol=1e-11, atol=1e-14)

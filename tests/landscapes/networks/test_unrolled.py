"""The net unrolled by hand: outputs, losses and gradients are those of the graph, for every cell and task."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.networks import network
from cliffscape.landscapes.networks.catalogue import CELLS, TASKS
from cliffscape.landscapes.networks.compiled.cells import CompiledCells, no_library
from cliffscape.landscapes.networks.network import CACHE_BYTES, Net
from cliffscape.landscapes.slices.memory import losses_within
from tests.devices import DEVICES
from tests.routes import ROUTES

SIZES = [("adding", 1, 3, 1), ("adding", 7, 12, 4), ("temporal_order", 50, 20, 3), ("copy_memory", 5, 2, 2)]
KINDS = [entry.kind for entry in CELLS]


@pytest.fixture(autouse=True, params=ROUTES)
def route(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs without compiled steps, and with them if there is a compiler."""
    if request.param == "eager":
        monkeypatch.setattr(network, "COMPILED", CompiledCells(no_library))
    return str(request.param)


def random_theta(net: Net, lanes: int, dtype: torch.dtype = torch.float64) -> Tensor:
    generator = torch.Generator().manual_seed(lanes)
    return 0.3 * torch.randn(lanes, net.layout.size, dtype=dtype, generator=generator)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("task", "units", "size", "lanes"), SIZES)
@pytest.mark.parametrize("shared", [False, True])
def test_value_and_gradient_are_those_of_autograd(
    kind: str, task: str, units: int, size: int, lanes: int, shared: bool
) -> None:
    net = Net(CELLS[kind].function(units), TASKS[task].function(12))
    theta = random_theta(net, lanes)
    batch = net.minibatch(torch.tensor(0) if shared else torch.arange(lanes), 0, size)
    values, gradients = value_and_gradient(net.loss(batch), theta)
    value, gradient = net.value_and_gradient(batch)(theta)
    torch.testing.assert_close(value, values, rtol=1e-12, atol=0)
    torch.testing.assert_close(gradient, gradients, rtol=0, atol=1e-12 * float(gradients.abs().max() + 1))
    torch.testing.assert_close(net.value(batch)(theta), values, rtol=1e-12, atol=0)
    assert not value.requires_grad and not gradient.requires_grad


@pytest.mark.parametrize("task", [entry.kind for entry in TASKS])
def test_every_task_is_evaluated_and_differentiated(task: str) -> None:
    net = Net(CELLS["gru"].function(4), TASKS[task].function(6))
    theta, batch = random_theta(net, 2), net.minibatch(torch.arange(2), 0, 3)
    value, gradient = net.value_and_gradient(batch)(theta)
    values, gradients = value_and_gradient(net.loss(batch), theta)
    torch.testing.assert_close(value, values, rtol=1e-12, atol=0)
    torch.testing.assert_close(gradient, gradients, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_stays_single(kind: str) -> None:
    net = Net(CELLS[kind].function(8), TASKS["adding"].function(20))
    batch = net.minibatch(torch.tensor(0), 0, 16, torch.float32)
    theta = random_theta(net, 30, torch.float32)
    value = net.value(batch)(theta)
    assert value.dtype == torch.float32
    exact = net.loss(net.minibatch(torch.tensor(0), 0, 16))(theta.double())
    torch.testing.assert_close(value.double(), exact, rtol=1e-5, atol=0)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", KINDS)
def test_devices_agree(kind: str, device: str) -> None:
    net = Net(CELLS[kind].function(6), TASKS["temporal_order"].function(10))
    theta, seeds = random_theta(net, 3), torch.arange(3)
    here, there = net.minibatch(seeds, 0, 4), net.minibatch(seeds.to(device), 0, 4)
    wanted = net.value_and_gradient(here)(theta)
    for found, part in zip(net.value_and_gradient(there)(theta.to(device)), wanted, strict=True):
        assert found.device.type == device
        torch.testing.assert_close(found.cpu(), part, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(net.value(there)(theta.to(device)).cpu(), wanted[0], rtol=1e-10, atol=1e-12)


def test_leading_axes_are_those_of_theta() -> None:
    net = Net(CELLS["lstm"].function(3), TASKS["adding"].function(5))
    theta = random_theta(net, 6).reshape(2, 3, -1)
    for batch in (net.minibatch(torch.arange(3), 0, 4), net.minibatch(torch.tensor(1), 0, 4)):
        value, gradient = net.value_and_gradient(batch)(theta)
        assert value.shape == (2, 3) and gradient.shape == theta.shape
        for row in range(2):
            torch.testing.assert_close(net.value(batch)(theta)[row], net.value(batch)(theta[row]), rtol=1e-14, atol=0)
    alone = net.minibatch(torch.tensor(1), 0, 4)
    assert net.value(alone)(theta[0, 0]).shape == ()
    assert net.value_and_gradient(alone)(theta[0, 0])[1].shape == theta[0, 0].shape


@pytest.mark.parametrize("kind", KINDS)
def test_a_diverged_lane_does_not_affect_the_others(kind: str) -> None:
    net = Net(CELLS[kind].function(6), TASKS["temporal_order"].function(10))
    theta = random_theta(net, 3)
    broken = theta.clone()
    broken[1] = torch.nan
    batch = net.minibatch(torch.arange(3), 0, 4)
    (value, gradient), (other, slope) = net.value_and_gradient(batch)(theta), net.value_and_gradient(batch)(broken)
    assert other[1].isnan() and slope[1].isnan().all() and net.value(batch)(broken)[1].isnan()
    for whole, part in ((value, other), (gradient, slope)):
        torch.testing.assert_close(part[[0, 2]], whole[[0, 2]], rtol=1e-14, atol=1e-16)


def test_a_loss_that_overflows_is_infinite() -> None:
    net = Net(CELLS["relu_rnn"].function(4), TASKS["adding"].function(50))
    theta = torch.full((1, net.layout.size), 1e9, dtype=torch.float64)
    batch = net.minibatch(torch.tensor(0), 0, 2)
    assert net.value(batch)(theta).item() == net.loss(batch)(theta).item() == torch.inf


def test_chunks_and_groups_give_the_same_losses() -> None:
    """However many lanes are asked for at a time, and however many are evaluated together."""
    net = Net(CELLS["tanh_rnn"].function(32), TASKS["adding"].function(10))
    batch = net.minibatch(torch.tensor(0), 0, 64, torch.float32)
    theta = random_theta(net, 330, torch.float32)
    size = net.bytes_per_lane(batch, torch.float32)
    assert 330 * size > 2 * CACHE_BYTES
    whole = net.value(batch)(theta)
    for budget in (size, 7 * size, 50 * size):
        torch.testing.assert_close(
            torch.cat(list(losses_within(budget, size, net.value(batch), theta))), whole, rtol=2e-6, atol=0
        )


def test_gradients_in_groups_equal_those_of_all_lanes_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for own in (False, True):
        net = Net(CELLS["gru"].function(6), TASKS["temporal_order"].function(10))
        batch = net.minibatch(torch.arange(7) if own else torch.tensor(0), 0, 5)
        whole = net.value_and_gradient(batch)(random_theta(net, 7))
        monkeypatch.setattr(
            "cliffscape.landscapes.networks.network.TAPE_BYTES",
            3 * net.bytes_per_lane(batch, torch.float64, gradient=True),
        )
        for found, wanted in zip(net.value_and_gradient(batch)(random_theta(net, 7)), whole, strict=True):
            torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-15)
        monkeypatch.undo()


def test_bytes_per_lane_add_up_net_and_batch() -> None:
    net = Net(CELLS["tanh_rnn"].function(32), TASKS["adding"].function(50))
    shared, own = net.minibatch(torch.tensor(0), 0, 64), net.minibatch(torch.arange(2), 0, 64)
    size = net.bytes_per_lane(shared, torch.float64)
    assert net.bytes_per_lane(shared, torch.float32) == size // 2
    # Twice the 1,153 parameters; pre-activations and states; three times the 64 outputs.
    assert size == 8 * (2 * 1153 + 64 * (32 + 32) + 3 * 64)
    assert net.bytes_per_lane(own, torch.float64) == size + 8 * 50 * 64 * 3
    assert net.bytes_per_lane(shared, torch.float64, gradient=True) > size + 8 * 50 * 64 * 32
    longer = Net(CELLS["tanh_rnn"].function(32), TASKS["adding"].function(200))
    assert longer.bytes_per_lane(longer.minibatch(torch.tensor(0), 0, 64), torch.float64) == size


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", [entry.kind for entry in CELLS])
def test_a_loss_does_not_depend_on_its_chunk(kind: str, dtype: torch.dtype) -> None:
    """To the last bit, the lone point at the end included: memory that runs out may halve chunks."""
    net = Net(CELLS[kind].function(32), TASKS["adding"].function(20))
    batch = net.minibatch(torch.tensor(0), 0, 20, dtype)
    theta = 0.2 * torch.randn(13, net.layout.size, dtype=dtype, generator=torch.Generator().manual_seed(6))
    whole = net.value(batch)(theta)
    for size in (1, 2, 3, 5):
        parts = [net.value(batch)(theta[first : first + size]) for first in range(0, 13, size)]
        assert torch.equal(torch.cat(parts), whole), size


@pytest.mark.parametrize("kind", KINDS)
def test_a_lone_lane_is_rounded_as_one_of_several(kind: str) -> None:
    """The first lane: with odd sizes, the rounding of the others depends on the alignment of their matrices."""
    net = Net(CELLS[kind].function(7), TASKS["copy_memory"].function(5))
    theta, batch = random_theta(net, 3), net.minibatch(torch.tensor(0), 0, 4)
    value, gradient = net.value_and_gradient(batch)(theta)
    one, slope = net.value_and_gradient(batch)(theta[:1])
    assert torch.equal(one[0], value[0]) and torch.equal(slope[0], gradient[0])
    assert torch.equal(net.value(batch)(theta[:1])[0], net.value(batch)(theta)[0])

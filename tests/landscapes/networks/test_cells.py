"""Each cell equals PyTorch's, in loss and gradient, over a table of sizes; lanes do not couple."""

import pytest
import torch
from torch import Tensor, nn

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.networks.catalogue import CELLS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch

PYTORCH = {
    "tanh_rnn": nn.RNN,
    "relu_rnn": lambda *sizes: nn.RNN(*sizes, nonlinearity="relu"),
    "gru": nn.GRU,
    "lstm": nn.LSTM,
}
SIZES = [("adding", 1, 3, 1), ("adding", 7, 12, 4), ("temporal_order", 50, 20, 3), ("copy_memory", 5, 2, 2)]


def pytorch_modules(kind: str, net: Net, theta: Tensor) -> tuple[nn.Module, nn.Linear]:
    """PyTorch's net with the same weights; its second bias is zero, but for the part that a GRU keeps apart."""
    units, weights = net.cell.hidden_units, net.layout.unpack(theta)
    module = PYTORCH[kind](net.task.inputs, units).double()
    readout = nn.Linear(units, net.task.outputs).double()
    second = torch.zeros_like(weights["bias"])
    if "bias_hn" in weights:
        second[-units:] = weights["bias_hn"]
    with torch.no_grad():
        module.weight_ih_l0.copy_(weights["weight_ih"])
        module.weight_hh_l0.copy_(weights["weight_hh"])
        module.bias_ih_l0.copy_(weights["bias"])
        module.bias_hh_l0.copy_(second)
        readout.weight.copy_(weights["weight_out"])
        readout.bias.copy_(weights["bias_out"])
    return module, readout


def pytorch_loss(net: Net, module: nn.Module, readout: nn.Linear, batch: Batch) -> Tensor:
    """The loss by PyTorch's own modules and loss functions."""
    outputs = readout(module(batch.inputs)[0][-net.task.steps :])
    if batch.targets.is_floating_point():
        return nn.functional.mse_loss(outputs.squeeze(-1), batch.targets)
    return nn.functional.cross_entropy(outputs.flatten(0, 1), batch.targets.flatten())


def pytorch_gradient(net: Net, module: nn.Module, readout: nn.Linear) -> Tensor:
    """The gradients of PyTorch's parameters, laid out as theta."""
    units = net.cell.hidden_units
    gradients_by_name = {
        "weight_ih": module.weight_ih_l0.grad,
        "weight_hh": module.weight_hh_l0.grad,
        "bias": module.bias_ih_l0.grad,
        "bias_hn": module.bias_hh_l0.grad[-units:],
        "weight_out": readout.weight.grad,
        "bias_out": readout.bias.grad,
    }
    return net.layout.pack(gradients_by_name)


@pytest.mark.parametrize("kind", [entry.kind for entry in CELLS])
@pytest.mark.parametrize(("task", "units", "size", "lanes"), SIZES)
def test_a_cell_equals_pytorchs(kind: str, task: str, units: int, size: int, lanes: int) -> None:
    net = Net(CELLS[kind].function(units), TASKS[task].function(12))
    generator = torch.Generator().manual_seed(units)
    theta = 0.4 * torch.randn(lanes, net.layout.size, dtype=torch.float64, generator=generator)
    batch = net.minibatch(torch.arange(lanes), 0, size)
    values, gradients = value_and_gradient(net.loss(batch), theta)
    for lane in range(lanes):
        module, readout = pytorch_modules(kind, net, theta[lane])
        value = pytorch_loss(net, module, readout, Batch(batch.inputs[lane], batch.targets[lane]))
        value.backward()
        torch.testing.assert_close(values[lane], value.detach(), rtol=1e-12, atol=0)
        expected = pytorch_gradient(net, module, readout)
        torch.testing.assert_close(gradients[lane], expected, rtol=0, atol=1e-12 * float(expected.abs().max() + 1))


@pytest.mark.parametrize("kind", [entry.kind for entry in CELLS])
def test_lanes_do_not_couple(kind: str) -> None:
    net = Net(CELLS[kind].function(6), TASKS["temporal_order"].function(10))
    theta = 0.3 * torch.randn(3, net.layout.size, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    broken = theta.clone()
    broken[1] = torch.nan
    loss = net.loss(net.minibatch(torch.arange(3), 0, 4))
    (value, gradient), (other, slope) = value_and_gradient(loss, theta), value_and_gradient(loss, broken)
    assert other[1].isnan() and slope[1].isnan().all()
    for whole, part in ((value, other), (gradient, slope)):
        torch.testing.assert_close(part[[0, 2]], whole[[0, 2]], rtol=1e-14, atol=1e-16)


# PyTorch's own forward-mode rules are made with the call that PyTorch deprecates.
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
@pytest.mark.parametrize("kind", [entry.kind for entry in CELLS])
def test_a_cell_can_be_differentiated_twice_and_forward(kind: str) -> None:
    """Curvature and slices need Hessian-vector products and tangents."""
    net = Net(CELLS[kind].function(4), TASKS["adding"].function(6))
    loss = net.loss(net.minibatch(torch.tensor([0]), 0, 3))
    theta = 0.3 * torch.randn(1, net.layout.size, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    along = torch.randn(1, net.layout.size, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    value, tangent = torch.func.jvp(loss, (theta,), (along,))
    gradient = value_and_gradient(loss, theta)[1]
    torch.testing.assert_close(tangent.sum(), (gradient * along).sum(), rtol=1e-11, atol=1e-14)
    curved = torch.func.jvp(lambda point: value_and_gradient(loss, point)[1], (theta,), (along,))[1]
    ahead, behind = (value_and_gradient(loss, theta + sign * 1e-5 * along)[1] for sign in (1, -1))
    torch.testing.assert_close(curved, (ahead - behind) / 2e-5, rtol=1e-5, atol=1e-7)
    assert value.shape == (1,)


def test_states_has_the_state_after_every_step() -> None:
    net = Net(CELLS["tanh_rnn"].function(3), TASKS["adding"].function(5))
    batch = net.minibatch(torch.tensor([0]), 0, 2)
    states = net.states(torch.zeros(1, net.layout.size, dtype=torch.float64), batch.inputs)
    assert len(states) == 5 and all(state.shape == (1, 2, 3) and not state.any() for state in states)

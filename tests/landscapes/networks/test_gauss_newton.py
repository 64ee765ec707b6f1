"""The Gauss-Newton matrix of a net: equal to the dense_matrix one, lane by lane; and a net trained by it."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.gauss_newton import gauss_newton_product
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.networks.training import train

NETS = [(cell.kind, task) for cell in CELLS for task in ("adding", "temporal_order")] + [("tanh_rnn", "copy_memory")]
SEEDS = torch.arange(2)


def dense_matrix(net: Net, batch: Batch, theta: Tensor) -> Tensor:
    """JᵀHJ from whole matrices, of one lane."""
    answers = net.outputs(theta, batch.inputs)
    jacobian = torch.autograd.functional.jacobian(lambda given: net.outputs(given, batch.inputs).flatten(), theta)

    def loss(flat: Tensor) -> Tensor:
        return net.task.loss(flat.reshape(answers.shape), batch.targets)

    output_hessian = torch.autograd.functional.hessian(loss, answers.detach().flatten())
    found: Tensor = jacobian.mT @ output_hessian @ jacobian
    return found


@pytest.mark.parametrize(("cell", "task"), NETS)
def test_products_are_those_of_the_dense_matrix(cell: str, task: str) -> None:
    """Two lanes with minibatches of their own, at weights where the cells are nonlinear."""
    length = {} if task != "copy_memory" else {"delay": 2}
    net = Net(CELLS[cell].function(3), TASKS[task].function(**length or {"sequence_length": 10}))
    theta = net.initial(INITIALISATIONS["normal"].function(0.6), SEEDS)
    batch = net.minibatch(SEEDS, 0, 4)
    vectors = torch.stack([theta.flip(-1), theta.cos()])
    product = gauss_newton_product(net, batch, theta)
    for vector in vectors:
        found = product(vector)
        for lane in range(2):
            matrix = dense_matrix(net, Batch(batch.inputs[lane], batch.targets[lane]), theta[lane])
            assert torch.linalg.eigvalsh(matrix).min() > -1e-12 * matrix.abs().max()
            error = (found[lane] - matrix @ vector[lane]).norm()
            assert error <= 1e-12 * matrix.norm() * vector[lane].norm()


@pytest.mark.parametrize("task", ["adding", "temporal_order"])
def test_hessian_free_trains_faster_per_update_than_gradient_descent(task: str) -> None:
    """On a small net, from the same weights on the same minibatches, whatever the learning rate of the other."""
    net = Net(CELLS["tanh_rnn"].function(8), TASKS[task].function(10))
    start = net.initial(INITIALISATIONS["normal"].function(0.3), SEEDS)

    def losses(kind: str, **settings: float) -> Tensor:
        method = OPTIMIZERS[kind].function(**settings)
        (block,) = train(net, start, SEEDS, method, CLIPS["none"].function(), 40, 50, block=40, fresh=0)
        return block.loss

    free = losses("hessian_free", damping=0.1, iterations=20)
    assert (free[-10:].mean(0) < 0.7 * free[:3].mean(0)).all()
    best = torch.stack([losses("gradient_descent", learning_rate=rate)[-10:].mean(0) for rate in (0.03, 0.1, 0.3, 1.0)])
    assert (free[-10:].mean(0) < 0.9 * best.nan_to_num(torch.inf).amin(0)).all()


def test_newton_needs_the_whole_matrix_and_a_tiny_net_has_one() -> None:
    """The library lets it: a net of a few parameters, one damped step by a dense_matrix solve."""
    net = Net(CELLS["tanh_rnn"].function(1), TASKS["adding"].function(10))
    theta = net.initial(INITIALISATIONS["normal"].function(0.5), SEEDS[:1])
    method = OPTIMIZERS["levenberg_marquardt"].function(damping=0.1)
    (block,) = train(net, theta, SEEDS[:1], method, CLIPS["none"].function(), 1, 4, block=1, fresh=0)
    batch = net.minibatch(SEEDS[:1], 0, 4)
    one = Batch(batch.inputs[0], batch.targets[0])
    gradient = net.value_and_gradient(one)(theta[0])[1]
    matrix = dense_matrix(net, one, theta[0]) + 0.1 * torch.eye(net.layout.size, dtype=torch.float64)
    expected = theta[0] - torch.linalg.solve(matrix, gradient)
    torch.testing.assert_close(block.carry.theta[0], expected, rtol=1e-9, atol=1e-11)

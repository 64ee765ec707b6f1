"""What the book claims of real nets: clips by norm and by value, Nesterov with careful weights, LSTMs without momentum.

Small parts of temporal_order.py and claims.py in benchmarks/learning, whose tables have more seeds and settings.
"""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import Progress, first_time, side_by_side, train
from cliffscape.landscapes.optimizers.curvature_products import cost
from cliffscape.landscapes.transform import Transform

FREE: Transform = CLIPS["none"].function()
BY_NORM: Transform = CLIPS["by_norm"].function(1.0)


def gradient_descent(rate: float) -> Transform:
    """Gradient descent."""
    transform: Transform = OPTIMIZERS["gradient_descent"].function(rate)
    return transform


def is_solved(part: Progress) -> Tensor:
    """Fewer than 1 % of the fresh sequences wrong."""
    return part.error < 0.01


def test_norm_and_value_clipping_solve_temporal_order_where_plain_descent_does_not() -> None:
    """Claim 8, and what clipping is for: the first 1,000 of 2,500 updates.

    "Similarly" holds for thresholds that suit each: 1 for the norm, 0.1 for a component. With 1 for a component no seed
    of eight is is_solved (benchmarks/README.md).
    """
    net = Net(CELLS["tanh_rnn"].function(50), TASKS["temporal_order"].function(20))
    seeds = torch.arange(8)
    theta = net.initial(INITIALISATIONS["normal"].function(0.1), seeds)
    rule = side_by_side(FREE, BY_NORM, CLIPS["by_value"].function(0.1))
    parts = train(net, torch.stack([theta] * 3), seeds, gradient_descent(0.1), rule, 1000, block=250, fresh=1000)
    found = first_time(parts, is_solved)
    free, norm, value = (found > 0).sum(-1).tolist()
    assert free <= 3 and norm >= 5 and value >= 5


def test_the_adding_problem_needs_both_nesterov_momentum_and_careful_weights() -> None:
    """Claim 15, T = 12, 16 units, 1,000 updates: mean loss of the last 250 minibatches; answering 1 costs 0.167.

    Plain gradient descent at 0.2: of its rates, 0.1 to 0.2 do best and alike. All lanes are one run: with momentum 0
    Nesterov's schedule is gradient descent.
    """
    net, seeds = Net(CELLS["tanh_rnn"].function(16), TASKS["adding"].function(12)), torch.arange(5)
    careful = INITIALISATIONS["spectral_radius"].function(1.1, 15, 0.001, 0.1)
    ordinary = INITIALISATIONS["normal"].function(0.1)
    start = torch.stack([net.initial(rule, seeds) for rule in (careful, careful, ordinary, ordinary)])
    momenta, rates = torch.tensor([[0.95, 0.0] * 2, [0.03, 0.2] * 2], dtype=torch.float64)[:, :, None, None]
    optimizer = OPTIMIZERS["nesterov_schedule"].function(rates, momenta, 100)
    *_, last = train(net, start, seeds, optimizer, BY_NORM, 1000, block=250, fresh=0)
    both, weights_alone, momentum_alone, neither = last.loss.mean((0, -1)).tolist()
    # Measured, eight seeds: 0.016 to 0.032; 0.081 to 0.147; 0.046 to 0.150; 0.149 to 0.159.
    assert both < 0.04
    assert 0.07 < weights_alone < neither
    assert 0.07 < momentum_alone < neither
    assert 0.14 < neither < 0.17


def test_hessian_free_learns_the_same_sums_from_fewer_and_costlier_updates() -> None:
    """Claim 15 compares with this: the same net and task, from careful weights, no clip, damping 0.1.

    40 updates of 100 sequences, each worth 41 gradients, are 164,000; Nesterov's 1,000 of 20 sequences are 20,000.
    """
    net, seeds = Net(CELLS["tanh_rnn"].function(16), TASKS["adding"].function(12)), torch.arange(3)
    start = net.initial(INITIALISATIONS["spectral_radius"].function(1.1, 15, 0.001, 0.1), seeds)
    method = OPTIMIZERS["hessian_free"].function(damping=0.1, iterations=20)
    *_, last = train(net, start, seeds, method, FREE, 40, 100, block=10, fresh=0)
    assert (last.loss.mean(0) < 0.04).all()
    price = cost(method, net.layout.size)
    assert 1 + price.products * price.gradients == 41


@pytest.mark.parametrize(("cell", "most", "least"), [("lstm", 4, 3), ("tanh_rnn", 1, 0)])
def test_plain_descent_trains_an_lstm_where_it_does_not_train_a_plain_net(cell: str, most: int, least: int) -> None:
    """Claim 16: no momentum, no clip, the framework's initial weights, 16 units, learning rate 0.5."""
    net, seeds = Net(CELLS[cell].function(16), TASKS["temporal_order"].function(20)), torch.arange(4)
    theta = net.initial(INITIALISATIONS["framework_default"].function(), seeds)
    parts = train(net, theta, seeds, gradient_descent(0.5), FREE, 1250, block=250, fresh=500)
    assert least <= (first_time(parts, is_solved) > 0).sum() <= most

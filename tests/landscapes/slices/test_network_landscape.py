"""The recurrent network as a landscape: the very weights and minibatch that training starts with."""

import torch

from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import train
from cliffscape.landscapes.slices.network_landscape import LARGEST, RECURRENT, first_minibatch, max_batch_size

NET = Net(CELLS["tanh_rnn"].function(5), TASKS["temporal_order"].function(10))
NORMAL = INITIALISATIONS["normal"].function(0.3)


def test_its_loss_is_that_of_the_first_update_in_training() -> None:
    subject = RECURRENT.function(seed=4, batch_size=7)(NET, NORMAL)
    seeds = torch.tensor([4])
    rule, clip = OPTIMIZERS["gradient_descent"].function(0.1), CLIPS["none"].function()
    (first,) = train(NET, NET.initial(NORMAL, seeds), seeds, rule, clip, 1, batch_size=7, fresh=1)
    torch.testing.assert_close(subject.loss(subject.theta), first.loss[0, 0], rtol=1e-13, atol=0)
    assert subject.seed == 4 and subject.theta.shape == (NET.layout.size,)


def test_all_points_share_one_minibatch() -> None:
    batch = first_minibatch(NET, 3, 6)
    assert batch.inputs.shape == (10, 6, 6) and batch.targets.shape == (1, 6)
    assert torch.equal(batch.inputs, NET.minibatch(torch.tensor(3), 0, 6).inputs)
    assert NET.loss(batch)(torch.zeros(2, 3, NET.layout.size, dtype=torch.float64)).shape == (2, 3)


def test_large_nets_have_a_limit_on_the_minibatch() -> None:
    count = max_batch_size(NET)
    assert count * NET.task.length * NET.layout.size <= LARGEST < (count + 1) * NET.task.length * NET.layout.size
    assert max_batch_size(Net(CELLS["lstm"].function(128), TASKS["adding"].function(200))) >= 1

"""Chains B and C as landscapes: closed forms, and how long gradient descent needs in a vanishing direction."""

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from cliffscape.landscapes.descent.descend import descend
from tests.reference import reference, tensor

TANH, DIRECTION = LANDSCAPES["tanh_chain"], LANDSCAPES["vanishing_direction"]


@pytest.mark.parametrize("weight", [0.5, 0.8, 0.9, 0.95])
def test_the_gradient_of_the_tanh_chain_by_its_input(weight: float) -> None:
    """Chain B at u = 0.7, y = 1, for a short, a middling and a long chain."""
    row = reference("vanishing_together")["B"]["table"][str(weight)]
    for length in (1, 10, 100):
        _, gradient = value_and_gradient(TANH.loss(sequence_length=length), tensor([0.7, weight]))
        assert gradient[0].item() == pytest.approx(row["d1"][length - 1], rel=1e-13, abs=0)


def test_large_weights_make_a_cliff_of_the_tanh_chain() -> None:
    """At u = 0 the last state's slope is λ^T: 3325 for λ = 1.5, T = 20; beside it both plains are flat."""
    loss = TANH.loss(sequence_length=20, target=0.5)
    value, gradient = value_and_gradient(loss, tensor([[0.0, 1.5], [-0.5, 1.5], [0.5, 1.5]]))
    assert gradient[0].tolist() == pytest.approx([-0.5 * 1.5**20, 0.0], rel=1e-13)
    assert gradient[1:, 0].abs().max() < 1e-4
    assert value[1] - value[2] > 0.8


def test_only_one_direction_loses_its_slope_and_curvature() -> None:
    """At (a, c) = (0, 0): slopes 1 and 2 λ^T, curvatures 1 and 4 λ^T."""
    shrunk = 0.8**20
    _, gradient = value_and_gradient(DIRECTION.loss(), tensor([0.0, 0.0]))
    assert gradient.tolist() == pytest.approx([-1.0, -2 * shrunk], rel=1e-14)
    assert curvatures(DIRECTION.loss(), tensor([0.0, 0.0]))[1].item() == 1.0
    hessian = torch.autograd.functional.hessian(DIRECTION.loss(), tensor([0.0, 0.0]))
    torch.testing.assert_close(hessian, torch.diag(tensor([1.0, 4 * shrunk])), rtol=1e-14, atol=0)


@pytest.mark.parametrize("length", [0, 10, 20, 40])
def test_steps_to_half_the_error_of_the_vanishing_direction(length: int) -> None:
    """1, 8, 79 and 6893 for gradient descent at learning rate ½; of the ordinary direction always one."""
    expected = reference("vanishing_together")["C"]["steps_to_half_error"][str(length)]["gradient_descent_lr_0_5"]
    rule, free = OPTIMIZERS["gradient_descent"].function(0.5), CLIPS["none"].function()
    loss = DIRECTION.loss(sequence_length=length)
    errors = torch.cat([1 - block.position for block in descend(loss, tensor([0.0, 0.0]), rule, free, expected)])
    halved = errors <= 0.5
    assert halved.double().argmax(0).tolist() == [1, expected]
    assert not halved[expected - 1, 1]


def test_the_input_of_the_tanh_chain_hardly_moves() -> None:
    """The preset: nothing is clipped, and sixty steps at learning rate ½ move u by less than a thousandth."""
    (preset,) = TANH.presets
    rule = OPTIMIZERS["gradient_descent"].function(preset.choices["optimizer.learning_rate"])
    (*_, last) = descend(TANH.loss(), tensor(TANH.start), rule, CLIPS["by_norm"].function(0.2), 60)
    assert (last.clip_factor == 1).all()
    assert 0 < last.position[-1, 0] - TANH.start[0] < 1e-3
    assert last.loss[-1] > 0.99 * TANH.loss()(tensor(TANH.start))

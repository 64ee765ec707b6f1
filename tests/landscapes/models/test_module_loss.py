"""The loss of a copy of the user's model: random numbers, buffers and modes."""

import pytest
import torch
from torch import nn

from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import classifier, cross_entropy, perceptron, pictures, points, vectors


def test_the_users_model_and_random_stream_do_not_change() -> None:
    model = classifier()
    before = {name: one.clone() for name, one in model.state_dict().items()}
    stream = torch.get_rng_state()
    view = slice_model(model, cross_entropy, pictures())
    view.value(points(9))
    view.value_and_gradient(points(2))
    assert model.training and all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
    assert all(one.requires_grad and one.grad is None for one in model.parameters())
    assert torch.equal(stream, torch.get_rng_state())


def test_dropout_and_batch_norm_in_train_mode_give_the_same_loss_at_every_call() -> None:
    view = slice_model(classifier(), cross_entropy, pictures())
    point = points(3)
    assert torch.equal(view.value(point), view.value(point))
    assert torch.equal(view.value(point), view.value_and_gradient(point)[0])
    assert not torch.equal(view.value(point), slice_model(classifier(), cross_entropy, pictures(), seed=1).value(point))


def test_a_model_with_a_recurrent_layer_is_a_model() -> None:
    torch.manual_seed(0)
    model = nn.LSTM(2, 3, batch_first=True)
    view = slice_model(model, lambda lstm, batch: lstm(batch)[0].square().mean(), [torch.randn(2, 4, 2)])
    assert view.subject.layout.shapes["weight_hh_l0"] == (12, 3)
    assert torch.equal(view.value(points(2)), view.value_and_gradient(points(2))[0])


def test_the_users_own_exception_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        slice_model(perceptron(), lambda model, batch: 1 / 0, vectors())


def test_the_loss_at_the_origin_is_that_of_the_model_exactly() -> None:
    model, batches = classifier().eval(), pictures()
    view = slice_model(model, cross_entropy, batches)
    own = [float(cross_entropy(model, batch).detach().double()) for batch in batches]
    assert float(view.value(torch.zeros(2, dtype=torch.float64))) == sum(own) / 2

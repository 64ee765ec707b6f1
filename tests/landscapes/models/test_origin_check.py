"""The loss on a plane is that of the user's model, or the view is refused."""

import pytest
import torch
from torch import Tensor, nn

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import (
    classifier,
    cross_entropy,
    perceptron,
    pictures,
    vectors,
)


def test_the_loss_at_the_origin_is_that_of_the_model_exactly() -> None:
    model, batches = classifier().eval(), pictures()
    view = slice_model(model, cross_entropy, batches)
    own = [float(cross_entropy(model, batch).detach().double()) for batch in batches]
    assert float(view.value(torch.zeros(2, dtype=torch.float64))) == sum(own) / 2


def test_a_loss_that_differs_from_call_to_call_is_refused() -> None:
    calls: list[int] = []

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        calls.append(1)
        return cross_entropy(model, batch) + len(calls)

    with pytest.raises(BoundError, match=r"again when it is computed a second time \(Random numbers"):
        slice_model(perceptron(), loss, vectors())

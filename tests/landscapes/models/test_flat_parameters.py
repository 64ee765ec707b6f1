"""Parameters as one theta: shared ones, types and scalars."""

import torch
from torch import Tensor, nn

from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import (
    cross_entropy,
    perceptron,
    points,
    vectors,
)


def test_parameters_that_two_layers_share_move_once() -> None:
    model = perceptron()
    model.append(nn.Linear(3, 3))
    model[3].weight = nn.Parameter(torch.eye(3))  # type: ignore[union-attr]
    model.append(nn.Linear(3, 3))
    model[4].weight = model[3].weight  # type: ignore[union-attr]
    view = slice_model(model, cross_entropy, vectors(), ("3.weight[0,1]", "2.bias[0]"))
    moved = torch.tensor([0.5, 0.0], dtype=torch.float64)
    assert "4.weight" not in view.subject.layout.shapes
    with torch.no_grad():
        model[3].weight[0, 1] = 0.5  # type: ignore[index]
        model[2].bias[0] = 0  # type: ignore[index]
    assert float(view.value(moved)) == float(cross_entropy(model, vectors()[0]).detach())


class MixedTypes(nn.Module):
    """Layers in float32 and in float64, and a scalar parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 5), nn.Linear(5, 3).double()
        self.scale = nn.Parameter(torch.tensor(1.5))

    def forward(self, inputs: Tensor) -> Tensor:
        """The scores."""
        assert self.first.weight.dtype == torch.float32
        return self.second(torch.tanh(self.first(inputs)).double()) * self.scale


def test_types_are_kept_and_scalars_have_an_index() -> None:
    view = slice_model(MixedTypes(), cross_entropy, vectors(), ("scale[0]", "second.bias[1]"))
    torch.testing.assert_close(view.value(points(2)), view.value_and_gradient(points(2))[0], rtol=0, atol=0)

"""The losses, gradients and curvatures of a view of a model."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import (
    Checkpointed,
    cross_entropy,
    perceptron,
    perceptron_view,
    points,
    vectors,
)


def loss_with(model: nn.Module, tensors: dict[str, Tensor]) -> float:
    """The loss of the perceptron with these parameters, as a user would compute it."""
    model.load_state_dict(tensors)
    return float(cross_entropy(model, vectors()[0]).detach())


def test_a_point_is_the_model_moved_along_the_two_directions() -> None:
    view, model = perceptron_view(), perceptron()
    point = torch.tensor([0.3, -0.7], dtype=torch.float64)
    moved = view.subject.layout.unpack(view.slice.lift(point))
    assert float(view.value(point)) == loss_with(model, {name: one.float() for name, one in moved.items()})


@pytest.mark.parametrize("directions", ["random", "hessian", ("0.weight[1,2]", "2.bias[0]")])
def test_gradients_are_the_slopes_of_the_loss(directions: Any) -> None:
    view = slice_model(perceptron().double(), cross_entropy, [(vectors()[0][0].double(), vectors()[0][1])], directions)
    point, step = points(1), 1e-5
    for axis, ahead in enumerate(torch.eye(2, dtype=torch.float64) * step):
        slope = (view.value(point + ahead) - view.value(point - ahead)) / (2 * step)
        torch.testing.assert_close(slope, view.value_and_gradient(point)[1][:, axis], rtol=1e-6, atol=1e-9)


def test_the_hessian_on_its_plane_has_the_leading_eigenvalue() -> None:
    view = perceptron_view("hessian")
    found = curvatures(view, torch.zeros(1, 2, dtype=torch.float64))
    assert found is not None
    eigenvalues = view.slice.facts["eigenvalues"]
    assert isinstance(eigenvalues, list)
    assert float(found[0, 1]) == pytest.approx(eigenvalues[0], rel=1e-3)


def curvatures(view: ModelView, there: Tensor) -> Tensor | None:
    return run_to_end(view.curvatures(there))


def test_gradients_and_curvatures_with_checkpoints_are_those_without() -> None:
    plain, again = perceptron_view(), slice_model(Checkpointed(), cross_entropy, vectors())
    there = points(3)
    for one, other in zip(again.value_and_gradient(there), plain.value_and_gradient(there), strict=True):
        assert torch.equal(one, other)
    found, expected = curvatures(again, there), curvatures(plain, there)
    assert found is not None
    assert expected is not None
    assert torch.equal(found, expected)
    product = again.curvature("hessian")(there)
    assert torch.equal(
        product(there), (torch.stack([plain.hessian(one) for one in there]) * there.unsqueeze(-2)).sum(-1)
    )
    with pytest.raises(BoundError, match=r"^model must be one without checkpoints for directions 'hessian'"):
        slice_model(Checkpointed(), cross_entropy, vectors(), "hessian")


def test_a_run_that_has_diverged_stays_nan_and_equal_points_are_computed_once() -> None:
    view = perceptron_view()
    calls: list[int] = []
    loss = view.subject.found.module.loss
    view.subject.found.module.loss = lambda model, batch: calls.append(1) or loss(model, batch)
    rows = torch.tensor([[0.1, 0.2], [float("nan"), 0.0], [0.1, 0.2]], dtype=torch.float64)
    value, gradient = view.value_and_gradient(rows)
    assert value.isnan().tolist() == [False, True, False] and bool(gradient[1].isnan().all())
    assert float(value[0]) == float(value[2]) and len(calls) == 1
    assert view.curvature("hessian")(rows)(rows).isnan().all(-1).tolist() == [False, True, False] and len(calls) == 3

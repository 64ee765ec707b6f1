"""The loss of a slice is the user's own, and can be differentiated or not."""

import contextlib

import pytest
import torch
from torch import Tensor, nn

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.flat_parameters import FlatParameters
from cliffscape.landscapes.models.module_loss import LossOfBatch, ModuleLoss
from cliffscape.landscapes.models.own_loss import check_origin
from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import Checkpointed, cross_entropy, perceptron, points, vectors


def test_a_loss_that_differs_from_call_to_call_is_refused() -> None:
    calls: list[int] = []

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        calls.append(1)
        return cross_entropy(model, batch) + len(calls)

    with pytest.raises(BoundError, match=r"again when it is computed a second time \(Random numbers"):
        slice_model(perceptron(), loss, vectors())


def test_only_a_gpu_may_round_differently_from_call_to_call(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ModuleLoss(perceptron(), cross_entropy, vectors())
    rounding = torch.finfo(torch.float32).eps
    for gpus, roundings, refused in (([], 1, True), (["cuda:0"], 1, False), (["cuda:0"], 100, True)):
        monkeypatch.setattr(FlatParameters, "gpus", gpus)
        found.again = found.origin * (1 + roundings * rounding)
        with pytest.raises(BoundError, match="again when") if refused else contextlib.nullcontext():
            check_origin(found)


def test_a_loss_of_another_model_than_the_given_one_is_refused() -> None:
    own = perceptron()
    with pytest.raises(
        BoundError, match=r"^loss\(model, batch\) must be a function of the model that it is given, got "
    ):
        slice_model(own, lambda model, batch: cross_entropy(own, batch), vectors())


@pytest.mark.parametrize(
    ("loss", "reason"),
    [
        (lambda model, batch: cross_entropy(model, batch).detach(), r"\(it is detached, or not"),
        (lambda model, batch: torch.as_tensor(cross_entropy(model, batch).numpy()), r"raises RuntimeError: Can't call"),
    ],
)
def test_a_loss_without_a_gradient_is_drawn_with_a_warning(loss: LossOfBatch, reason: str) -> None:
    with pytest.warns(UserWarning, match=rf"^loss\(model, batch\) has no gradient .*{reason}"):
        view = slice_model(perceptron(), loss, vectors())
    there = points(3)
    assert torch.equal(view.value(there), slice_model(perceptron(), cross_entropy, vectors()).value(there))


def test_checkpoints_that_would_give_a_part_of_the_gradient_are_refused() -> None:
    inputs, labels = vectors()[0]
    batches = [(inputs.clone().requires_grad_(), labels)]
    bound = r"^the checkpoints of the model must be called with use_reentrant=False, got use_reentrant=True$"
    with pytest.raises(BoundError, match=bound):
        slice_model(Checkpointed(use_reentrant=True), cross_entropy, batches)

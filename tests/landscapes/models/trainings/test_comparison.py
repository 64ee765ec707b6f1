"""Two copies of a model, trained without and with clipping."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.trainings.comparison import compare
from tests.landscapes.models.small_models import (
    classifier,
    cross_entropy,
    perceptron,
    perceptron_view,
    pictures,
    vectors,
)


def descent(parameters: Any) -> torch.optim.Optimizer:
    """Gradient descent."""
    return torch.optim.SGD(parameters, 0.5)


def test_both_runs_are_those_of_the_users_own_loop() -> None:
    found = compare(perceptron(), cross_entropy, vectors(), descent, 0.05, 5)
    for run, clip in ((found.without, None), (found.with_clipping, 0.05)):
        model, losses = perceptron(), []
        optimizer = descent(model.parameters())
        for _ in range(5):
            optimizer.zero_grad()
            value = cross_entropy(model, vectors()[0])
            value.backward()  # type: ignore[no-untyped-call]
            losses.append(float(value.detach()))
            if clip is not None:
                clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
        assert run.loss.tolist() == losses
        assert all(torch.equal(a, b) for a, b in zip(run.model.parameters(), model.parameters(), strict=True))
    assert found.without.clip_factor.tolist() == [1.0] * 5
    norms = found.with_clipping.gradient_norm
    torch.testing.assert_close(found.with_clipping.clip_factor, (0.05 / norms).clamp_max(1), rtol=1e-4, atol=0)


def test_both_runs_draw_the_same_random_numbers_and_the_model_does_not_change() -> None:
    model = classifier()
    before = {name: one.clone() for name, one in model.state_dict().items()}
    stream = torch.get_rng_state()
    found = compare(model, cross_entropy, pictures(), descent, lambda parameters: clip_grad_value_(parameters, 1e9), 3)
    # Clipping at a huge value changes nothing.
    assert torch.equal(found.without.loss, found.with_clipping.loss)
    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
    assert torch.equal(stream, torch.get_rng_state())


def test_a_zero_gradient_is_not_clipped() -> None:
    def constant(model: nn.Module, batch: Any) -> torch.Tensor:
        return 0 * cross_entropy(model, batch)

    found = compare(perceptron(), constant, vectors(), descent, 0.05, 2)
    for run in (found.without, found.with_clipping):
        assert run.gradient_norm.tolist() == [0, 0] and run.clip_factor.tolist() == [1, 1]


def test_a_view_has_the_rows_of_both_runs_as_they_grow() -> None:
    view, seen = perceptron_view(), []

    def watched(model: nn.Module, batch: Any) -> torch.Tensor:
        seen.append(len(view.trainings[-1].rows))
        return cross_entropy(model, batch)

    found = compare(perceptron(), watched, vectors(), descent, 0.05, 3, view=view)
    # Both runs take a step before either takes the next one.
    assert seen == [0, 0, 1, 1, 2, 2]
    [log] = view.trainings
    assert found.view is view and found.log is log
    assert torch.stack(log.rows)[:, 1, 0].tolist() == found.with_clipping.loss.tolist()


def test_a_view_can_be_made_of_a_run_of_the_comparison() -> None:
    found = compare(perceptron(), cross_entropy, vectors(), descent, 0.05, 2)
    assert found.view is None
    view = perceptron_view()
    shown = found.with_view(view)
    # The page has the curves once the comparison is shown.
    assert shown.view is view and shown.without is found.without and view.trainings == []
    other = compare(classifier(), cross_entropy, pictures(), descent, 0.05, 1)
    with pytest.raises(BoundError, match="run must be a run of a model with the same parameters, got another"):
        other.with_view(view)


def test_a_run_can_be_projected_on_a_view() -> None:
    found = compare(perceptron(), cross_entropy, vectors(), descent, 0.05, 20)
    projection = perceptron_view().with_run(found.with_clipping.recorded).projection
    assert projection is not None and projection.step.tolist() == [0, 10, 20]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"clip": -1.0}, "clip must be greater than 0, or a function that clips gradients, got -1.0"),
        ({"steps": 2.5}, "steps must be a whole number, got 2.5"),
        ({"clip": None}, "clip must be greater than 0, or a function that clips gradients, got None"),
        ({"clip": "0.5"}, "clip must be greater than 0, or a function that clips gradients, got '0.5'"),
        ({"optimizer": descent(perceptron().parameters())}, "optimizer must be a function from parameters to their "),
        ({"loss": None}, "loss must be a function of the model and a batch, got NoneType"),
        ({"optimizer": lambda _: None}, r"optimizer\(parameters\) must be a torch.optim.Optimizer, got NoneType"),
        (
            {"optimizer": lambda _: descent(perceptron().parameters())},
            "an optimizer of the parameters it is given, got",
        ),
        ({"optimizer": torch.optim.LBFGS}, r"optimizer\(parameters\) must be an optimizer whose step needs one gradie"),
        ({"batches": []}, "batches must be an iterable of 1 to 10,000 batches, got 0 batches"),
        ({"model": nn.ReLU()}, "model must be a module with parameters that require gradients, got ReLU"),
    ],
)
def test_arguments_out_of_bounds_are_refused(change: dict[str, Any], words: str) -> None:
    given = {"model": perceptron(), "loss": cross_entropy, "batches": vectors(), "optimizer": descent, "clip": 1.0}
    with pytest.raises(BoundError, match=words):
        compare(**{**given, "steps": 1, **change})

"""Models on every device of this machine: they stay there, and their planes and trainings are those of the CPU."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.models.slice_model import slice_model
from cliffscape.landscapes.models.trainings.comparison import compare
from cliffscape.landscapes.models.trainings.recorded_run import RecordedRun, record
from tests.devices import DEVICES
from tests.landscapes.models.small_models import classifier, cross_entropy, perceptron, pictures, points, vectors

# In float32; dropout draws other numbers on another device, so it is off.
SUBJECTS: dict[str, tuple[Callable[[], nn.Module], Callable[[], list[Any]]]] = {
    "perceptron": (perceptron, vectors),
    "convolution": (lambda: classifier().eval(), pictures),
}
CLOSE: dict[str, float] = {"rtol": 1e-4, "atol": 1e-5}
on_every_device = pytest.mark.parametrize("device", DEVICES)


def move_batches(batches: list[Any], device: str) -> list[Any]:
    """The batches on a device."""
    return [tuple(one.to(device) for one in batch) for batch in batches]


def descent(parameters: Any) -> torch.optim.Optimizer:
    """Gradient descent."""
    return torch.optim.SGD(parameters, 0.5)


def recorded(model: nn.Module, batches: list[Any]) -> RecordedRun:
    """A run of nine steps, recorded every second step."""
    optimizer = descent(model.parameters())
    with record(model, optimizer, every=2) as run:
        for _ in range(9):
            optimizer.zero_grad()
            cross_entropy(model, batches[0]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return run


@on_every_device
@pytest.mark.parametrize("name", SUBJECTS)
def test_a_plane_has_the_losses_gradients_and_curvatures_of_the_cpu(name: str, device: str) -> None:
    build, batches = SUBJECTS[name]
    model = build().to(device)
    expected = slice_model(build(), cross_entropy, batches())
    found = slice_model(model, cross_entropy, move_batches(batches(), device))
    assert {one.device.type for one in model.parameters()} == {found.subject.theta.device.type} == {device}
    torch.testing.assert_close(found.slice.directions.cpu(), expected.slice.directions, rtol=1e-12, atol=1e-12)
    # Enough points for the batched ways, which are measured.
    at = points(40)
    torch.testing.assert_close(found.value(at), expected.value(at), **CLOSE)
    few = at[:3]
    for one, other in zip(found.value_and_gradient(few), expected.value_and_gradient(few), strict=True):
        assert one.device.type == "cpu"
        torch.testing.assert_close(one, other, **CLOSE)
    curvatures: list[Tensor | None] = [run_to_end(view.curvatures(few)) for view in (found, expected)]
    assert curvatures[0] is not None and curvatures[1] is not None
    torch.testing.assert_close(curvatures[0], curvatures[1], rtol=1e-3, atol=1e-3)


@on_every_device
def test_random_numbers_are_the_same_in_every_evaluation_and_the_users_go_on_untouched(device: str) -> None:
    model = classifier().to(device)
    state = torch.get_rng_state() if device == "cpu" else torch.cuda.get_rng_state()
    view = slice_model(model, cross_entropy, move_batches(pictures(), device))
    assert view.subject.found.draws
    assert torch.equal(view.value(points(3)), view.value(points(3)))
    assert torch.equal(state, torch.get_rng_state() if device == "cpu" else torch.cuda.get_rng_state())


@on_every_device
@pytest.mark.parametrize("directions", ["pca", "hessian"])
def test_planes_of_a_run_and_of_the_curvature(directions: str, device: str) -> None:
    model = perceptron().to(device)
    batches = move_batches(vectors(), device)
    run = recorded(model, batches)
    view = slice_model(model, cross_entropy, batches, directions, run=run)
    assert view.projection is not None and view.projection.step.tolist() == run.steps
    # The last snapshot is the model itself.
    torch.testing.assert_close(view.projection.point[-1].cpu(), torch.zeros(2, dtype=torch.float64))
    losses = torch.stack([*view.snapshot_losses()]).cpu()
    assert float(losses[-1]) == pytest.approx(float(view.subject.found.origin), rel=1e-6)


@on_every_device
def test_a_comparison_trains_as_on_the_cpu(device: str) -> None:
    expected = compare(perceptron(), cross_entropy, vectors(), descent, 0.05, 5)
    found = compare(perceptron().to(device), cross_entropy, move_batches(vectors(), device), descent, 0.05, 5)
    for run, other in ((found.without, expected.without), (found.with_clipping, expected.with_clipping)):
        assert {one.device.type for one in run.model.parameters()} == {device}
        torch.testing.assert_close(run.loss.cpu(), other.loss, **CLOSE)
        torch.testing.assert_close(run.gradient_norm.cpu(), other.gradient_norm, **CLOSE)
        torch.testing.assert_close(run.clip_factor.cpu(), other.clip_factor, **CLOSE)


@on_every_device
def test_both_runs_draw_the_same_random_numbers(device: str) -> None:
    huge = 1e9
    found = compare(classifier().to(device), cross_entropy, move_batches(pictures(), device), descent, huge, 3)
    torch.testing.assert_close(found.without.loss, found.with_clipping.loss, rtol=1e-4, atol=0)
    # Dropout draws other numbers at every step, so a stream that stood still would be noticed.
    assert len(set(found.without.loss.tolist())) == 3

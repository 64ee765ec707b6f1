"""Losses at many points: one by one, in batches and with channels last, within memory."""

import itertools

import pytest
import torch

from cliffscape.landscapes.models import point_losses
from cliffscape.landscapes.models.point_losses import with_channels_last
from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import classifier, cross_entropy, perceptron_view, pictures, points


@pytest.fixture
def last_way_is_fastest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every measurement is shorter than those before it, and the ways are not run again."""
    exponents = itertools.count()
    monkeypatch.setattr(point_losses, "seconds_of", lambda work: 1e-3 ** next(exponents))


@pytest.mark.usefixtures("last_way_is_fastest")
def test_batched_points_have_the_losses_of_single_points() -> None:
    view = perceptron_view()
    single = view.points.single().losses(points(40))
    torch.testing.assert_close(view.value(points(40)), single, rtol=1e-5, atol=0)
    assert view.points.way is not None and view.points.way.width == 32


@pytest.mark.usefixtures("last_way_is_fastest")
def test_images_with_channels_last_have_the_same_losses() -> None:
    # Batch norm in train mode changes its buffers in place, so points are not batched.
    view = slice_model(classifier(), cross_entropy, pictures())
    single = view.points.single().losses(points(9))
    torch.testing.assert_close(view.value(points(9)), single, rtol=1e-5, atol=0)
    assert view.points.plane is not view.subject.found.parameters.attached


def test_a_way_that_is_not_faster_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point_losses, "seconds_of", lambda work: 1.0)
    view = slice_model(classifier(), cross_entropy, pictures())
    view.value(points(8))
    assert view.points.way is not None and view.points.plane is view.subject.found.parameters.attached


@pytest.mark.usefixtures("last_way_is_fastest")
def test_memory_bounds_the_points_of_one_evaluation() -> None:
    view = perceptron_view()
    view.points.memory = 10 * view.points.bytes_per_point
    view.value(points(40))
    assert view.points.way is not None and view.points.way.width == point_losses.WIDTHS[0]


def test_images_are_found_inside_a_batch() -> None:
    images = torch.zeros(2, 3, 4, 4)
    found = with_channels_last({"x": [images, 1], "y": (torch.zeros(2),)})
    assert found["x"][0].is_contiguous(memory_format=torch.channels_last) and found["x"][1] == 1
    assert images.is_contiguous()


@pytest.mark.usefixtures("last_way_is_fastest")
def test_a_slow_model_is_measured_with_one_point_and_not_batched() -> None:
    view = perceptron_view()
    view.subject.found.seconds = 2.0
    assert view.opening == 1
    view.value(points(40))
    assert view.points.way is not None and view.points.way.width == point_losses.SINGLE

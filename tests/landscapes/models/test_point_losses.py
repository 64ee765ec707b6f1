"""Losses at many points: in batches and one by one, within memory."""

import pytest
import torch

from cliffscape.landscapes.models import point_losses
from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import classifier, cross_entropy, perceptron_view, pictures, points


def test_batched_points_have_the_losses_of_single_points(monkeypatch: pytest.MonkeyPatch) -> None:
    view = perceptron_view()
    single = view.value(points(40))
    # A batched evaluation that takes no time is always chosen.
    monkeypatch.setattr(point_losses, "seconds_of", lambda work: work() is None)
    view.points.width = None
    batched = view.value(points(40))
    assert view.points.width == point_losses.WIDTHS[1]
    torch.testing.assert_close(batched, single, rtol=1e-5, atol=0)


def test_a_model_that_cannot_be_batched_is_evaluated_point_by_point() -> None:
    # Batch norm in train mode changes its buffers in place.
    view = slice_model(classifier(), cross_entropy, pictures())
    view.value(points(8))
    assert view.points.width == 1


def test_memory_bounds_the_points_of_one_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    view = perceptron_view()
    monkeypatch.setattr(point_losses, "seconds_of", lambda work: work() is None)
    view.points.memory, view.points.width = 10 * view.points.bytes_per_point, None
    view.value(points(40))
    assert view.points.width == point_losses.WIDTHS[0]

"""Runs of the user's own training loop."""

from typing import Any

import pytest
import torch

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.slice_model import slice_model
from cliffscape.landscapes.models.trainings.recorded_run import record
from tests.landscapes.models.small_models import (
    cross_entropy,
    perceptron,
    vectors,
)


def test_a_recorded_run_spans_a_plane_and_lies_on_it() -> None:
    model = perceptron()
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    with record(model, optimizer, every=2) as run:
        for _ in range(9):
            optimizer.zero_grad()
            cross_entropy(model, vectors()[0]).backward()
            optimizer.step()
    assert run.steps == [0, 2, 4, 6, 8, 9]
    view = slice_model(model, cross_entropy, vectors(), "pca", run=run)
    found = run.project(view.slice, view.subject.found.parameters)
    assert found.step.tolist() == run.steps
    torch.testing.assert_close(found.point[-1], torch.zeros(2, dtype=torch.float64))
    assert view.start == pytest.approx(tuple(found.point[0].tolist()))
    assert float(found.distance.max()) < 0.2 * float(found.point.norm(dim=-1).max() * view.slice.directions.norm())


def test_a_long_run_keeps_every_second_snapshot() -> None:
    model = perceptron()
    run = record(model, torch.optim.SGD(model.parameters(), 0.1), every=1)
    run.most = 4
    with run:
        for _ in range(9):
            run.optimizer.step()
    assert (run.every, run.steps) == (4, [0, 4, 8, 9])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"every": 0}, "every must be at least 1, got 0"),
        ({"every": 1.5}, "every must be a whole number, got 1.5"),
        ({"optimizer": None}, "optimizer must be a torch.optim.Optimizer, got NoneType"),
        ({"model": 3}, "model must be a torch.nn.Module, got int"),
    ],
)
def test_arguments_out_of_bounds_are_refused(change: dict[str, Any], words: str) -> None:
    model = perceptron()
    with pytest.raises(BoundError, match=words):
        record(**{"model": model, "optimizer": torch.optim.SGD(model.parameters(), 0.1), **change})

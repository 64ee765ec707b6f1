"""The bytes that an evaluation allocates."""

import torch
from torch import nn

from cliffscape.landscapes.models.allocations import Allocations
from cliffscape.landscapes.models.slice_model import slice_model


def test_results_count_and_views_do_not() -> None:
    with Allocations() as found:
        torch.ones(10, dtype=torch.float64).reshape(2, 5).mT.exp()
    assert found.bytes == 160


def test_the_bytes_of_a_point_count_what_the_model_allocates() -> None:
    view = slice_model(nn.Linear(1000, 1), lambda model, batch: model(batch).sum(), [torch.ones(500, 1000)])
    assert view.subject.found.bytes >= 500 * 4

"""The subject of a slice: a network with its batch, in another type."""

import pytest
import torch

from tests.landscapes.slices.test_plane import subject


@pytest.mark.parametrize(("task", "kind"), [("adding", torch.float32), ("temporal_order", torch.int64)])
def test_a_subject_converts_to_single_precision(task: str, kind: torch.dtype) -> None:
    there = subject(task=task, length=10)
    small = there.to("cpu", torch.float32)
    assert small.theta.dtype == small.batch.inputs.dtype == torch.float32 and small.batch.targets.dtype == kind
    torch.testing.assert_close(small.loss(small.theta).double(), there.loss(there.theta), rtol=1e-5, atol=1e-6)

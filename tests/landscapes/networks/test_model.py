"""Models: the subject of a slice is one."""

import torch

from cliffscape.landscapes.networks.model import Model
from tests.landscapes.slices.test_plane import subject


def test_a_subject_is_a_model_whose_parts_add_up_to_its_loss() -> None:
    model = subject(size=7)
    assert isinstance(model, Model)
    parts = model.split(3)
    assert [share for _, share in parts] == [3 / 7, 3 / 7, 1 / 7]
    total = sum(share * loss(model.theta) for loss, share in parts)
    torch.testing.assert_close(total, model.loss(model.theta), rtol=1e-13, atol=0)

"""A module as a model of a slice."""

import torch

from cliffscape.landscapes.models.slice_model import slice_model
from cliffscape.landscapes.networks.model import Model
from tests.landscapes.models.small_models import (
    classifier,
    cross_entropy,
    pictures,
)


def test_a_module_is_a_model_whose_parts_add_up_to_its_loss() -> None:
    subject = slice_model(classifier(), cross_entropy, pictures()).subject
    assert isinstance(subject, Model)
    theta = torch.stack([subject.theta, 0.9 * subject.theta])
    parts = subject.split(1)
    assert len(parts) == 2
    torch.testing.assert_close(sum(share * loss(theta) for loss, share in parts), subject.loss(theta))

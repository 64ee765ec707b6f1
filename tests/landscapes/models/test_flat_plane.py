"""The parameters of a module at points of a plane."""

import pytest
import torch

from cliffscape.landscapes.models.flat_plane import FlatPlane
from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import classifier, cross_entropy, pictures, points


@pytest.mark.parametrize("channels_last", [False, True])
def test_written_and_passed_parameters_are_those_of_the_lifted_point(channels_last: bool) -> None:
    view = slice_model(classifier(), cross_entropy, pictures())
    plane, point = FlatPlane(view.subject.found.parameters, view.slice, channels_last), points(1)[0]
    plane.attach()
    plane.write(*point.tolist())
    lifted = view.subject.found.parameters.unpack(view.slice.lift(point))
    passed = plane.tensors(torch.stack([point, point]))
    for name, own in view.subject.found.parameters.tensors.items():
        torch.testing.assert_close(own.detach(), lifted[name])
        torch.testing.assert_close(passed[name][1], lifted[name])
    kernel = view.subject.found.parameters.tensors["0.weight"]
    assert kernel.is_contiguous(memory_format=torch.channels_last) == channels_last or kernel.shape[1] == 1

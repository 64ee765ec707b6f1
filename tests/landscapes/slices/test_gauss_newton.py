"""The Gauss-Newton matrix on a slice: D G Dᵀ with the directions as rows of D, at several points at once."""

import torch

from cliffscape.app.runs.network import build_subject
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.networks.gauss_newton import gauss_newton_product
from cliffscape.landscapes.slices.gauss_newton import gauss_newton_on_slice
from cliffscape.landscapes.slices.plane import Slice


def test_the_matrix_on_a_slice_is_that_of_the_net_between_its_directions() -> None:
    query = {"landscape": "recurrent_network", "landscape.batch_size": "4", "cell.hidden_units": "3"}
    subject = build_subject(from_query({**query, "task.sequence_length": "10"}))
    directions = torch.stack([subject.theta.cos(), subject.theta.sin()])
    plane = Slice(subject.theta, directions, ("x", "y"))
    points = torch.tensor([[0.5, -0.2], [0.0, 0.0], [-0.1, 0.3]], dtype=torch.float64)
    product = gauss_newton_on_slice(subject, plane, points)
    columns = [product(axis.expand(3, 2)) for axis in torch.eye(2, dtype=torch.float64)]
    for k, point in enumerate(points):
        whole = gauss_newton_product(subject.net, subject.batch, plane.lift(point))
        images = torch.stack([whole(direction) for direction in directions])
        expected = images @ directions.mT
        torch.testing.assert_close(torch.stack([column[k] for column in columns]), expected, rtol=1e-10, atol=1e-12)

"""The curvature kernel against PyTorch: sharpness, and the models of the loss along a line."""

import torch

from cliffscape.landscapes.backends.curvature_kernel import curvature_kernel
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import second_order
from cliffscape.landscapes.descent.step_profile import models
from tests import node
from tests.landscapes.kernel_runs import (
    traceable_kinds,
)
from tests.landscapes.test_loss import sample
from tests.reference import reference, tensor


def test_curvature_is_the_largest_eigenvalue_of_the_hessian() -> None:
    """Every landscape at 12 points of its window and at minima, all in one Node process.

    Relative to the Hessian's norm: of two eigenvalues of opposite sign the largest may be much smaller.
    """
    jobs, places = [], []
    for entry in map(LANDSCAPES.__getitem__, traceable_kinds(LANDSCAPES)):
        minima = tensor([p for p in entry.minima(**entry.defaults) if entry.window.holds(p)][:6]).reshape(-1, 2)
        points = torch.cat([sample(entry.window, 12), minima])
        kernel = curvature_kernel(entry.kind, {})
        values = [entry.defaults[name.removeprefix("landscape.")] for name in kernel.parameters]
        jobs.append(node.Call(kernel.source, "sharpness", points, parameters=values))
        places.append((entry, points))
    for (entry, points), result in zip(places, node.run(jobs), strict=True):
        hessians = torch.stack([torch.autograd.functional.hessian(entry.loss(), point) for point in points])
        error = (result[:, 0] - torch.linalg.eigvalsh(hessians)[:, -1]).abs()
        assert (error <= 1e-10 * hessians.flatten(1).norm(dim=-1)).all(), entry.kind


def test_the_line_is_the_loss_with_slope_and_curvature_along_it() -> None:
    """Every landscape along 12 lines, all in one Node process."""
    jobs, lines = [], []
    for entry in map(LANDSCAPES.__getitem__, traceable_kinds(LANDSCAPES)):
        points = sample(entry.window, 12)
        along = torch.nn.functional.normalize(points.flip(0) - points.mean(0), dim=-1)
        kernel = curvature_kernel(entry.kind, {})
        values = [entry.defaults[name.removeprefix("landscape.")] for name in kernel.parameters]
        jobs.append(node.Call(kernel.source, "models", torch.cat([points, along], -1), 3, values))
        jobs.append(node.Call(kernel.source, "loss", points, parameters=values))
        lines.append((entry, models(second_order(entry.loss(), points), along)))
    results = node.run(jobs)
    for (entry, expected), found, loss in zip(lines, results[::2], results[1::2], strict=True):
        torch.testing.assert_close(found, torch.stack(expected, -1), rtol=1e-9, atol=1e-12, msg=entry.kind)
        torch.testing.assert_close(loss[:, 0], found[:, 0], rtol=0, atol=0)


def test_curvature_in_the_ravine_of_the_cliff_is_that_of_fifty_digits() -> None:
    """2/sharpness is the mark on the page's slider."""
    curve = reference("one_unit_surface")["zero_loss_curve"]
    kernel = curvature_kernel("one_unit_rnn", {"sequence_length": 50})
    points = tensor([[row["w"], row["b"]] for row in curve])
    (result,) = node.run([node.Call(kernel.source, "sharpness", points, parameters=[0.5, 0.7])])
    torch.testing.assert_close(2 / result[:, 0], tensor([row["max_stable_lr"] for row in curve]), rtol=1e-9, atol=0)

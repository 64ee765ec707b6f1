"""The plane itself: there and back, descent through it, and what it refuses."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.slices.plane import Slice, ValueAndGradient
from cliffscape.landscapes.slices.subject import Subject

# PyTorch's own: its first tangent imports decompositions that it still writes in TorchScript.
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")

SKEW = torch.tensor([[1.0, 0, 2, 0, 0], [1.0, 1, 0, 0, 3]], dtype=torch.float64)
ORIGIN = torch.arange(5.0, dtype=torch.float64)


def plane(directions: Tensor = SKEW, origin: Tensor = ORIGIN) -> Slice:
    return Slice(origin, directions, ("x", "y"))


def subject(cell: str = "tanh_rnn", task: str = "adding", units: int = 4, length: int = 6, size: int = 3) -> Subject:
    """A small net on its first minibatch."""
    net = Net(CELLS[cell].function(units), TASKS[task].function(length))
    seeds = torch.tensor([0])
    drawn = net.minibatch(seeds, 0, size)
    theta = net.initial(INITIALISATIONS["framework_default"].function(), seeds)[0]
    return Subject(net, theta, Batch(drawn.inputs[0], drawn.targets[0]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(), (7,), (3, 7), (0,)])
def test_projecting_a_lifted_point_gives_the_point(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    there = plane().to("cpu", dtype)
    point = torch.randn(*shape, 2, dtype=dtype)
    theta = there.lift(point)
    assert theta.shape == (*shape, 5) and theta.dtype == dtype
    expected = ORIGIN.to(dtype) + point[..., :1] * SKEW[0].to(dtype) + point[..., 1:] * SKEW[1].to(dtype)
    torch.testing.assert_close(theta, expected)
    back, distance = there.project(theta)
    torch.testing.assert_close(back, point, rtol=1e-5, atol=1e-5)
    assert distance.shape == shape and bool((distance < 1e-5).all())


def test_a_projection_is_the_nearest_point() -> None:
    theta = torch.randn(20, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    point, distance = plane().project(theta)
    residual = theta - plane().lift(point)
    torch.testing.assert_close(residual @ SKEW.mT, torch.zeros(20, 2, dtype=torch.float64), rtol=0, atol=1e-12)
    torch.testing.assert_close(distance, residual.norm(dim=-1))
    expected = torch.linalg.lstsq(SKEW.mT, (theta - ORIGIN).mT).solution.mT
    torch.testing.assert_close(point, expected)


def test_the_part_along_the_plane_equals_least_squares() -> None:
    offset = torch.randn(7, SKEW.shape[-1], dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    inside = SKEW.mT @ torch.linalg.lstsq(SKEW.mT, offset.mT).solution
    torch.testing.assert_close(plane().along(offset), (inside**2).sum(0), rtol=1e-12, atol=0)


def test_far_and_nan_positions_can_be_projected() -> None:
    point, distance = plane().project(torch.stack([ORIGIN + 1e200, ORIGIN * torch.nan]))
    assert point[0].isfinite().all() and distance[0].isfinite() and distance[0] > 1e199
    assert point[1].isnan().all() and distance[1].isnan()


def test_descent_on_a_slice_follows_the_slices_gradient() -> None:
    """Of a quadratic: in slice coordinates the matrix is D A Dᵀ, and so are the steps."""
    matrix = torch.diag(torch.tensor([1.0, 2, 0.5, 3, 0.1], dtype=torch.float64))
    loss = plane().loss(lambda theta: 0.5 * ((theta @ matrix) * theta).sum(-1))
    run = trajectory(
        loss,
        torch.tensor([[1.0, -1], [0.3, 0.2]], dtype=torch.float64),
        OPTIMIZERS["gradient_descent"].function(0.05),
        CLIPS["none"].function(),
        10,
    )
    point = torch.tensor([1.0, -1], dtype=torch.float64)
    for _ in range(10):
        point = point - 0.05 * SKEW @ matrix @ (ORIGIN + point @ SKEW)
    torch.testing.assert_close(run.position[-1, 0], point)


def test_lanes_of_a_nets_slice_do_not_couple() -> None:
    there = subject()
    directions = torch.randn(2, there.net.layout.size, dtype=torch.float64)
    loss = Slice(there.theta, directions, ("x", "y")).loss(there.loss)
    points = torch.randn(4, 2, dtype=torch.float64)
    value, gradient = value_and_gradient(loss, points)
    for row, point in enumerate(points):
        alone, slope = value_and_gradient(loss, point)
        torch.testing.assert_close(value[row], alone)
        torch.testing.assert_close(gradient[row], slope)


def forward_mode(loss: Loss, point: Tensor) -> tuple[Tensor, Tensor]:
    """Loss and gradient by two tangents: another way to the same numbers."""
    along = [torch.func.jvp(loss, (point,), (axis.expand_as(point),)) for axis in torch.eye(2, dtype=point.dtype)]
    return along[0][0], torch.stack([slope for _, slope in along], -1)


def gradient_methods(there: Subject) -> dict[str, ValueAndGradient]:
    """Three gradient_methods to the gradient on one and the same slice."""
    generator = torch.Generator().manual_seed(0)
    directions = torch.randn(2, there.net.layout.size, dtype=torch.float64, generator=generator)
    seen = Slice(there.theta, directions, ("x", "y"))
    loss = seen.loss(there.loss)
    return {
        "reverse": lambda point: value_and_gradient(loss, point),
        "by hand": seen.value_and_gradient(there.net.value_and_gradient(there.batch)),
        "forward": lambda point: forward_mode(loss, point),
    }


@pytest.mark.parametrize("task", ["adding", "temporal_order"])
@pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])
@pytest.mark.parametrize("shape", [(), (5,), (2, 3)])
def test_all_gradient_methods_agree(cell: str, task: str, shape: tuple[int, ...]) -> None:
    point = torch.randn(*shape, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    expected, *others = (way(point) for way in gradient_methods(subject(cell, task, length=12)).values())
    for found in others:
        for ours, theirs in zip(found, expected, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("way", ["reverse", "by hand", "forward"])
@pytest.mark.parametrize("wrong", [torch.nan, torch.inf])
def test_inf_and_nan_are_not_hidden(wrong: float, way: str) -> None:
    points = torch.tensor([[0.1, 0.2], [wrong, 0.0], [0.0, wrong]], dtype=torch.float64)
    value, gradient = gradient_methods(subject())[way](points)
    assert value.isfinite().tolist() == [True, False, False]
    assert gradient.isfinite().all(-1).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("directions", "field", "message"),
    [
        ([[0, 0, 0], [1, 0, 0]], "directions[0]", "directions[0] must be longer than 0, got length 0"),
        ([[1, 0, 0], [0, 0, 0]], "directions[1]", "directions[1] must be longer than 0, got length 0"),
        (
            [[0, 3, 0], [0, -2, 0]],
            "directions",
            "directions must be not parallel, at an angle with a sine of at least 0.0001, got 0",
        ),
        ([[1, 0, 0], [math.nan, 0, 0]], "directions", "directions must be finite, got Inf or NaN"),
    ],
)
def test_invalid_directions_are_rejected(directions: list[list[float]], field: str, message: str) -> None:
    with pytest.raises(BoundError) as error:
        plane(torch.tensor(directions, dtype=torch.float64), torch.zeros(3).double())
    assert error.value.field == field and str(error.value) == message


def test_an_origin_of_inf_is_rejected() -> None:
    with pytest.raises(BoundError, match="origin must be finite, got Inf or NaN"):
        plane(origin=ORIGIN / 0)


def test_the_check_for_parallel_directions_does_not_depend_on_length() -> None:
    first = torch.tensor([1.0, 0, 0], dtype=torch.float64)
    for length in (1e-160, 1.0, 1e160):
        near = torch.tensor([1.0, 2e-4, 0], dtype=torch.float64)
        plane(length * torch.stack([first, near]), torch.zeros(3).double())
        with pytest.raises(BoundError, match="parallel"):
            plane(length * torch.stack([first, torch.tensor([1.0, 5e-5, 0]).double()]), torch.zeros(3).double())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_lifting_a_point_does_not_depend_on_the_number_of_points(dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(8)
    directions, origin, points = (torch.randn(*n, generator=generator).to(dtype) for n in ((2, 369), (369,), (13, 2)))
    plane = Slice(origin, directions, ("x", "y"))
    for size in (1, 2, 3, 5):
        parts = [plane.lift(points[first : first + size]) for first in range(0, 13, size)]
        assert torch.equal(torch.cat(parts), plane.lift(points)), size

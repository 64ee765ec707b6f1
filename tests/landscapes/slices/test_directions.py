"""Every way to lay a slice: what its coordinates mean, that it is the same plane each time, and what it refuses."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.gradient_flow import spectral_radii
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.slices.directions import SLICES, Slice, row_norms
from cliffscape.landscapes.slices.plane import Slicing
from cliffscape.landscapes.slices.subject import Subject
from tests.landscapes.slices.test_plane import subject

EVERY_CELL = pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])


def lay(kind: str, *arguments: Any, **chosen: Any) -> Slice:
    return run_to_end(SLICES[kind].function(*arguments, **chosen))


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.kind) for entry in SLICES])
def test_every_slice_has_a_start_in_its_window(entry: Slicing) -> None:
    assert entry.window.holds(entry.start) and entry.height in {"log", "linear"}
    assert {"Formula", "Reference"} <= entry.documentation.notes.keys()


@EVERY_CELL
def test_coordinates_are_the_parameters_own_values(cell: str) -> None:
    there = subject(cell)
    plane = lay("coordinates", there, "weight_hh[1,2]", " bias [ 3 ]")
    assert plane.axes == ("weight_hh[1,2]", "bias[3]")
    theta = plane.lift(torch.tensor([7.0, -8.0], dtype=torch.float64))
    weights = there.net.layout.unpack(theta)
    assert (weights["weight_hh"][1, 2], weights["bias"][3]) == (7, -8)
    point, distance = plane.project(there.theta)
    assert distance == 0
    assert point.tolist() == [there.theta[there.net.layout.index(axis)] for axis in plane.axes]


@pytest.mark.parametrize(
    ("first", "second", "field", "message"),
    [
        (
            "weight_xx[0]",
            "bias[0]",
            "slice.first",
            "slice.first must be an entry of one of the net's parameters: weight_ih, ",
        ),
        (
            "bias[0]",
            "weight_hh[9,0]",
            "slice.second",
            "slice.second must be weight_hh with a row from 0 to 3, got weight_hh[9,0]",
        ),
        (
            "bias[1]",
            "bias[ 1 ]",
            "slice.second",
            "slice.second must be different from slice.first, got bias[1]",
        ),
    ],
)
def test_a_wrong_coordinate_raises_an_error_at_its_field(first: str, second: str, field: str, message: str) -> None:
    with pytest.raises(BoundError) as error:
        lay("coordinates", subject(), first, second)
    assert error.value.field == field and str(error.value).startswith(message)


@EVERY_CELL
def test_random_directions_have_rows_as_long_as_the_weights(cell: str) -> None:
    there = subject(cell)
    there.net.layout.unpack(there.theta)["bias_out"].zero_()
    plane = lay("random_directions", there, 5)
    rows = there.net.layout.rows()
    expected = row_norms(there.theta, rows)
    torch.testing.assert_close(row_norms(plane.directions, rows), expected.expand(2, -1))
    assert expected[-1] == 0 and not plane.directions[:, rows == rows.max()].any()
    assert torch.equal(plane.origin, there.theta)


def test_random_directions_depend_on_the_seed_only() -> None:
    there = subject()
    planes = [lay("random_directions", there, seed) for seed in (0, 0, 1)]
    assert torch.equal(planes[0].directions, planes[1].directions)
    first, second = (plane.directions.flatten() for plane in planes[1:])
    assert abs(float(first @ second / first.norm() / second.norm())) < 0.4


@EVERY_CELL
def test_the_scaled_plane_sets_radius_and_bias(cell: str) -> None:
    there = subject(cell)
    plane = lay("scaled_recurrence", there)
    points = torch.tensor([[0.5, 1.0], [2.0, -3.0]], dtype=torch.float64)
    theta = plane.lift(points)
    torch.testing.assert_close(spectral_radii(there.net, theta).amax(-1), points[:, 0])
    weights, own = there.net.layout.unpack(theta), there.net.layout.unpack(there.theta)
    biases = torch.cat([weights[name] for name in weights if name in ("bias", "bias_hn")], -1)
    torch.testing.assert_close(biases.square().mean(-1).sqrt(), points[:, 1].abs())
    for name in ("weight_ih", "weight_out", "bias_out"):
        assert torch.equal(weights[name], own[name].expand_as(weights[name]))
    point, distance = plane.project(there.theta)
    torch.testing.assert_close(point[0], torch.tensor(plane.facts["spectral_radius"], dtype=torch.float64))
    assert distance < 1e-12 and point[1] > 0


def test_a_net_without_biases_takes_a_random_direction() -> None:
    there = subject(units=100)
    theta = there.net.initial(INITIALISATIONS["normal"].function(0.1), torch.tensor([0]))[0]
    planes = [lay("scaled_recurrence", replace(there, theta=theta, seed=seed)) for seed in (3, 3, 4)]
    biases = [there.net.layout.unpack(plane.directions[1])["bias"] for plane in planes]
    assert torch.equal(biases[0], biases[1]) and abs(float(biases[0] @ biases[2])) < 50
    assert float(biases[0] @ biases[0]) == pytest.approx(100)
    assert (biases[0] < 0).any() and (biases[0] > 0).any()


def test_a_zero_matrix_cannot_be_scaled() -> None:
    there = subject()
    there.net.layout.unpack(there.theta)["weight_hh"].zero_()
    with pytest.raises(
        BoundError, match="slice must be placed where weight_hh has a spectral radius greater than 0, got 0"
    ):
        lay("scaled_recurrence", there)


def cliff() -> Subject:
    """A net with large weights, whose gradient and curvature are far from zero."""
    there = subject(units=5, length=10, size=7)
    return replace(there, theta=3 * there.theta)


def test_curvature_spans_gradient_and_leading_eigenvector() -> None:
    there = cliff()
    plane = lay("curvature", there)
    slope = torch.func.grad(there.loss)(there.theta)
    values, vectors = torch.linalg.eigh(torch.autograd.functional.hessian(there.loss, there.theta))
    gram = plane.directions @ plane.directions.mT
    torch.testing.assert_close(gram, torch.eye(2, dtype=torch.float64), rtol=0, atol=1e-10)
    assert float(plane.directions[0] @ vectors[:, -1]) ** 2 == pytest.approx(1, abs=1e-8)
    assert plane.axes == ("leading eigenvector", "orthogonal gradient")
    assert plane.facts["eigenvalues"] == pytest.approx([float(values[-1]), float(values[-2])], rel=1e-6)
    assert plane.facts["sharpness_limit"] == pytest.approx(2 / float(values[-1]), rel=1e-6)
    assert plane.facts["gradient_norm"] == pytest.approx(float(slope.norm()))
    assert plane.facts["alignment"] == pytest.approx(abs(float(slope @ vectors[:, -1] / slope.norm())), abs=1e-6)


def test_on_the_curvature_plane_the_first_step_equals_that_in_the_whole_space() -> None:
    there = cliff()
    plane = lay("curvature", there)
    slope = torch.func.grad(there.loss)(there.theta)
    _, seen = value_and_gradient(plane.loss(there.loss), torch.zeros(2, dtype=torch.float64))
    torch.testing.assert_close(seen @ plane.directions, slope)
    assert (seen >= 0).all()
    curvature = torch.autograd.functional.hessian(plane.loss(there.loss), torch.zeros(2, dtype=torch.float64))
    assert float(curvature[0, 0]) == pytest.approx(plane.facts["eigenvalues"][0], rel=1e-6)
    assert abs(float(curvature[0, 1])) < 1e-4 * abs(float(curvature[0, 0]))


@pytest.mark.parametrize("still", [True, False])
def test_the_second_eigenvector_replaces_a_zero_or_parallel_gradient(
    still: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quadratic bowl, at its minimum and on the axis of its largest curvature."""
    there = subject()
    size = there.net.layout.size
    bowl = torch.linspace(0.5, 4, size, dtype=torch.float64)
    monkeypatch.setattr(Net, "loss", lambda self, batch: lambda theta: 0.5 * (bowl * theta**2).sum(-1))
    theta = torch.zeros(size, dtype=torch.float64)
    theta[-1] = 0 if still else 3
    plane = lay("curvature", replace(there, theta=theta))
    assert plane.axes == ("leading eigenvector", "second eigenvector")
    assert plane.facts["alignment"] == pytest.approx(0 if still else 1)
    torch.testing.assert_close(plane.directions[:, -2:].abs(), torch.eye(2).double().flip(0), rtol=0, atol=1e-4)
    if not still:
        assert plane.directions[0, -1] > 0.99


def test_a_curvature_that_is_not_finite_is_rejected() -> None:
    there = subject("relu_rnn", length=30)
    with pytest.raises(BoundError, match="gradient and the curvature of the loss are finite, got Inf or NaN") as error:
        lay("curvature", replace(there, theta=1e30 * there.theta))
    assert error.value.field == "slice"


def walk(steps: int, size: int) -> Tensor:
    """A run that lies in a plane up to a small oscillation."""
    time = torch.linspace(3, 0, steps, dtype=torch.float64).unsqueeze(-1)
    drawn = torch.randn(3, size, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    straight, curved, beside = torch.linalg.qr(drawn.mT).Q.mT
    return 5 + time * straight + 0.2 * time * (3 - time) * curved + 1e-3 * torch.sin(40 * time) * beside


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.kind) for entry in SLICES])
@EVERY_CELL
def test_every_slice_of_every_cell_can_be_descended(entry: Slicing, cell: str) -> None:
    there = subject(cell)
    run = walk(5, there.net.layout.size)
    plane = run_to_end(entry.function(replace(there, snapshots=run), **entry.defaults))
    start = torch.tensor([entry.start], dtype=torch.float64)
    rules = OPTIMIZERS["gradient_descent"].function(0.1), CLIPS["by_norm"].function(1.0)
    assert trajectory(plane.loss(there.loss), start, *rules, 3).loss.isfinite().all()
    assert all(isinstance(value, float | list) for value in plane.facts.values())


def test_only_clipping_prevents_throws_from_the_default_start_of_the_scaled_plane() -> None:
    """Starts around it, 16 units on the adding problem, T = 50: most are thrown, and none with clipping.

    Statistics, since single runs without clipping are a lottery: rounding decides where they land.
    """
    net = Net(CELLS["tanh_rnn"].function(16), TASKS["adding"].function(50))
    theta = net.initial(INITIALISATIONS["normal"].function(0.1), torch.tensor([0]))[0]
    there = Subject(net, theta, net.minibatch(torch.tensor(0), 0, 20))
    entry = SLICES["scaled_recurrence"]
    loss = lay("scaled_recurrence", there).loss(there.loss)
    jitter = 2 * torch.rand(12, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) - 1
    starts = torch.tensor(entry.start, dtype=torch.float64) + 0.01 * jitter
    optimizer = OPTIMIZERS["gradient_descent"].function(0.1)
    runs = [
        trajectory(loss, starts, optimizer, clip, 40)
        for clip in (CLIPS["none"].function(), CLIPS["by_norm"].function(1.0))
    ]
    longest = [run.step_length[:-1].amax(0) for run in runs]
    assert (longest[0] > entry.window.diagonal).sum() >= 8
    assert float(longest[1].max()) <= 0.1 + 1e-12
    assert (runs[1].loss[-1] < 0.3).sum() >= 9 > (runs[0].loss[-1] < 0.3).sum()

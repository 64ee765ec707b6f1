"""Every way to lay a slice: what its coordinates mean, that it is the same plane each time, and what it refuses."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
import torch

from landscapes.recurrent.catalogue import CELLS, INITIALISATIONS
from landscapes.recurrent.flow import spectral_radii
from landscapes.slice import Slicing
from landscapes.slices import SLICES, Slice, SliceError, row_norms
from tests.landscapes.test_slice import subject

EVERY_CELL = pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])


def laid(work: Generator[None, None, Slice]) -> Slice:
    """The slice at the end of the work."""
    try:
        while True:
            next(work)
    except StopIteration as end:
        return end.value


def lay(kind: str, *arguments: Any, **chosen: Any) -> Slice:
    return laid(SLICES[kind].function(*arguments, **chosen))


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.kind) for entry in SLICES])
def test_every_slice_says_where_to_look(entry: Slicing) -> None:
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
        ("weight_xx[0]", "bias[0]", "first", "first: coordinate must name one of weight_ih, "),
        ("bias[0]", "weight_hh[9,0]", "second", "second: coordinate weight_hh: row must be from 0 to 3, got 9"),
        ("bias[1]", "bias[ 1 ]", "second", "second must be another parameter than first, got bias[1] for both"),
    ],
)
def test_a_wrong_coordinate_is_answered_at_its_field(first: str, second: str, field: str, message: str) -> None:
    with pytest.raises(SliceError) as error:
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


def test_random_directions_hang_on_the_seed_alone() -> None:
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


def test_a_matrix_without_eigenvalues_cannot_be_scaled() -> None:
    there = subject()
    there.net.layout.unpack(there.theta)["weight_hh"].zero_()
    with pytest.raises(SliceError, match="weight_hh must have a spectral radius greater than 0, got 0"):
        lay("scaled_recurrence", there)

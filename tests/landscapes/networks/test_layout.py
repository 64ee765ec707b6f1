"""The layout of theta: views, names of coordinates and back, rows."""

import pytest
import torch

from cliffscape.landscapes.networks.layout import Layout

LAYOUT = Layout({"weight_ih": (4, 3), "weight_hh": (4, 4), "bias": (4,)})


def test_views_share_theta() -> None:
    theta = torch.arange(2 * 32.0).reshape(2, 32)
    views = LAYOUT.unpack(theta)
    assert {name: view.shape[1:] for name, view in views.items()} == LAYOUT.shapes
    views["bias"][1, 2] = -7
    assert theta[1, 30] == -7
    assert torch.equal(LAYOUT.pack(views), theta)


def test_the_name_of_every_coordinate_gives_its_index() -> None:
    assert LAYOUT.size == 32
    names = [LAYOUT.coordinate(index) for index in range(32)]
    assert [LAYOUT.index(name) for name in names] == list(range(32))
    assert names[0] == "weight_ih[0,0]" and names[13] == "weight_hh[0,1]" and names[31] == "bias[3]"
    assert LAYOUT.index(" weight_hh [ 0 , 1 ] ") == 13


def test_a_coordinate_is_the_entry_it_names() -> None:
    theta = torch.randn(32)
    assert theta[LAYOUT.index("weight_hh[2,3]")] == LAYOUT.unpack(theta)["weight_hh"][2, 3]


@pytest.mark.parametrize(
    ("coordinate", "sentence"),
    [
        ("w[0]", "coordinate must be an entry of one of the net's parameters: weight_ih, weight_hh, bias, got w[0]"),
        ("weight_hh[4,0]", "coordinate must be weight_hh with a row from 0 to 3, got weight_hh[4,0]"),
        ("weight_ih[0,3]", "coordinate must be weight_ih with a column from 0 to 2, got weight_ih[0,3]"),
        ("bias[9]", "coordinate must be bias with an index from 0 to 3, got bias[9]"),
        ("bias[1,2]", "coordinate must be bias with 1 index, such as bias[0], got bias[1,2]"),
        ("weight_hh[1]", "coordinate must be weight_hh with 2 indices, such as weight_hh[0,0], got weight_hh[1]"),
        ("bias[-1]", "coordinate must be a parameter of the net such as weight_ih[0,0], got bias[-1]"),
        ("", "coordinate must be a parameter of the net such as weight_ih[0,0], got "),
    ],
)
def test_a_wrong_name_raises_an_error_with_the_bound(coordinate: str, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        LAYOUT.index(coordinate)
    assert str(error.value) == sentence


@pytest.mark.parametrize("index", [-1, 32])
def test_an_index_out_of_bounds_raises_an_error_with_the_bound(index: int) -> None:
    with pytest.raises(ValueError, match=f"index must be from 0 to 31, got {index}"):
        LAYOUT.coordinate(index)


def test_a_theta_of_another_length_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"theta must be of shape \(\.\.\., 32\), got \(5, 31\)"):
        LAYOUT.unpack(torch.zeros(5, 31))


def test_a_row_holds_the_weights_into_one_unit_and_a_bias_is_one_row() -> None:
    rows = LAYOUT.rows()
    assert rows.tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3 + [4] * 4 + [5] * 4 + [6] * 4 + [7] * 4 + [8] * 4
    theta = torch.randn(32, dtype=torch.float64)
    squares = torch.zeros(9, dtype=torch.float64).index_add(0, rows, theta**2)
    torch.testing.assert_close(squares[4:8], (LAYOUT.unpack(theta)["weight_hh"] ** 2).sum(-1))

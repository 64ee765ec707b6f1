"""Initial weights: moments, singular values, spectral radii, connections, and one draw per seed."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net

TASK = TASKS["temporal_order"].function(20)
SEEDS = torch.arange(20)


def draw_weights(cell: str, initialisation: str, units: int = 50, **chosen: float) -> dict[str, Tensor]:
    """Weights by name for 20 seeds; recurrent ones gate by gate ``(S, G, H, H)``."""
    net = Net(CELLS[cell].function(units), TASK)
    weights = net.layout.unpack(net.initial(INITIALISATIONS[initialisation].function(**chosen), SEEDS))
    return {**weights, "weight_hh": weights["weight_hh"].unflatten(1, (-1, units))}


@pytest.mark.parametrize("kind", [entry.kind for entry in INITIALISATIONS])
@pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])
def test_the_weights_of_a_seed_do_not_depend_on_other_seeds(kind: str, cell: str) -> None:
    net, rule = Net(CELLS[cell].function(7), TASK), INITIALISATIONS[kind].function()
    theta = net.initial(rule, SEEDS)
    assert theta.shape == (20, net.layout.size) and theta.dtype == torch.float64 and theta.isfinite().all()
    assert len(theta.unique(dim=0)) == 20
    assert torch.equal(net.initial(rule, SEEDS[4:5])[0], theta[4])
    assert torch.equal(net.initial(rule, SEEDS, torch.float32), theta.float())


@pytest.mark.parametrize("kind", [entry.kind for entry in INITIALISATIONS])
@pytest.mark.parametrize("units", [1, 2])
def test_the_smallest_nets_have_initial_weights(kind: str, units: int) -> None:
    assert all(weight.isfinite().all() for weight in draw_weights("gru", kind, units).values())


@pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])
def test_the_default_has_the_moments_of_pytorch(cell: str) -> None:
    """Uniform, variance 1/(3 H); a bias that is the sum of two has twice that, a GRU's last gate keeps them apart."""
    weights, bound = draw_weights(cell, "framework_default"), 50**-0.5
    for name in ("weight_ih", "weight_hh", "weight_out"):
        assert weights[name].abs().max() <= bound
        assert weights[name].var() == pytest.approx(bound**2 / 3, rel=0.05)
    bias = weights["bias"].unflatten(1, (-1, 50))
    if cell == "lstm":
        bias = bias - torch.tensor([0.0, 1.0, 0.0, 0.0]).unsqueeze(-1)
    assert bias.abs().max() <= 2 * bound
    assert bias[:, 0].var() == pytest.approx(2 * bound**2 / 3, rel=0.2)
    if cell == "gru":
        for single in (bias[:, -1], weights["bias_hn"]):
            assert single.abs().max() <= bound and single.var() == pytest.approx(bound**2 / 3, rel=0.2)


def test_normal_weights_have_the_given_deviation_and_no_biases() -> None:
    weights = draw_weights("gru", "normal", std=0.2)
    for name in ("weight_ih", "weight_hh", "weight_out"):
        assert weights[name].std() == pytest.approx(0.2, rel=0.05)
    assert not any(weights[name].any() for name in ("bias", "bias_hn", "bias_out"))
    flat = weights["weight_hh"][:, :2].flatten(2)
    assert abs(float(torch.corrcoef(torch.stack([flat[0, 0], flat[0, 1]]))[0, 1])) < 0.1


@pytest.mark.parametrize("cell", ["tanh_rnn", "lstm"])
def test_all_singular_values_of_orthogonal_weights_are_the_gain(cell: str) -> None:
    blocks = draw_weights(cell, "orthogonal", gain=1.5)["weight_hh"]
    singular = torch.linalg.svdvals(blocks)
    torch.testing.assert_close(singular, torch.full_like(singular, 1.5), rtol=1e-12, atol=0)
    # Uniform over rotations: entries have mean 0 and variance g²/H.
    assert blocks.mean() == pytest.approx(0, abs=0.01) and blocks.var() == pytest.approx(1.5**2 / 50, rel=0.01)
    assert torch.linalg.det(blocks[:, 0] / 1.5).sign().unique().tolist() == [-1, 1]


def test_identity_weights_are_a_multiple_of_the_identity() -> None:
    weights = draw_weights("relu_rnn", "identity", scale=0.9)
    assert torch.equal(weights["weight_hh"], 0.9 * torch.eye(50, dtype=torch.float64).expand(20, 1, 50, 50))
    assert weights["weight_ih"].std() == pytest.approx(1e-3, rel=0.05) and not weights["bias"].any()


@pytest.mark.parametrize(("radius", "connections"), [(0.95, 15), (1.1, 15), (1.1, 50), (0.5, 128)])
@pytest.mark.parametrize("cell", ["tanh_rnn", "gru"])
def test_the_spectral_radius_is_the_declared_one(cell: str, radius: float, connections: int) -> None:
    weights = draw_weights(cell, "spectral_radius", radius=radius, connections=connections)
    blocks = weights["weight_hh"]
    largest = torch.linalg.eigvals(blocks).abs().amax(-1)
    torch.testing.assert_close(largest, torch.full_like(largest, radius), rtol=1e-9, atol=0)
    assert ((blocks != 0).sum(-1) == min(connections, 50)).all()
    # Every unit is listened to about equally often.
    share = (blocks != 0).double().mean((0, 1, 2))
    assert (share - min(connections, 50) / 50).abs().max() < 5 * math.sqrt(0.25 / (20 * 50))
    assert weights["weight_ih"].std() == pytest.approx(0.01, rel=0.1)


def test_the_forget_bias_is_added_to_the_forget_gate_alone() -> None:
    for bias in (0.0, 3.0):
        net = Net(CELLS["lstm"].function(4, bias), TASK)
        weights = net.layout.unpack(net.initial(INITIALISATIONS["normal"].function(), SEEDS))
        assert weights["bias"][0].tolist() == [0.0] * 4 + [bias] * 4 + [0.0] * 8

"""Optimizers against torch.optim, with and without PyTorch's clips, on smooth landscapes."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.transform import Transform
from tests.reference import reference, relative, tensor

STEPS = 100
# Stable learning rates: below 2/sharpness along the whole path, for momentum below (1 - momentum) of that. Clipped
# gradients are short, so a larger rate is as stable there, and moves. Adam's rate is the length of its steps.
STARTS = {
    "rosenbrock": (-1.2, 1.0),
    "himmelblau": (-0.5, -4.5),
    "beale": (1.0, 3.2),
    "saddle": (0.02, 1.0),
    "ravine": (-1.7, 0.9),
}
RATES = {"rosenbrock": 2e-4, "himmelblau": 2e-3, "beale": 1e-4, "saddle": 5e-2, "ravine": 1e-2}
CLIPPED_RATE, ADAM_RATE = 5e-3, 5e-3
# Their learning rate is the length of a step, whatever the slope; Adadelta's is a factor on one it finds itself.
LENGTHS = {
    **dict.fromkeys(["adam", "adamw", "amsgrad", "rmsprop", "adagrad"], ADAM_RATE),
    **dict.fromkeys(["sign_descent", "normalised_gradient", "lion"], ADAM_RATE),
    **dict.fromkeys(["rmsprop_pytorch", "adam_pytorch", "rmsprop_keras", "adam_keras", "amsgrad_optax"], ADAM_RATE),
    "adadelta": 1.0,
    # Across the valley of Rosenbrock larger steps swing, and swinging multiplies rounding.
    **dict.fromkeys(["nadam", "nadam_pytorch"], 5e-4),
}
BETAS = {"first_decay": 0.8, "second_decay": 0.99, "epsilon": 1e-6}
THEIR_BETAS = {"betas": (0.8, 0.99), "eps": 1e-6}
PEERS: dict[str, tuple[dict[str, Any], Callable[..., torch.optim.Optimizer], dict[str, Any]]] = {
    "gradient_descent": ({}, torch.optim.SGD, {}),
    "momentum": ({"momentum": 0.8}, torch.optim.SGD, {"momentum": 0.8}),
    "nesterov": ({"momentum": 0.8}, torch.optim.SGD, {"momentum": 0.8, "nesterov": True}),
    "adagrad": ({"epsilon": 1e-6}, torch.optim.Adagrad, {"eps": 1e-6}),
    "rmsprop": ({"decay": 0.9, "epsilon": 1e-6}, torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-6}),
    "adadelta": ({"decay": 0.8, "epsilon": 1e-4}, torch.optim.Adadelta, {"rho": 0.8, "eps": 1e-4}),
    "adam": (BETAS, torch.optim.Adam, THEIR_BETAS),
    "adamw": ({**BETAS, "weight_decay": 0.1}, torch.optim.AdamW, {**THEIR_BETAS, "weight_decay": 0.1}),
    "amsgrad": (BETAS, torch.optim.Adam, {**THEIR_BETAS, "amsgrad": True}),
    "nadam": (BETAS, torch.optim.NAdam, THEIR_BETAS),
    # Their options are in test_pytorch.py.
    "sgd_pytorch": ({"momentum": 0.8}, torch.optim.SGD, {"momentum": 0.8}),
    "rmsprop_pytorch": ({"decay": 0.9, "epsilon": 1e-6}, torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-6}),
    "adam_pytorch": (BETAS, torch.optim.Adam, THEIR_BETAS),
    "nadam_pytorch": (BETAS, torch.optim.NAdam, THEIR_BETAS),
}
# PyTorch has none; each has a test of its own, below or in the test of its file.
WITHOUT_PEER = {"nesterov_schedule", "normalised_gradient", "sign_descent", "lion", "sam"}
WITHOUT_PEER |= {"rmsprop_keras", "adam_keras", "amsgrad_optax"}
# Their tests are in test_second_order.py.
CURVATURE_METHODS = {entry.kind for entry in OPTIMIZERS if entry.function().asks}
GUARDS: dict[str, tuple[Transform, Callable[..., object] | None]] = {
    "none": (CLIPS["none"].function(), None),
    "by_norm_pytorch": (CLIPS["by_norm_pytorch"].function(0.3), torch.nn.utils.clip_grad_norm_),
    "by_value": (CLIPS["by_value"].function(0.3), torch.nn.utils.clip_grad_value_),
}


def settings(peers: int) -> list[tuple[str, int, str]]:
    """Landscape, number of a peer, and clip: every peer on every landscape, and with each clip on one of them."""
    landscapes, clips = list(RATES), [name for name in GUARDS if name != "none"]
    free = [(landscape, peer, "none") for landscape in landscapes for peer in range(peers)]
    return free + [(landscapes[(peer + k) % len(landscapes)], peer, clips[k]) for peer in range(peers) for k in (0, 1)]


def peer(loss: Loss, start: Tensor, make: Callable[[list[Tensor]], torch.optim.Optimizer], guard: Any) -> Tensor:
    """Positions ``(STEPS + 1, 2)`` of torch.optim on the same loss."""
    theta = torch.nn.Parameter(start.clone())
    optimizer = make([theta])
    places = [start]
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(theta).backward()
        if guard is not None:
            guard([theta], 0.3)
        optimizer.step()
        places.append(theta.detach().clone())
    return torch.stack(places)


@pytest.mark.parametrize(
    ("landscape", "kind", "guard"), [(landscape, list(PEERS)[k], guard) for landscape, k, guard in settings(len(PEERS))]
)
def test_hundred_steps_equal_those_of_torch_optim(landscape: str, kind: str, guard: str) -> None:
    """To 1e-10 of the largest coordinate, and never by standing still."""
    surface, (ours, make, theirs), (clip, utility) = LANDSCAPES[landscape], PEERS[kind], GUARDS[guard]
    rate = LENGTHS.get(kind, RATES[landscape] if guard == "none" else CLIPPED_RATE)
    start = tensor(STARTS[landscape])
    expected = peer(surface.loss(), start, lambda parameters: make(parameters, lr=rate, **theirs), utility)
    run = trajectory(surface.loss(), start, OPTIMIZERS[kind].function(rate, **ours), clip, STEPS)
    assert expected.isfinite().all()
    assert relative(run.position, expected) < 1e-10
    assert (expected[-1] - start).norm() > 0.02
    assert run.loss[-1] < run.loss[0]
    if guard != "none":
        assert (run.clip_factor < 0.99).any(), "the clip was at work"


THEIR_NAMES = {"epsilon": "eps", "centred": "centered"}
SAME_NAMES = ("weight_decay", "dampening", "nesterov", "amsgrad", "momentum_decay")


@pytest.mark.parametrize("kind", PEERS)
def test_defaults_are_those_of_torch_optim(kind: str) -> None:
    """All but the learning rate, which depends on the landscape, and the momentum, which PyTorch leaves out."""
    _, make, theirs = PEERS[kind]
    chosen = {name: value for name, value in theirs.items() if name in ("nesterov", "amsgrad", "momentum")}
    defaults = OPTIMIZERS[kind].defaults
    peers = make([torch.nn.Parameter(torch.zeros(2))], lr=1.0, **chosen).defaults
    if "first_decay" in defaults:
        assert (defaults["first_decay"], defaults["second_decay"]) == peers["betas"]
    if "decay" in defaults:
        assert defaults["decay"] == peers.get("alpha", peers.get("rho"))
    for name in (*THEIR_NAMES, *SAME_NAMES):
        if name in defaults:
            assert defaults[name] == peers[THEIR_NAMES.get(name, name)], name


def test_every_optimizer_has_a_peer() -> None:
    assert {entry.kind for entry in OPTIMIZERS} - WITHOUT_PEER - CURVATURE_METHODS == set(PEERS)


@pytest.mark.parametrize("kind", [entry.kind for entry in OPTIMIZERS])
def test_hyper_parameters_may_be_one_per_lane(kind: str) -> None:
    """Tensors ``(L, 1)``, all of them at once, give the runs that numbers give."""
    surface = LANDSCAPES["himmelblau"]
    entry, lanes = OPTIMIZERS[kind], tensor([0.5, 0.8, 1.0])[:, None]
    values = {p.name: p.default * lanes for p in entry.parameters if not p.range.structural}
    if "learning_rate" in values:
        values["learning_rate"] = 0.01 * lanes
    start = tensor(STARTS["himmelblau"])
    together = trajectory(surface.loss(), start.expand(3, 2), entry.function(**values), CLIPS["none"].function(), 30)
    for lane in range(3):
        alone = {name: float(value[lane]) for name, value in values.items()}
        run = trajectory(surface.loss(), start, entry.function(**alone), CLIPS["none"].function(), 30)
        assert relative(together.position[:, lane], run.position) < 1e-13


def test_nesterov_is_momentum_with_a_smaller_memory_along_a_curved_direction() -> None:
    """On ½ λ x² its velocity is that of momentum with μ (1 − ε λ): theorem 2.1 of Sutskever et al. 2013.

    PyTorch's form keeps the look-ahead points x + μ v, so those of the book's recursion are compared.
    """
    check = reference("clip_bias")["NAG_check"]
    curvature, rate, mu = check["lam"], check["lr"], check["mu"]
    x, v = check["x"], 0.0
    places = []
    for _ in range(20):
        places.append(x + mu * v)
        v = mu * (1 - rate * curvature) * v - rate * curvature * x
        x += v

    def loss(theta: Tensor) -> Tensor:
        return 0.5 * curvature * (theta**2).sum(-1)

    start = tensor([check["x"]])
    run = trajectory(loss, start, OPTIMIZERS["nesterov"].function(rate, mu), CLIPS["none"].function(), 19)
    torch.testing.assert_close(run.position[:, 0], tensor(places), rtol=1e-12, atol=1e-14)
    expected = mu * (1 - rate * curvature) * check["v"] - rate * curvature * check["x"]
    nag = mu * check["v"] - rate * value_and_gradient(loss, start + mu * check["v"])[1].item()
    assert nag == pytest.approx(expected, rel=1e-13)
    assert nag == pytest.approx(check["nag_velocity"], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("kind", "extra"), [("nesterov", ()), ("nesterov_schedule", (1,))])
def test_on_a_ravine_nesterov_is_momentum_with_one_memory_for_each_direction(kind: str, extra: tuple[int, ...]) -> None:
    """Theorem 2.1 again, now with our own momentum, whose memory μ (1 − ε λ) is 0.89 along the ravine and 0.72 across.

    Nesterov's run shows the look-ahead points x + μ v of the momentum run, with v its last step. With period 1 the
    largest momentum, 0.5, applies from the start.
    """
    rate, mu = 0.01, 0.9 if kind == "nesterov" else 0.5
    surface, start, free = LANDSCAPES["ravine"], tensor(STARTS["ravine"]), CLIPS["none"].function()
    memory = mu * (1 - rate * tensor([1.0, surface.defaults["condition_number"]]))
    places = trajectory(surface.loss(), start, OPTIMIZERS["momentum"].function(rate, memory), free, 100).position
    ahead = places[1:] + mu * places.diff(dim=0)
    run = trajectory(surface.loss(), start, OPTIMIZERS[kind].function(rate, mu, *extra), free, 100)
    assert relative(run.position[1:], ahead) < 1e-13


def test_sutskevers_form_equals_nesterovs_while_the_momentum_is_constant() -> None:
    """With a schedule that has reached its end. Both runs show look-ahead points."""
    surface, start, free = LANDSCAPES["ravine"], tensor(STARTS["ravine"]), CLIPS["none"].function()
    usual = trajectory(surface.loss(), start, OPTIMIZERS["nesterov"].function(0.01, 0.5), free, 60)
    scheduled = OPTIMIZERS["nesterov_schedule"].function(0.01, 0.5, 250)
    run = trajectory(surface.loss(), start, scheduled, free, 60)
    assert relative(run.position, usual.position) < 1e-12


def test_the_momentum_schedule_is_the_papers() -> None:
    """1 - 2^(-1 - log2(floor(t/250) + 1)), bounded: against the recursion written out, on a bowl of curvature 3."""
    rate, largest, x, v = 0.05, 0.9, 1.0, 0.0
    places = []
    for step in range(60):
        mu = min(1 - 2 ** (-1 - math.log2(step // 5 + 1)), largest)
        places.append(x + mu * v)
        v = mu * v - rate * 3 * (x + mu * v)
        x += v

    def bowl(theta: Tensor) -> Tensor:
        return 1.5 * (theta**2).sum(-1)

    rule = OPTIMIZERS["nesterov_schedule"].function(rate, largest, 5)
    run = trajectory(bowl, tensor([1.0]), rule, CLIPS["none"].function(), 59)
    torch.testing.assert_close(run.position[:, 0], tensor(places), rtol=1e-11, atol=1e-13)

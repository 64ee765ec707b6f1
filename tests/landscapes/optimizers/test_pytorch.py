"""The options of torch.optim's classes, against torch.optim, with and without clipping, and their edge cases."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import trajectory
from tests.landscapes.optimizers.test_first_order import CLIPPED_RATE, GUARDS, LENGTHS, RATES, STARTS, peer, settings
from tests.reference import relative, tensor

THEIR_NAMES = {"centred": "centered", "decay": "alpha", "epsilon": "eps"}
BETAS = {"first_decay": 0.8, "second_decay": 0.99, "epsilon": 1e-6}
SGD: tuple[str, Callable[..., torch.optim.Optimizer]] = ("sgd_pytorch", torch.optim.SGD)
RMSPROP: tuple[str, Callable[..., torch.optim.Optimizer]] = ("rmsprop_pytorch", torch.optim.RMSprop)
ADAM: tuple[str, Callable[..., torch.optim.Optimizer]] = ("adam_pytorch", torch.optim.Adam)
NADAM: tuple[str, Callable[..., torch.optim.Optimizer]] = ("nadam_pytorch", torch.optim.NAdam)
OPTIONS: list[tuple[tuple[str, Callable[..., torch.optim.Optimizer]], dict[str, Any]]] = [
    (SGD, {"momentum": 0.0, "weight_decay": 0.1}),
    (SGD, {"momentum": 0.0, "dampening": 0.3}),
    (SGD, {"momentum": 0.8, "dampening": 0.3}),
    (SGD, {"momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1}),
    (SGD, {"momentum": 0.8, "nesterov": 1, "weight_decay": 0.1}),
    (RMSPROP, {"decay": 0.9, "epsilon": 1e-6, "weight_decay": 0.1}),
    (RMSPROP, {"decay": 0.9, "epsilon": 1e-6, "momentum": 0.5}),
    (RMSPROP, {"decay": 0.9, "epsilon": 1e-2, "centred": 1}),
    (RMSPROP, {"decay": 0.9, "epsilon": 1e-2, "momentum": 0.5, "centred": 1, "weight_decay": 0.1}),
    (ADAM, {**BETAS, "weight_decay": 0.1}),
    (ADAM, {**BETAS, "weight_decay": 0.1, "amsgrad": 1}),
    (NADAM, {**BETAS, "momentum_decay": 0.1}),
    (NADAM, {**BETAS, "momentum_decay": 1.0, "weight_decay": 0.1}),
    (NADAM, {**BETAS, "momentum_decay": 0.0}),
]


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    """PyTorch keeps the product of NAdam's momenta in the default type, float32."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def their_options(ours: dict[str, Any]) -> dict[str, Any]:
    """The same options under the names of torch.optim."""
    found = {THEIR_NAMES.get(name, name): value for name, value in ours.items()}
    if "first_decay" in found:
        found["betas"] = (found.pop("first_decay"), found.pop("second_decay"))
    return {
        name: bool(value) if name in ("nesterov", "centered", "amsgrad") else value for name, value in found.items()
    }


@pytest.mark.parametrize(("landscape", "k", "guard"), settings(len(OPTIONS)))
def test_steps_with_options_equal_those_of_torch_optim(landscape: str, k: int, guard: str) -> None:
    ((kind, make), options), surface, (clip, utility) = OPTIONS[k], LANDSCAPES[landscape], GUARDS[guard]
    rate = LENGTHS.get(kind, RATES[landscape] if guard == "none" else CLIPPED_RATE)
    # Across the valley of Rosenbrock these steps swing, and swinging multiplies rounding.
    steps = 25 if landscape == "rosenbrock" else 100
    if options.get("centred"):
        # The standard deviation of recent gradients is small where they agree, and the steps long.
        rate /= 10
    theirs, start = their_options(options), tensor(STARTS[landscape])
    expected = peer(surface.loss(), start, lambda parameters: make(parameters, lr=rate, **theirs), utility)[: steps + 1]
    run = trajectory(surface.loss(), start, OPTIMIZERS[kind].function(rate, **options), clip, steps)
    assert expected.isfinite().all()
    assert relative(run.position, expected) < 1e-10
    assert (expected[-1] - start).norm() > 0.005


@pytest.mark.parametrize(
    ("kind", "plain"),
    [("sgd_pytorch", "momentum"), ("rmsprop_pytorch", "rmsprop"), ("adam_pytorch", "adam"), ("nadam_pytorch", "nadam")],
)
def test_without_options_they_are_the_plain_methods(kind: str, plain: str) -> None:
    surface, start, clip = LANDSCAPES["himmelblau"], tensor(STARTS["himmelblau"]), CLIPS["by_norm"].function(5.0)
    runs = [trajectory(surface.loss(), start, OPTIMIZERS[one].function(0.01), clip, 60) for one in (kind, plain)]
    assert relative(runs[0].position, runs[1].position) < 1e-13


def test_weight_decay_is_added_to_the_clipped_gradient() -> None:
    """A gradient of norm 50 is clipped to 1; the decay of the parameters, of norm 5, is not."""
    step, _ = one_step("sgd_pytorch", tensor([0.6, 0.8]), tensor([3.0, 4.0]), 1.0, 0.0, weight_decay=0.5)
    torch.testing.assert_close(step, tensor([-2.1, -2.8]))

    def steep(theta: Tensor) -> Tensor:
        return 30 * theta[..., 0] + 40 * theta[..., 1]

    rule = OPTIMIZERS["sgd_pytorch"].function(1.0, 0.0, weight_decay=0.5)
    run = trajectory(steep, tensor([3.0, 4.0]), rule, CLIPS["by_norm"].function(1.0), 1)
    torch.testing.assert_close(run.position[1] - run.position[0], tensor([-2.1, -2.8]))


def test_decoupled_decay_is_not_divided_and_coupled_decay_is() -> None:
    """The first step at a zero gradient: AdamW shrinks the parameters by ε λ, Adam steps its learning rate."""
    zero, theta = tensor([0.0, 0.0]), tensor([3.0, -4.0])
    coupled, _ = one_step("adam_pytorch", zero, theta, 0.1, weight_decay=0.5)
    torch.testing.assert_close(coupled, tensor([-0.1, 0.1]), rtol=1e-7, atol=0)
    decoupled, _ = one_step("adamw", zero, theta, 0.1, weight_decay=0.5)
    torch.testing.assert_close(decoupled, -0.1 * 0.5 * theta)


def one_step(kind: str, gradient: Tensor, theta: Tensor, *values: float, **options: float) -> tuple[Tensor, Any]:
    """The first step of a method, and its state after it."""
    rule = OPTIMIZERS[kind].function(*values, **options)
    step, state = rule.update(gradient, rule.init(theta), theta)
    return step, state


@pytest.mark.parametrize(("method", "options"), OPTIONS, ids=lambda one: one[0] if isinstance(one, tuple) else None)
@pytest.mark.parametrize("gradient", [[0.0, 0.0], [torch.inf, 1.0], [torch.nan, 1.0]], ids=["zero", "Inf", "NaN"])
def test_edge_cases_are_those_of_torch_optim(
    method: tuple[str, Any], options: dict[str, Any], gradient: list[float]
) -> None:
    """Three steps with a zero gradient. With Inf or NaN the first step: after it the run has diverged."""
    kind, make = method
    theta = torch.nn.Parameter(tensor([0.5, -2.0]))
    theirs = make([theta], lr=0.1, **their_options(options))
    rule, ours = OPTIMIZERS[kind].function(0.1, **options), theta.detach().clone()
    state = rule.init(ours)
    for _ in range(1 if sum(gradient) else 3):
        theta.grad = tensor(gradient)
        theirs.step()
        step, state = rule.update(tensor(gradient), state, ours)
        ours = ours + step
        torch.testing.assert_close(ours, theta.detach(), rtol=1e-12, atol=1e-14, equal_nan=True)


@pytest.mark.parametrize(
    ("options", "limit"),
    [
        ({"momentum": 0.5, "dampening": 0.4, "weight_decay": 0.25}, 2 * 1.5 / (0.6 * 4.25)),
        ({"momentum": 0.5, "nesterov": 1, "weight_decay": 0.25}, 2 * 1.5 / (2 * 4.25)),
        ({"momentum": 0.0, "weight_decay": 0.25}, 2 / 4.25),
    ],
)
def test_the_stated_limit_of_the_learning_rate(options: dict[str, float], limit: float) -> None:
    """On a bowl of curvature 4, just below it and just above it."""

    def bowl(theta: Tensor) -> Tensor:
        return 2 * (theta**2).sum(-1)

    free = CLIPS["none"].function()
    rule = OPTIMIZERS["sgd_pytorch"].function(limit * tensor([0.99, 1.01])[:, None], **options)
    end = trajectory(bowl, tensor([[1.0], [1.0]]), rule, free, 2000).loss[-1]
    assert end[0] < 1e-6 and end[1] > 1e6

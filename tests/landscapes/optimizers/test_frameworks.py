"""Forms of the frameworks: Keras's and optax's against their formulas written out, and both forms of every switch."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.descent.sweep import Lanes
from cliffscape.landscapes.loss import Loss
from tests import node
from tests.landscapes.optimizers.test_first_order import STARTS
from tests.reference import relative, tensor
from tests.routes import needs_compiler, run_sweep

STEPS, RATE = 60, 5e-3


def rmsprop(decay: float, momentum: float, epsilon: float, centred: int) -> Iterator[Any]:
    """RMSprop with the learning rate in the velocity, as in Keras."""
    square, mean, velocity = torch.zeros(2), torch.zeros(2), torch.zeros(2)
    step = None
    while True:
        gradient = yield step
        square = decay * square + (1 - decay) * gradient**2
        mean = decay * mean + (1 - decay) * gradient
        increment = RATE * gradient / torch.sqrt((square - mean**2 if centred else square) + epsilon)
        velocity = momentum * velocity + increment
        step = -velocity


def adam(first: float, second: float, epsilon: float, amsgrad: int) -> Iterator[Any]:
    """Adam with a corrected rate and "epsilon hat"."""
    mean, square, largest, count, step = torch.zeros(2), torch.zeros(2), torch.zeros(2), 0, None
    while True:
        gradient = yield step
        count += 1
        rate = RATE * math.sqrt(1 - second**count) / (1 - first**count)
        mean = mean + (gradient - mean) * (1 - first)
        square = square + (gradient**2 - square) * (1 - second)
        largest = torch.maximum(largest, square)
        step = -mean * rate / (torch.sqrt(largest if amsgrad else square) + epsilon)


def nadam(first: float, second: float, epsilon: float) -> Iterator[Any]:
    """Keras's Nadam, whose momentum warms up by 0.96 per step."""
    mean, square, product, count, step = torch.zeros(2), torch.zeros(2), 1.0, 0, None
    while True:
        gradient = yield step
        count += 1
        now, coming = (first * (1 - 0.5 * 0.96**k) for k in (count, count + 1))
        product *= now
        mean = mean + (gradient - mean) * (1 - first)
        square = square + (gradient**2 - square) * (1 - second)
        ahead = coming * mean / (1 - product * coming) + (1 - now) * gradient / (1 - product)
        step = -RATE * ahead / (torch.sqrt(square / (1 - second**count)) + epsilon)


def amsgrad_optax(first: float, second: float, epsilon: float) -> Iterator[Any]:
    """AMSGrad with the maximum of corrected mean squares."""
    mean, square, largest, count, step = torch.zeros(2), torch.zeros(2), torch.zeros(2), 0, None
    while True:
        gradient = yield step
        count += 1
        mean, square = first * mean + (1 - first) * gradient, second * square + (1 - second) * gradient**2
        largest = torch.maximum(largest, square / (1 - second**count))
        step = -RATE * (mean / (1 - first**count)) / (torch.sqrt(largest) + epsilon)


FORMS: list[tuple[str, Callable[..., Iterator[Any]], dict[str, Any]]] = [
    ("rmsprop_keras", rmsprop, {"decay": 0.8, "momentum": 0.0, "epsilon": 1e-4, "centred": 0}),
    ("rmsprop_keras", rmsprop, {"decay": 0.8, "momentum": 0.5, "epsilon": 1e-4, "centred": 0}),
    ("rmsprop_keras", rmsprop, {"decay": 0.8, "momentum": 0.5, "epsilon": 1e-2, "centred": 1}),
    ("adam_keras", adam, {"first_decay": 0.8, "second_decay": 0.99, "epsilon": 1e-3, "amsgrad": 0}),
    ("adam_keras", adam, {"first_decay": 0.8, "second_decay": 0.9, "epsilon": 1e-3, "amsgrad": 1}),
    ("nadam_pytorch", nadam, {"first_decay": 0.8, "second_decay": 0.99, "epsilon": 1e-7, "momentum_decay": 1.0}),
    ("amsgrad_optax", amsgrad_optax, {"first_decay": 0.8, "second_decay": 0.9, "epsilon": 1e-6}),
]
IDS = [f"{kind}-{k}" for k, (kind, _, _) in enumerate(FORMS)]


def descend(loss: Loss, start: Tensor, steps: Iterator[Any], threshold: float) -> Tensor:
    """Positions ``(STEPS + 1, 2)`` of a formula, with gradients clipped by norm."""
    places: list[Tensor] = [start]
    next(steps)
    for _ in range(STEPS):
        gradient = value_and_gradient(loss, places[-1])[1]
        length = float(gradient.norm())
        clipped = gradient if length <= threshold else gradient * threshold / length
        places.append(places[-1] + steps.send(clipped))  # type: ignore[attr-defined]
    return torch.stack(places)


@pytest.mark.parametrize("threshold", [math.inf, 0.3])
@pytest.mark.parametrize(("kind", "formula", "options"), FORMS, ids=IDS)
@pytest.mark.parametrize("landscape", ["himmelblau", "ravine", "saddle"])
def test_steps_are_those_of_the_formula(
    landscape: str, kind: str, formula: Callable[..., Iterator[Any]], options: dict[str, Any], threshold: float
) -> None:
    loss, start = LANDSCAPES[landscape].loss(), tensor(STARTS[landscape])
    theirs = {name: value for name, value in options.items() if name != "momentum_decay"}
    expected = descend(loss, start, formula(*theirs.values()), threshold)
    clip = CLIPS["none"].function() if threshold == math.inf else CLIPS["by_norm"].function(threshold)
    run = trajectory(loss, start, OPTIMIZERS[kind].function(RATE, **options), clip, STEPS)
    assert expected.isfinite().all()
    assert relative(run.position, expected) < 1e-11
    assert (expected[-1] - start).norm() > 0.02


@pytest.mark.parametrize("kind", ["rmsprop_keras", "adam_keras"])
def test_the_default_epsilon_is_that_of_keras(kind: str) -> None:
    assert OPTIMIZERS[kind].defaults["epsilon"] == 1e-7


@pytest.mark.parametrize(("kind", "formula", "options"), FORMS, ids=IDS)
def test_a_zero_gradient_moves_nothing_and_inf_gives_nan(kind: str, formula: Any, options: dict[str, Any]) -> None:
    """In the coordinate with Inf only: every coordinate has its own mean square."""
    rule, theta = OPTIMIZERS[kind].function(RATE, **options), tensor([0.5, -2.0])
    step, state = rule.update(tensor([0.0, 0.0]), rule.init(theta), theta)
    assert step.tolist() == [0.0, 0.0]
    step, _ = rule.update(tensor([math.inf, 1.0]), state, theta)
    assert step.isnan().tolist() == [True, False]


def test_amsgrad_of_optax_steps_shorter_after_a_first_spike() -> None:
    """Gradient 100, then 1: optax keeps 100² as the largest mean square, PyTorch (1 − ρ₂) 100²."""
    theta, steps = tensor([0.0]), {}
    for kind in ("amsgrad", "amsgrad_optax"):
        rule = OPTIMIZERS[kind].function(1.0, first_decay=0.0, second_decay=0.9)
        state = rule.init(theta)
        for k in range(200):
            step, state = rule.update(tensor([100.0 if k == 0 else 1.0]), state, theta)
        steps[kind] = -step.item()
    assert steps == pytest.approx({"amsgrad": 1 / math.sqrt(1000), "amsgrad_optax": 0.01}, rel=1e-6)


DECAY = {"optimizer.learning_rate": 0.01, "optimizer.weight_decay": 0.1}
MOVING = {"optimizer.learning_rate": 0.01, "optimizer.momentum": 0.5, "optimizer.epsilon": 1e-2}
SWITCHES = [
    ("sgd_pytorch", "nesterov", {**DECAY, "optimizer.momentum": 0.5}),
    ("rmsprop_pytorch", "centred", {**DECAY, **MOVING}),
    ("adam_pytorch", "amsgrad", DECAY),
    ("rmsprop_keras", "centred", MOVING),
    ("adam_keras", "amsgrad", {"optimizer.learning_rate": 0.01}),
]


def test_every_switch_is_tested() -> None:
    found = {(one.kind, name) for one in OPTIMIZERS for name in one.structural if name != "iterations"}
    assert found == {(kind, switch) for kind, switch, _ in SWITCHES}


@pytest.mark.parametrize("on", [0, 1])
@pytest.mark.parametrize(("kind", "switch", "values"), SWITCHES)
def test_kernels_of_both_forms_equal_pytorch(kind: str, switch: str, values: dict[str, float], on: int) -> None:
    kernel = descent_kernel("himmelblau", {}, kind, "by_norm", settings={switch: on})
    assert f"{switch} = {on}" in kernel.source
    defaults = {f"optimizer.{name}": value for name, value in OPTIMIZERS[kind].defaults.items()}
    chosen = {**defaults, **values, "clip.threshold": 5.0}
    start = tensor(STARTS["himmelblau"])
    (result,) = node.run([node.Descent(kernel.source, [chosen[n] for n in kernel.parameters], start.tolist(), 40)])
    ours = {name.partition(".")[2]: value for name, value in values.items()}
    rule, clip = OPTIMIZERS[kind].function(**ours, **{switch: on}), CLIPS["by_norm"].function(5.0)
    run = trajectory(LANDSCAPES["himmelblau"].loss(), start, rule, clip, 40)
    found = torch.stack([result[node.COLUMNS.index(axis)] for axis in ("x", "y")], -1)
    assert relative(found, run.position) < 1e-12


@needs_compiler
@pytest.mark.parametrize(("kind", "switch", "values"), SWITCHES)
def test_compiled_sweeps_of_both_forms_equal_pytorch(kind: str, switch: str, values: dict[str, float]) -> None:
    lanes, losses = Lanes(LANDSCAPES["himmelblau"].window.grid(4, 4).reshape(-1, 2)), []
    for on in (0, 1):
        recipe = SweepRecipe("himmelblau", kind, "by_norm", values={**values, f"optimizer.{switch}": on})
        eager, native = (run_sweep(recipe, lanes, 30, route) for route in ("eager", "native"))
        torch.testing.assert_close(native.loss, eager.loss, rtol=1e-9, atol=1e-12)
        losses.append(native.loss)
    assert not torch.equal(losses[0], losses[1])


def test_routines_of_other_settings_are_other_routines() -> None:
    recipe = SweepRecipe("himmelblau", "hessian_free", "none", values={"optimizer.iterations": 1})
    others = [replace(recipe, values={"optimizer.iterations": 2}), replace(recipe, values={})]
    assert len({recipe.identity, *(one.identity for one in others)}) == 3
    assert recipe.identity == replace(recipe, values={**recipe.values, "optimizer.damping": 3.0}).identity

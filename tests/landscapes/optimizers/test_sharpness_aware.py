"""Sharpness-aware minimisation: the gradient at a displaced point, in every kind of descent."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.app.runs.pair import build_pair, pair_descent
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.clips.minibatches import MeanLoss
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import descent_step, initial_carry, trajectory
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.training import train
from tests import node
from tests.landscapes.networks.test_training import NET, SEEDS, START
from tests.landscapes.optimizers.test_first_order import GUARDS, RATES, STARTS
from tests.reference import relative, tensor

RADIUS, MOMENTUM = 0.05, 0.5


def two_passes(loss: Loss, start: Tensor, rate: float, guard: object) -> Tensor:
    """Positions of 50 steps of torch.optim.SGD: a backward pass, a climb, a second one, a clip, a step from theta."""
    theta = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.SGD([theta], lr=rate, momentum=MOMENTUM)
    places = [start]
    for _ in range(50):
        optimizer.zero_grad()
        loss(theta).backward()
        assert theta.grad is not None
        climb = RADIUS * theta.grad / theta.grad.norm()
        with torch.no_grad():
            theta.add_(climb)
        optimizer.zero_grad()
        loss(theta).backward()
        with torch.no_grad():
            theta.sub_(climb)
        if callable(guard):
            guard([theta], 0.3)
        optimizer.step()
        places.append(theta.detach().clone())
    return torch.stack(places)


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("landscape", [name for name in RATES if name != "beale"])
def test_steps_are_those_of_two_passes_in_pytorch(landscape: str, guard: str) -> None:
    surface, (clip, utility), start = LANDSCAPES[landscape], GUARDS[guard], tensor(STARTS[landscape])
    rate = RATES[landscape] / 2
    expected = two_passes(surface.loss(), start, rate, utility)
    run = trajectory(surface.loss(), start, OPTIMIZERS["sam"].function(rate, RADIUS, MOMENTUM), clip, 50)
    assert relative(run.position, expected) < 1e-10
    assert torch.equal(run.loss, surface.loss()(run.position))
    gradient = value_and_gradient(surface.loss(), run.position[0])[1]
    displaced = run.position[0] + RADIUS * gradient / gradient.norm()
    taken = value_and_gradient(surface.loss(), displaced)[1]
    torch.testing.assert_close(run.gradient_norm[0], taken.norm(), rtol=1e-12, atol=0)


def test_with_radius_zero_it_is_momentum() -> None:
    surface, start, clip = LANDSCAPES["himmelblau"], tensor(STARTS["himmelblau"]), CLIPS["by_norm"].function(5.0)
    runs = [
        trajectory(surface.loss(), start, OPTIMIZERS[kind].function(**values), clip, 40)
        for kind, values in (
            ("sam", {"learning_rate": 0.01, "radius": 0.0, "momentum": 0.5}),
            ("momentum", {"learning_rate": 0.01, "momentum": 0.5}),
        )
    ]
    assert torch.equal(runs[0].position, runs[1].position)


def test_a_run_stays_where_the_gradient_is_zero_and_inf_gives_nan() -> None:
    rule = OPTIMIZERS["sam"].function()
    assert rule.displacement is not None
    assert rule.displacement(tensor([0.0, 0.0])).tolist() == [0.0, 0.0]
    assert rule.displacement(tensor([math.inf, 1.0])).isnan().tolist() == [True, False]
    torch.testing.assert_close(rule.displacement(tensor([3e300, 4e300])), tensor([0.03, 0.04]))


def test_on_a_bowl_it_ends_in_the_stated_swings() -> None:
    def bowl(theta: Tensor) -> Tensor:
        return 1.5 * (theta**2).sum(-1)

    run = trajectory(bowl, tensor([1.0]), OPTIMIZERS["sam"].function(0.1, 0.2), CLIPS["none"].function(), 200)
    swing = 0.1 * 3 * 0.2 / (2 - 0.1 * 3)
    torch.testing.assert_close(run.position[-1].abs(), tensor([swing]), rtol=1e-9, atol=0)
    torch.testing.assert_close(run.position[-2], -run.position[-1], rtol=1e-9, atol=0)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_minibatch_has_its_own_displacement(size: int) -> None:
    """A step on a mean of losses: each minibatch climbs by its own gradient, is clipped, and counts by its share."""
    loss = LANDSCAPES["large_example"].loss(minibatch_size=size)
    assert isinstance(loss, MeanLoss)
    theta, rule, clip = tensor([1.3, -0.4]), OPTIMIZERS["sam"].function(0.1, 0.2), CLIPS["by_norm"].function(0.7)
    expected = torch.zeros_like(theta)
    for first in range(0, loss.count, size):
        rows = slice(first, min(first + size, loss.count))

        def part(point: Tensor, rows: slice = rows) -> Tensor:
            return loss.examples(point.unsqueeze(-2).expand(loss.count, 2))[rows].mean()

        gradient = value_and_gradient(part, theta)[1]
        taken = value_and_gradient(part, theta + 0.2 * gradient / gradient.norm())[1]
        share = (rows.stop - rows.start) / loss.count
        expected = expected - 0.1 * share * clip.update(taken, (), theta)[0]
    run = trajectory(loss, theta, rule, clip, 1)
    torch.testing.assert_close(run.position[1] - theta, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("landscape", "structural"), [("himmelblau", {}), ("large_example", {"minibatch_size": 2})])
def test_a_kernel_has_the_gradient_at_theta_as_arrow_and_the_displaced_one_before_the_clip(
    landscape: str, structural: dict[str, int]
) -> None:
    kernel = descent_kernel(landscape, structural, "sam", "by_norm")
    loss, start = LANDSCAPES[landscape].loss(**structural), tensor([1.3, -0.4])
    values = {"optimizer.learning_rate": 0.01, "optimizer.radius": 0.3, "optimizer.momentum": 0.5}
    chosen = {**LANDSCAPES[landscape].defaults, **structural}
    values |= {"clip.threshold": 0.7, **{f"landscape.{name}": value for name, value in chosen.items()}}
    (result,) = node.run([node.Descent(kernel.source, [values[n] for n in kernel.parameters], start.tolist(), 30)])
    columns = dict(zip(node.COLUMNS, result, strict=False))
    rule, clip = OPTIMIZERS["sam"].function(0.01, 0.3, 0.5), CLIPS["by_norm"].function(0.7)
    run = trajectory(loss, start, rule, clip, 30)
    assert relative(torch.stack([columns["x"], columns["y"]], -1), run.position) < 1e-11
    gradient = value_and_gradient(loss, run.position)[1]
    taken = value_and_gradient(loss, run.position + 0.3 * gradient / gradient.norm(dim=-1, keepdim=True))[1]
    for name, expected in (("gradient", gradient), ("raw", taken)):
        found = torch.stack([columns[f"{name}_x"], columns[f"{name}_y"]], -1)
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-11)


def test_the_servers_pair_has_the_same_arrows() -> None:
    """AutoClip has no kernel, so the server computes the pair; its first threshold is the gradient's own norm."""
    optimizer = {"kind": "sam", "learning_rate": 0.01, "radius": 0.3}
    scene = Scene.model_validate(
        {"landscape": {"kind": "himmelblau"}, "optimizer": optimizer, "clip": {"kind": "autoclip"}, "steps": 5}
    )
    both = build_pair(scene)
    rows = torch.cat([block.position for block in pair_descent(scene, both.optimizer, both.clip)])
    loss = LANDSCAPES["himmelblau"].loss()
    assert len(both.history) == len(rows) == 6
    for position, (gradient, raw, _) in zip(rows, both.history, strict=True):
        at_theta = value_and_gradient(loss, position)[1]
        torch.testing.assert_close(gradient, at_theta, rtol=1e-12, atol=0)
        displaced = position + 0.3 * at_theta / at_theta.norm(dim=-1, keepdim=True)
        torch.testing.assert_close(raw, value_and_gradient(loss, displaced)[1], rtol=1e-12, atol=0)


def test_a_network_is_trained_with_the_displaced_gradient_of_the_same_minibatch() -> None:
    rule, clip = OPTIMIZERS["sam"].function(0.1, 0.2, 0.5), CLIPS["by_norm"].function(0.1)
    *_, last = train(NET, START, SEEDS, rule, clip, 5, batch_size=4, block=5, fresh=0)
    carry = initial_carry(START, clip, rule)
    for update in range(5):
        carry, _ = descent_step(NET.loss(NET.minibatch(SEEDS, update, 4)), clip, rule, carry)
    torch.testing.assert_close(last.carry.theta, carry.theta, rtol=1e-9, atol=1e-12)
    plain = OPTIMIZERS["momentum"].function(0.1, 0.5)
    *_, other = train(NET, START, SEEDS, plain, clip, 5, batch_size=4, block=5, fresh=0)
    assert (other.carry.theta - carry.theta).abs().max() > 1e-5

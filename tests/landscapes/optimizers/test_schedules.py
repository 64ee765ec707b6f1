"""Schedules: against torch.optim's own, and in the browser's kernels."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.optimizers.schedules import with_schedule
from tests import node
from tests.landscapes.optimizers.test_first_order import PEERS, RATES, STARTS
from tests.reference import relative, tensor

STEPS = 80
Peer = Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]
SCHEDULE_PEERS: dict[str, tuple[dict[str, Any], Peer]] = {
    "constant": ({}, lambda rule: lr_scheduler.ConstantLR(rule, 1.0)),
    "step_decay": ({"period": 15, "factor": 0.5}, lambda rule: lr_scheduler.StepLR(rule, 15, 0.5)),
    # PyTorch's cosine goes up again; ours stays down.
    "cosine": ({"period": STEPS, "floor": 0.0}, lambda rule: lr_scheduler.CosineAnnealingLR(rule, STEPS)),
    "warm_up": ({"period": 10}, lambda rule: lr_scheduler.LinearLR(rule, 0.1, 1.0, 9)),
}


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "nesterov", "adamw"])
@pytest.mark.parametrize("kind", SCHEDULE_PEERS)
def test_eighty_steps_equal_those_of_torch_optim(kind: str, optimizer: str) -> None:
    loss, start = LANDSCAPES["ravine"].loss(), tensor(STARTS["ravine"])
    (chosen, make_schedule), (ours, make, theirs) = SCHEDULE_PEERS[kind], PEERS[optimizer]
    rule = with_schedule(OPTIMIZERS[optimizer].function(RATES["ravine"], **ours), SCHEDULES[kind].function(**chosen))
    run = trajectory(loss, start, rule, CLIPS["none"].function(), STEPS)
    theta = torch.nn.Parameter(start.clone())
    peer = make([theta], lr=RATES["ravine"], **theirs)
    schedule = make_schedule(peer)
    places = [start]
    for _ in range(STEPS):
        peer.zero_grad()
        loss(theta).backward()
        peer.step()
        schedule.step()
        places.append(theta.detach().clone())
    assert relative(run.position, torch.stack(places)) < 1e-10


def test_every_schedule_has_a_peer() -> None:
    assert {entry.kind for entry in SCHEDULES} == set(SCHEDULE_PEERS)


def test_the_cosine_stays_at_its_floor() -> None:
    factor = SCHEDULES["cosine"].function(period=10, floor=0.2)
    steps = torch.arange(15, dtype=torch.float64)
    found = factor(steps)
    assert found[0] == 1 and found[5] == pytest.approx(0.6)
    assert found[10:].tolist() == pytest.approx([0.2] * 5)


@pytest.mark.parametrize("kind", [entry.kind for entry in SCHEDULES])
def test_kernels_follow_the_schedule(kind: str) -> None:
    """To 1e-12 over sixty steps, with the schedule's parameters as arguments."""
    surface, chosen = LANDSCAPES["himmelblau"], SCHEDULE_PEERS[kind][0]
    kernel = descent_kernel("himmelblau", {}, "momentum", "by_norm", kind)
    values = {"optimizer.learning_rate": 2e-3, "optimizer.momentum": 0.8, "clip.threshold": 5.0}
    values |= {f"schedule.{name}": value for name, value in chosen.items()}
    assert set(kernel.parameters) == set(values)
    start = STARTS["himmelblau"]
    (result,) = node.run([node.Descent(kernel.source, [values[name] for name in kernel.parameters], start, 60)])
    rule = with_schedule(OPTIMIZERS["momentum"].function(2e-3, 0.8), SCHEDULES[kind].function(**chosen))
    run = trajectory(surface.loss(), tensor(start), rule, CLIPS["by_norm"].function(5.0), 60)
    assert relative(result[0], run.position[:, 0]) < 1e-12
    assert relative(result[2], run.loss) < 1e-12
    assert ("// schedule: " in kernel.source) == (kind != "constant")

"""Training: runs in blocks match the library's runs."""

import itertools
from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.runs.pair import transforms
from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.networks.training import train
from cliffscape.landscapes.optimizers.family import OPTIMIZERS
from tests.app.runs.test_network import small

CLIPPED = {"clip": {"kind": "by_norm", "threshold": 0.05}, "optimizer": {"kind": "momentum", "learning_rate": 0.02}}


def train_run(scene: Scene, seconds: float = 0.02) -> TrainingRun:
    """A finished run."""
    run = initial_run(scene)
    while run.done < scene.updates:
        run.advance(scene.updates, seconds)
    return run


@pytest.mark.parametrize("seconds", [0.0, 0.02])
def test_the_runs_are_those_of_the_library(seconds: float) -> None:
    scene = small(updates=30, seeds=3, **CLIPPED)
    run = train_run(scene, seconds)
    seeds = torch.arange(2, 5)
    start = run.net.initial(scene.build("initialisation"), seeds)
    for row, clip in enumerate([CLIPS["none"].function(), CLIPS["by_norm"].function(threshold=0.05)]):
        optimizer = OPTIMIZERS["momentum"].function(learning_rate=0.02)
        (block,) = train(run.net, start, seeds, optimizer, clip, 30, batch_size=4, block=30, fresh=50)
        losses = torch.tensor([columns[0, row].tolist() for columns in run.rows], dtype=torch.float64)
        assert torch.allclose(losses, block.loss, rtol=1e-9)
        assert torch.allclose(run.carry.theta[row], block.carry.theta, rtol=1e-9, atol=1e-12)
        kept = torch.tensor([columns[2, row].tolist() for columns in run.rows])
        assert (kept < 1).any() == (row == 1)


@pytest.mark.parametrize(("rate", "update"), [(1, 80), (10, 54)])
def test_where_a_run_diverges_is_decided_in_float64(rate: float, update: int) -> None:
    """In float32 the loss would be Inf from update 13 on at a learning rate of 1, and from 9 on at 10."""
    scene = Scene.model_validate(
        {
            "landscape": {"kind": "recurrent_network"},
            "task": {"kind": "adding", "sequence_length": 50},
            "optimizer": {"kind": "gradient_descent", "learning_rate": rate},
            "updates": 100,
        }
    )
    loss = np.stack(train_run(scene).rows)[:, 0, 0, 0]
    assert loss.dtype == np.float64
    assert list(np.isfinite(loss)) == [True] * (update - 1) + [False] * (100 - update + 1)
    assert np.abs(loss[: update - 1]).max() > np.finfo(np.float32).max


@pytest.mark.parametrize("clip", [{"kind": "by_variable_keras", "threshold": 0.02}, {"kind": "adaptive_by_unit"}])
def test_variables_are_matrices_and_biases_in_training_and_coordinates_on_a_slice(
    clip: dict[str, Any],
) -> None:
    scene = small(updates=8, clip=clip, optimizer={"kind": "gradient_descent", "learning_rate": 0.1})
    run = train_run(scene)
    start = run.net.initial(scene.build("initialisation"), run.seeds)
    optimizer, by_coordinate = transforms(scene, "with")
    guard = CLIPS[scene.clip.kind].build(scene.parameters("clip"), run.net.layout.shapes)
    ends = []
    for one in (guard, by_coordinate):
        (block,) = train(run.net, start, run.seeds, optimizer, one, 8, batch_size=4, block=8, fresh=0)
        assert (block.clip_factor < 1).any()
        ends.append(block.carry.theta)
    assert torch.allclose(run.carry.theta[1], ends[0], rtol=1e-9, atol=1e-12)
    assert not torch.allclose(ends[0], ends[1], rtol=1e-3, atol=1e-6)
    assert by_coordinate.update(torch.tensor([3.0, -4.0]), (), torch.zeros(2))[0].abs().max() <= 0.02


def test_both_runs_start_at_the_origin_of_the_slice() -> None:
    run = initial_run(small(seeds=2))
    assert torch.equal(run.carry.theta[0], run.carry.theta[1])
    assert not torch.equal(run.carry.theta[0, 0], run.carry.theta[0, 1])


def test_snapshots_are_few_and_spread_over_the_run() -> None:
    run = train_run(small(updates=450, **CLIPPED))
    theta, taken = run.positions(450)
    assert 50 <= len(taken) <= 101 and taken[0] == 0 and taken[-1] == 450
    gaps = {b - a for a, b in itertools.pairwise(taken[:-1])}
    assert len(gaps) == 1
    assert theta.shape == (len(taken), 2, run.net.layout.size)
    assert torch.equal(theta[-1], run.carry.theta[:, 0])
    assert run.positions(100)[1][-1] <= 100


def test_a_diverged_run_continues_as_nan() -> None:
    wild: dict[str, Any] = {"optimizer": {"kind": "gradient_descent", "learning_rate": 10.0}, "updates": 40}
    run = train_run(small(cell={"kind": "relu_rnn", "hidden_units": 5}, **wild))
    assert run.done == 40
    assert not all(row[0, 0, 0] < 1e30 for row in run.rows)


def test_hessian_free_trains_both_runs() -> None:
    """The loss falls in both runs; the minibatches are small, so means are compared."""
    net = {"cell": {"kind": "tanh_rnn", "hidden_units": 5}, "updates": 15}
    free = train_run(small(**net, optimizer={"kind": "hessian_free", "damping": 0.1}))
    losses = torch.tensor([row[0, :, 0].tolist() for row in free.rows])
    assert losses.isfinite().all() and free.carry.theta.isfinite().all()
    assert (losses[-5:].mean(0) < losses[:3].mean(0)).all()

"""Stored training runs: they can be paused, and a longer run continues a shorter one."""

import torch

from cliffscape.app.runs.stored_training import advance_run, load_run
from cliffscape.app.scene.content_key import run_key
from tests.app.frames.test_network import workspace
from tests.app.runs.test_network import small
from tests.app.runs.test_training import CLIPPED, train_run


def test_a_paused_run_continues_where_it_was() -> None:
    scene, engine = small(updates=24, **CLIPPED), workspace(0.0)
    work = advance_run(load_run(scene, engine), scene, engine)
    for _ in range(5):
        next(work)
    work.close()
    assert engine.runs.get(run_key(scene)).done == 5
    for _ in advance_run(load_run(scene, engine), scene, engine):
        pass
    whole = train_run(scene)
    left = load_run(scene, engine)
    assert left.done == 24
    assert torch.equal(left.carry.theta, whole.carry.theta)
    assert [row.tolist() for row in left.rows] == [row.tolist() for row in whole.rows]


def test_more_updates_continue_the_same_run() -> None:
    assert run_key(small(updates=10)) == run_key(small(updates=20, steps=3, slice={"kind": "coordinates"}))
    assert run_key(small(updates=10)) != run_key(small(updates=10, seeds=2))

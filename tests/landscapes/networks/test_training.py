"""Training: the same descent, minibatches by seed; pair, resuming, and what clipping is for."""

from collections.abc import Iterator
from itertools import islice

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.descent.descend import apply_gradient, descent_step, initial_carry
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import Progress, first_time, minibatches, side_by_side, train
from cliffscape.landscapes.transform import Transform

NET = Net(CELLS["tanh_rnn"].function(6), TASKS["temporal_order"].function(10))
SEEDS = torch.arange(3)
START = NET.initial(INITIALISATIONS["normal"].function(0.3), SEEDS)
RATE: Transform = OPTIMIZERS["gradient_descent"].function(0.1)
FREE: Transform = CLIPS["none"].function()
CLIP: Transform = CLIPS["by_norm"].function(0.1)
BLOCK = Progress(1, *[torch.ones(3)] * 4, initial_carry(START, CLIP, RATE))


def test_training_is_descent_with_a_new_minibatch_at_every_update() -> None:
    *_, last = train(NET, START, SEEDS, RATE, CLIP, 7, batch_size=4, block=3, fresh=10)
    carry = initial_carry(START, CLIP, RATE)
    for update in range(7):
        value, gradient = NET.value_and_gradient(NET.minibatch(SEEDS, update, 4))(carry.theta)
        carry, record = apply_gradient(value, gradient, CLIP, RATE, carry)
    assert torch.equal(carry.theta, last.carry.theta)
    assert torch.equal(record.gradient_norm, last.gradient_norm[-1])
    assert torch.equal(record.loss, last.loss[-1]) and torch.equal(record.clip_factor, last.clip_factor[-1])


def test_training_equals_autograd() -> None:
    *_, last = train(NET, START, SEEDS, RATE, CLIP, 7, batch_size=4, block=7, fresh=10)
    carry = initial_carry(START, CLIP, RATE)
    for update in range(7):
        carry, record = descent_step(NET.loss(NET.minibatch(SEEDS, update, 4)), CLIP, RATE, carry)
    torch.testing.assert_close(last.carry.theta, carry.theta, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(last.loss[-1], record.loss, rtol=1e-12, atol=0)


def test_blocks_count_updates() -> None:
    parts = list(train(NET, START, SEEDS, RATE, CLIP, 7, block=3, fresh=10))
    assert [part.updates for part in parts] == [3, 6, 7]
    assert [part.loss.shape for part in parts] == [(3, 3), (3, 3), (1, 3)]
    assert all(part.error.shape == (3,) for part in parts)


# Every optimizer with one clip, every clip with one optimizer: all pairs take too long.
TRAINERS = [entry.kind for entry in OPTIMIZERS if not entry.function().whole]
PAIRS = [(kind, "by_norm") for kind in TRAINERS] + [("momentum", entry.kind) for entry in CLIPS]


@pytest.mark.parametrize(("optimizer", "clip"), PAIRS)
def test_a_pair_side_by_side_equals_two_runs(optimizer: str, clip: str) -> None:
    """The unclipped run first, then the clipped one: each as if it ran alone."""
    rule, treated = OPTIMIZERS[optimizer].function(0.05), CLIPS[clip].function()
    pair = torch.stack([START, START])
    *_, both = train(NET, pair, SEEDS, rule, side_by_side(FREE, treated), 9, block=9, fresh=20)
    for row, alone in enumerate((FREE, treated)):
        *_, single = train(NET, START, SEEDS, rule, alone, 9, block=9, fresh=20)
        torch.testing.assert_close(both.carry.theta[row], single.carry.theta, rtol=1e-10, atol=1e-12)
        torch.testing.assert_close(both.error[row], single.error, rtol=0, atol=0.051)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_only_the_run_whose_clip_has_a_step_limit_is_limited(optimizer: str) -> None:
    rule, treated = OPTIMIZERS[optimizer].function(0.05), FREE._replace(limit=lambda step: 0.25 * step)
    *_, both = train(NET, torch.stack([START] * 3), SEEDS, rule, side_by_side(FREE, treated, CLIP), 9, block=9, fresh=0)
    for row, alone in enumerate((FREE, treated, CLIP)):
        *_, single = train(NET, START, SEEDS, rule, alone, 9, block=9, fresh=0)
        torch.testing.assert_close(both.carry.theta[row], single.carry.theta, rtol=1e-10, atol=1e-12)
        torch.testing.assert_close(both.clip_factor[:, row], single.clip_factor, rtol=1e-10, atol=0)
    assert torch.equal(both.clip_factor[:, 1], torch.full_like(both.clip_factor[:, 1], 0.25))
    assert side_by_side(FREE, CLIP).limit is None


def test_a_run_resumes_from_its_carry() -> None:
    rule = OPTIMIZERS["adam"].function(0.01)
    whole = list(train(NET, START, SEEDS, rule, CLIP, 10, block=5, fresh=20))
    (first,) = islice(train(NET, START, SEEDS, rule, CLIP, 10, block=5, fresh=20), 1)
    (rest,) = train(NET, first.carry, SEEDS, rule, CLIP, 10, block=5, fresh=20, done=first.updates)
    assert rest.updates == 10
    assert torch.equal(rest.carry.theta, whole[1].carry.theta) and torch.equal(rest.loss, whole[1].loss)


@pytest.mark.parametrize("cell", [entry.kind for entry in CELLS])
def test_a_run_in_several_parts_is_the_same_to_the_last_bit(cell: str) -> None:
    """With states of clip and optimizer, in blocks of other sizes, resumed after every one: positions and records."""
    net = Net(CELLS[cell].function(5), TASKS["temporal_order"].function(10))
    theta = net.initial(INITIALISATIONS["normal"].function(0.5), SEEDS)
    rule, clip = OPTIMIZERS["momentum"].function(0.1), side_by_side(FREE, CLIPS["random_step"].function(0.1))
    pair = torch.stack([theta, theta])
    (whole,) = train(net, pair, SEEDS, rule, clip, 9, batch_size=4, block=9, fresh=20)
    carry, parts = initial_carry(pair, clip, rule), []
    for done, last in ((0, 1), (1, 5), (5, 7), (7, 9)):
        (part,) = train(net, carry, SEEDS, rule, clip, last, 4, block=4, fresh=20, done=done)
        carry = part.carry
        parts.append(part)
    assert parts[-1].updates == whole.updates and torch.equal(parts[-1].error, whole.error)
    for name in ("loss", "gradient_norm", "clip_factor"):
        assert torch.equal(torch.cat([getattr(part, name) for part in parts]), getattr(whole, name))
    for mine, other in zip(
        (carry.theta, *carry.clip, *carry.optimizer),
        (whole.carry.theta, *whole.carry.clip, *whole.carry.optimizer),
        strict=True,
    ):
        assert torch.equal(mine, other)


def test_errors_are_counted_only_on_request() -> None:
    (part,) = train(NET, START, SEEDS, RATE, CLIP, 2, fresh=0)
    assert part.error.shape == (3,) and part.error.isnan().all()


def test_a_lane_depends_on_its_seed_only() -> None:
    *_, together = train(NET, START, SEEDS, RATE, CLIP, 5, fresh=10)
    *_, alone = train(NET, START[1:2], SEEDS[1:2], RATE, CLIP, 5, fresh=10)
    torch.testing.assert_close(alone.carry.theta[0], together.carry.theta[1], rtol=1e-12, atol=1e-14)


def test_minibatches_drawn_together_equal_those_drawn_one_by_one() -> None:
    batches = list(minibatches(NET, SEEDS, 60, 70, 4, torch.float64))
    assert len(batches) == 10
    for update, batch in enumerate(batches, 60):
        expected = NET.minibatch(SEEDS, update, 4)
        assert torch.equal(batch.inputs, expected.inputs) and torch.equal(batch.targets, expected.targets)


def test_a_diverged_run_continues_and_all_its_answers_are_wrong() -> None:
    net = Net(CELLS["relu_rnn"].function(8), TASKS["adding"].function(30))
    theta = net.initial(INITIALISATIONS["identity"].function(2.0, 0.5), SEEDS)
    rule = side_by_side(FREE, CLIPS["by_norm"].function(1e-3))
    *_, last = train(net, torch.stack([theta, theta]), SEEDS, RATE, rule, 20, block=20, fresh=50)
    assert not last.loss[-1, 0].isfinite().any() and (last.error[0] == 1).all()
    assert last.loss[:, 1].isfinite().all()
    assert (last.gradient_norm[0, 0] == last.gradient_norm[0, 1]).all()


def test_the_first_time_is_the_end_of_the_first_block_that_satisfies_the_condition() -> None:
    def parts() -> Iterator[Progress]:
        for updates, loss in ((3, [1.0, 5.0, 5.0]), (6, [5.0, 1.0, 5.0]), (7, [1.0, 1.0, 1.0])):
            yield BLOCK._replace(updates=updates, loss=torch.tensor(loss))
        raise AssertionError("all lanes are there, and another block was asked for")

    assert first_time(parts(), lambda part: part.loss < 2).tolist() == [3, 6, 7]
    assert first_time([BLOCK], lambda part: part.loss < 0).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="parts must be at least one block, got none"):
        first_time([], lambda part: part.loss < 2)


def test_the_momentum_schedule_at_0_is_gradient_descent() -> None:
    """So both may be rows of one run."""
    momenta = torch.tensor([0.0, 0.9], dtype=torch.float64)[:, None, None]
    both = OPTIMIZERS["nesterov_schedule"].function(0.1, momenta, 3)
    *_, last = train(NET, torch.stack([START, START]), SEEDS, both, CLIP, 9, block=9, fresh=0)
    *_, single = train(NET, START, SEEDS, RATE, CLIP, 9, block=9, fresh=0)
    torch.testing.assert_close(last.carry.theta[0], single.carry.theta, rtol=1e-12, atol=1e-14)
    assert not torch.allclose(last.carry.theta[1], single.carry.theta)

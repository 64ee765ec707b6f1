"""The descent loop: blocks, lanes and records. The runs of the book are in test_descend_science.py."""

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import (
    before_and_after_clip,
    descend,
    descent_step,
    initial_carry,
    trajectory,
)
from cliffscape.landscapes.transform import State, Transform
from tests.reference import relative, tensor

RNN = LANDSCAPES["one_unit_rnn"].loss()
BOWL = LANDSCAPES["ravine"].loss()
RATE: Transform = OPTIMIZERS["gradient_descent"].function(0.05)
FREE: Transform = CLIPS["none"].function()
CLIP: Transform = CLIPS["by_norm"].function(0.5)


def test_there_is_one_row_more_than_steps_and_the_last_takes_no_step() -> None:
    run = trajectory(BOWL, tensor([-1.7, 0.9]), RATE, CLIP, 7)
    assert run.position.shape == (8, 2)
    for column in run[1:]:
        assert column.shape == (8,) and column.dtype == torch.float64
    assert run.step_length[-1].isnan() and run.step_length[:-1].isfinite().all()
    assert run.position[0].tolist() == [-1.7, 0.9]
    none = trajectory(BOWL, tensor([-1.7, 0.9]), RATE, CLIP, 0)
    assert none.loss.shape == (1,) and none.step_length.isnan().all()


def test_the_record_holds_loss_gradient_norm_clip_factor_and_step_length() -> None:
    """Loss and gradient norm of each position, before the clip; clip factor; length of the step from there."""
    run = trajectory(BOWL, tensor([-1.7, 0.9]), OPTIMIZERS["momentum"].function(0.05, 0.5), CLIP, 60)
    value, gradient = value_and_gradient(BOWL, run.position)
    torch.testing.assert_close(run.loss, value, rtol=1e-15, atol=0)
    norm = gradient.norm(dim=-1)
    torch.testing.assert_close(run.gradient_norm, norm, rtol=1e-15, atol=0)
    torch.testing.assert_close(run.clip_factor, (0.5 / norm).clamp_max(1), rtol=1e-15, atol=0)
    assert 20 < (run.clip_factor < 1).sum() < 50
    torch.testing.assert_close(run.step_length[:-1], run.position.diff(dim=0).norm(dim=-1), rtol=1e-12, atol=1e-16)


def test_a_zero_gradient_has_a_clip_factor_of_1() -> None:
    run = trajectory(BOWL, tensor([0.0, 0.0]), RATE, CLIP, 3)
    assert run.clip_factor.tolist() == [1.0] * 4 and run.step_length[:-1].tolist() == [0.0] * 3


def count_calls(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
    """The gradient as it is, and the number of calls."""
    return gradient, (state[0] + 1,)


HALVES = Transform(lambda theta: (torch.zeros_like(theta[..., :1]),), count_calls, limit=lambda step: step / 2)


def test_a_clip_of_steps_has_a_clip_factor_of_the_step() -> None:
    """The optimizer uses the whole gradient, and half of its step is taken."""
    rule = OPTIMIZERS["momentum"].function(0.05, 0.5)
    run = trajectory(BOWL, tensor([-1.7, 0.9]), rule, HALVES, 20)
    half = trajectory(BOWL, tensor([-1.7, 0.9]), OPTIMIZERS["momentum"].function(0.025, 0.5), FREE, 20)
    assert torch.equal(run.position, half.position)
    torch.testing.assert_close(run.step_length[:-1], run.position.diff(dim=0).norm(dim=-1), rtol=1e-12, atol=0)
    assert torch.equal(run.clip_factor, torch.full((21,), 0.5, dtype=torch.float64))
    assert torch.equal(run.gradient_norm, half.gradient_norm)


def test_input_and_output_of_the_clip() -> None:
    gradient, theta = tensor([3.0, -4.0]), tensor([1.0, 2.0])
    raw, clipped = before_and_after_clip(gradient, CLIP, RATE, initial_carry(theta, CLIP, RATE))
    assert torch.equal(raw, gradient) and clipped.tolist() == pytest.approx([0.3, -0.4], rel=1e-15)
    raw, clipped = before_and_after_clip(gradient, HALVES, RATE, initial_carry(theta, HALVES, RATE))
    assert torch.equal(raw, 0.05 * gradient) and torch.equal(clipped, 0.025 * gradient)


@pytest.mark.parametrize(
    ("steps", "block", "sizes"), [(10, 4, [4, 4, 3]), (7, 4, [4, 4]), (3, 100, [4]), (2, 1, [1, 1, 1])]
)
def test_blocks_put_together_are_the_trajectory(steps: int, block: int, sizes: list[int]) -> None:
    start = tensor([4.5, -1.55])
    blocks = list(descend(RNN, start, RATE, CLIP, steps, block=block))
    assert [len(part.loss) for part in blocks] == sizes
    whole = trajectory(RNN, start, RATE, CLIP, steps)
    for parts, column in zip(zip(*blocks, strict=True), whole, strict=True):
        torch.testing.assert_close(torch.cat(parts), column, rtol=0, atol=0, equal_nan=True)


def test_descent_is_lazy_so_that_it_can_be_stopped() -> None:
    calls = []

    def counting_loss(theta: Tensor) -> Tensor:
        calls.append(1)
        return BOWL(theta)

    run = descend(counting_loss, tensor([1.0, 1.0]), RATE, CLIP, 1000, block=5)
    assert not calls
    next(run)
    assert len(calls) == 5


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_lower_precision_is_refused(dtype: torch.dtype) -> None:
    with pytest.raises(TypeError, match=f"start must be float64, got {dtype}"):
        next(descend(BOWL, torch.zeros(2, dtype=dtype), RATE, CLIP, 3))


# A step is a clip and an optimizer: if neither couples lanes, both together do not.
PAIRS = {(one.kind, "by_norm") for one in OPTIMIZERS} | {
    (kind, one.kind) for kind in ("momentum", "adam") for one in CLIPS
}


@pytest.mark.parametrize(("optimizer", "clip"), sorted(PAIRS))
def test_lanes_do_not_couple(optimizer: str, clip: str) -> None:
    """A lane has the same numbers in a batch with thrown lanes, NaN and Inf, in any batch shape.

    Vectorised and plain loops may round exp and the like differently in the last bit, so to 1e-14 on a surface
    where nothing amplifies it.
    """
    entry = OPTIMIZERS[optimizer]
    rule = entry.function(**{name: 0.01 for name in ("learning_rate", "step_scale") if name in entry.defaults})
    guard = CLIPS[clip].function(**({"threshold": 0.5} if "threshold" in CLIPS[clip].defaults else {}))
    starts = tensor([[1.0, 1.0], [1e200, 3.0], [math.nan, 0.0], [-1.7, 0.9], [math.inf, 1.0], [0.3, -0.2]])
    together = trajectory(BOWL, starts.reshape(3, 2, 2), rule, guard, 25)
    assert together.loss.shape == (26, 3, 2)
    for lane, start in enumerate(starts):
        alone = trajectory(BOWL, start, rule, guard, 25)
        for ours, column in zip(together, alone, strict=True):
            lanes = ours.flatten(1, 2)[:, lane]
            torch.testing.assert_close(lanes, column, rtol=1e-14, atol=1e-300, equal_nan=True)


def test_lanes_do_not_couple_on_the_cliff_either() -> None:
    """The clipped runs of P2 and neighbours: rounding of exp grows by a few hundred on the way."""
    starts = tensor([[4.6, -1.7], [4.5, -1.55], [4.9, -2.45], [7.0, 4.0]])
    rate, guard = OPTIMIZERS["gradient_descent"].function(0.5), CLIPS["by_norm"].function(0.2)
    together = trajectory(RNN, starts, rate, guard, 30)
    for lane in range(4):
        alone = trajectory(RNN, starts[lane], rate, guard, 30)
        assert relative(together.position[:, lane], alone.position) < 1e-13


def test_any_dimension_descends() -> None:
    """A loss of 7 parameters; all landscapes have two."""
    curvature = torch.arange(1, 8, dtype=torch.float64)

    def bowl(theta: Tensor) -> Tensor:
        return 0.5 * (curvature * theta**2).sum(-1)

    start = torch.ones(2, 7, dtype=torch.float64)
    run = trajectory(bowl, start, OPTIMIZERS["gradient_descent"].function(0.1), FREE, 20)
    expected = (1 - 0.1 * curvature) ** 20
    torch.testing.assert_close(run.position[-1, 0], expected, rtol=1e-13, atol=1e-16)


def test_hyper_parameters_may_be_one_per_lane() -> None:
    rates, thresholds, seeds = (tensor(v)[:, None] for v in ([0.01, 0.03, 0.05], [0.1, 0.5, 3.0], [0.0, 5.0, 9.0]))
    start = tensor([-1.7, 0.9])
    for kind, extra in (("by_norm", {}), ("by_value", {}), ("by_norm_pytorch", {}), ("random_step", {"seed": seeds})):
        rule, guard = OPTIMIZERS["momentum"].function(rates, 0.5), CLIPS[kind].function(thresholds, **extra)
        together = trajectory(BOWL, start.expand(3, 2), rule, guard, 40)
        for lane in range(3):
            own = {name: float(value[lane]) for name, value in extra.items()}
            rule = OPTIMIZERS["momentum"].function(float(rates[lane]), 0.5)
            alone = trajectory(BOWL, start, rule, CLIPS[kind].function(float(thresholds[lane]), **own), 40)
            assert relative(together.position[:, lane], alone.position) < 1e-13


def test_a_step_is_a_pure_function() -> None:
    """The arguments do not change, and the same carry gives the same step."""
    start = tensor([-1.7, 0.9])
    adam = OPTIMIZERS["adam"].function(0.1)
    carry = initial_carry(start, CLIP, adam)
    before = [tensor_.clone() for tensor_ in (carry.theta, *carry.optimizer)]
    first, second = descent_step(BOWL, CLIP, adam, carry), descent_step(BOWL, CLIP, adam, carry)
    assert all(torch.equal(a, b) for a, b in zip(before, (carry.theta, *carry.optimizer), strict=True))
    assert torch.equal(first[0].theta, second[0].theta)
    assert not torch.equal(first[0].theta, start)


def test_no_graph_is_left_behind() -> None:
    run = trajectory(BOWL, tensor([-1.7, 0.9]).requires_grad_(False), RATE, CLIP, 3)
    assert not any(column.requires_grad for column in run)


def test_a_diverging_run_raises_no_error() -> None:
    """A rate far above the stable limit: ever larger steps, then Inf and NaN, and no exception."""
    run = trajectory(BOWL, tensor([1.0, 1.0]), OPTIMIZERS["gradient_descent"].function(10.0), FREE, 200)
    assert run.loss[:50].isfinite().all() and not run.loss[-1].isfinite()
    assert all(later > earlier for earlier, later in pairwise(run.loss[:50].tolist()))

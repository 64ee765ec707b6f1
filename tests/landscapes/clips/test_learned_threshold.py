"""Clips with a learned threshold: ZClip and AutoClip against their algorithms, written as plain loops."""

import math

import numpy as np
import pytest
import torch

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.clips.learned_threshold import percentile_of
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests.reference import tensor


def norms_after(kind: str, norms: list[float], **chosen: float) -> list[float]:
    """Norms of gradients ``(n, 0)`` after a clip that receives them one after the other."""
    clip, theta = CLIPS[kind].function(**chosen), torch.zeros(2, dtype=torch.float64)
    state, found = clip.init(theta), []
    for size in norms:
        gradient, state = clip.update(tensor([size, 0.0]), state, theta)
        found.append(float(gradient[0]))
    return found


def zclip_by_loops(norms: list[float], score: float, decay: float, warm_up: int) -> list[float]:
    """ZClip with plain numbers: mean and variance of the first norms, then moving averages of the clipped ones."""
    first = norms[:warm_up]
    mean = sum(first) / warm_up
    variance = sum((size - mean) ** 2 for size in first) / warm_up
    found = list(first)
    for size in norms[warm_up:]:
        z = (size - mean) / (math.sqrt(variance) + 1e-6)
        kept = mean + score * math.sqrt(variance) * score / z if z > score else size
        mean = decay * mean + (1 - decay) * kept
        variance = decay * variance + (1 - decay) * (kept - mean) ** 2
        found.append(kept)
    return found


def test_zclip_is_its_papers_algorithm() -> None:
    generator = torch.Generator().manual_seed(4)
    norms = (1 + 0.1 * torch.randn(80, generator=generator, dtype=torch.float64)).abs()
    norms[40], norms[41], norms[60] = 50.0, 1.6, 1000.0
    expected = zclip_by_loops(norms.tolist(), 2.5, 0.97, 25)
    found = norms_after("zclip", norms.tolist(), score=2.5, decay=0.97, warm_up=25)
    assert found == pytest.approx(expected, rel=1e-10)
    assert found[40] < 1.5 and found[60] < 1.5
    assert sum(a != b for a, b in zip(found, norms.tolist(), strict=True)) >= 3


def test_zclip_does_not_clip_during_the_warm_up() -> None:
    norms = [1.0, 1.1, 900.0, 0.9, 1.0]
    assert norms_after("zclip", norms, warm_up=5) == norms


def test_nonfinite_gradients_do_not_change_zclips_mean_and_variance() -> None:
    calm = [1.0, 1.2, 0.8, 1.1, 0.9] * 5
    clean = norms_after("zclip", [*calm, 40.0], warm_up=4)
    stained = norms_after("zclip", [*calm, math.inf, 40.0], warm_up=4)
    assert stained[-1] == pytest.approx(clean[-1], rel=1e-12)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("special", [[], [math.inf], [math.inf, math.inf], [math.nan], [math.inf, math.nan]])
@pytest.mark.parametrize("count", [1, 2, 3, 10, 101])
def test_percentiles_are_numpys_to_the_last_bit(count: int, special: list[float]) -> None:
    """The authors' code calls numpy.percentile, whose interpolation between Inf and a number gives NaN."""
    generator = torch.Generator().manual_seed(count)
    rows = torch.cat([10 * torch.rand(4, count, dtype=torch.float64, generator=generator), tensor([special] * 4)], -1)
    for share in (0.0, 3.7, 10.0, 50.0, 77.7, 90.0, 100.0):
        expected = torch.from_numpy(np.percentile(rows.numpy(), share, axis=-1))
        measured = percentile_of(rows.sort(-1).values, share)[:, 0]
        torch.testing.assert_close(measured, expected, rtol=0, atol=0, equal_nan=True)
    each = percentile_of(rows.sort(-1).values, tensor([10.0, 50.0, 90.0, 0.0])[:, None])
    for row, share in zip(range(4), (10.0, 50.0, 90.0, 0.0), strict=True):
        torch.testing.assert_close(
            each[row], percentile_of(rows[row].sort().values, share), rtol=0, atol=0, equal_nan=True
        )


def test_autoclip_is_its_papers_algorithm() -> None:
    """History with the current norm, NumPy's percentile, torch.nn.utils.clip_grad_norm_: the authors' three lines."""
    generator = torch.Generator().manual_seed(5)
    gradients = torch.randn(60, 3, generator=generator, dtype=torch.float64) * 10 ** torch.randn(
        60, 1, generator=generator
    )
    clip, state, history = CLIPS["autoclip"].function(25.0), None, []
    state = clip.init(gradients[0])
    for gradient in gradients:
        passed, state = clip.update(gradient, state, gradient)
        history.append(float(gradient.norm()))
        parameter = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
        parameter.grad = gradient.clone()
        torch.nn.utils.clip_grad_norm_([parameter], float(np.percentile(history, 25.0)))
        torch.testing.assert_close(passed, parameter.grad, rtol=1e-14, atol=0)
    assert state[0].shape == (60,)


def test_autoclip_keeps_an_inf_in_its_history_and_stays_nan_after_a_nan() -> None:
    calm = [1.0] * 20
    after = norms_after("autoclip", [*calm, math.inf, 5.0], percentile=50.0)
    assert math.isnan(after[20]) and after[21] == pytest.approx(1, rel=1e-5)
    # A percentile that reaches the Inf is NaN.
    assert math.isnan(norms_after("autoclip", [*calm, math.inf, 5.0], percentile=100.0)[21])
    assert all(math.isnan(size) for size in norms_after("autoclip", [*calm, math.nan, 5.0, 1.0], percentile=50.0)[20:])


def test_autoclip_has_no_kernel_and_says_why() -> None:
    with pytest.raises(UntraceableError, match="stores every norm of the run"):
        descent_kernel("one_unit_rnn", {"repetitions": 50}, "gradient_descent", "autoclip")
    assert CLIPS["autoclip"].no_kernel.endswith(".")


def test_autoclip_descends_lane_by_lane() -> None:
    loss, rule = LANDSCAPES["one_unit_rnn"].loss(), OPTIMIZERS["gradient_descent"].function(0.8)
    starts = tensor([[4.5, -1.55], [4.6, -1.7], [4.9, -2.45]])
    together = trajectory(loss, starts, rule, CLIPS["autoclip"].function(tensor([[10.0], [50.0], [90.0]])), 20)
    for lane, rank in enumerate((10.0, 50.0, 90.0)):
        alone = trajectory(loss, starts[lane], rule, CLIPS["autoclip"].function(rank), 20)
        torch.testing.assert_close(together.position[:, lane], alone.position, rtol=1e-9, atol=1e-12)

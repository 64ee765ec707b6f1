"""AutoClip with a window: the percentile of the last gradient norms, which takes a memory of a fixed size."""

import math
from typing import Annotated, NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import clip
from cliffscape.landscapes.clips.learned_threshold import interpolate, percentile_calls
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.transform import State, Transform, plain_norm

# A C compiler takes some seconds for the step of a sweep with this many norms, and minutes with three times as many.
LARGEST = 32


class NormWindow(NamedTuple):
    """The last n norms ``(..., n)``, newest first and ranked, how many there are, and for how many steps one is NaN.

    Free places hold Inf, and so does the place of a NaN, which has no rank.
    """

    newest_first: Tensor
    ranked: Tensor
    filled: Tensor
    nan_left: Tensor


def empty_window(theta: Tensor, size: int) -> NormWindow:
    """A window without norms."""
    free = torch.full_like(theta[..., :1], math.inf).expand(*theta.shape[:-1], size)
    none = torch.zeros_like(theta[..., :1])
    return NormWindow(free.clone(), free.clone(), none, none.clone())


def add_norm(window: NormWindow, length: Tensor) -> NormWindow:
    """The window with the norm ``length`` ``(..., 1)`` instead of the oldest one.

    One norm is taken out of the ranked ones and one is inserted, which takes a few operations per place. Sorting would
    take more, and a kernel has no loops over data.
    """
    size = window.ranked.shape[-1]
    infinite = torch.full_like(length, math.inf)
    # NaN compares false.
    is_nan = ~(length >= 0)
    newest, oldest = torch.where(is_nan, infinite, length), window.newest_first[..., -1:]
    # From the place of the oldest norm on, all others move down by one place.
    shifted = torch.cat([window.ranked[..., 1:], infinite], -1)
    others = torch.where(window.ranked < oldest, window.ranked, shifted)
    below = torch.cat([torch.zeros_like(length), others[..., :-1]], -1)
    return NormWindow(
        torch.cat([newest, window.newest_first[..., :-1]], -1),
        torch.maximum(below, torch.minimum(others, newest)),
        (window.filled + 1).clamp(max=size),
        torch.where(is_nan, torch.full_like(length, size), (window.nan_left - 1).clamp(min=0)),
    )


def window_percentile(window: NormWindow, share: float | Tensor) -> Tensor:
    """The percentile ``(..., 1)`` of the norms in the window, NaN if one of them is; rounded as in NumPy."""
    ranks = torch.arange(window.ranked.shape[-1], dtype=window.ranked.dtype, device=window.ranked.device)
    last = window.filled - 1
    place = share / 100 * last
    below = torch.minimum(place.floor(), last)
    # A sum with one term other than 0 instead of an index, which a kernel cannot compute.
    low, high = (
        torch.where(ranks == index, window.ranked, torch.zeros_like(window.ranked)).sum(-1, keepdim=True)
        for index in (below, torch.minimum(below + 1, last))
    )
    between = interpolate(low, high, place - below)
    return torch.where(window.nan_left > 0, torch.full_like(between, math.nan), between)


@clip("AutoClip, last norms", shape="", calls=percentile_calls("collections.deque(maxlen={window})"))
def autoclip_window(
    percentile: Annotated[float, Range(0, 100, symbol="p")] = 10.0,
    window: Annotated[int, Range(2, LARGEST, log=True, structural=True, symbol="n")] = 10,
) -> Transform:
    """Clip by norm to a percentile of the last gradient norms, including the current one.

    The published rule takes the norms of the whole run. With a window the threshold follows the norms when they change,
    and the memory has a fixed size.

    Args:
        percentile: Which percentile of the norms is the threshold; with 100 gradients far above 10⁻⁶ keep almost all of
            their length.
        window: How many of the last norms count.

    Formula: v ← p-th percentile of the last n of ‖g₁‖, …, ‖gₜ‖; g ← g min(1, v/(‖g‖ + 10⁻⁶))
    At threshold: Scaled by slightly less than 1; the first gradient is always at the threshold.
    One Inf: That entry becomes NaN, the others 0, if the percentile ranks below the largest finite norm. If not, all
    entries become NaN, as at the first gradient. The Inf stays among the norms for n steps.
    One NaN: All entries become NaN, and so does the percentile for n steps.
    Norm overflow: The norm counts as Inf: every entry becomes 0, if the percentile ranks below the largest finite norm.
    If not, every entry becomes NaN, as at the first gradient. The Inf stays among the norms for n steps.
    Reference: after Seetharaman, Wichern, Pardo & Le Roux 2020, algorithm 1, whose history is the whole run;
    history_size in faceswap's AutoClipper and window in gradientnorm-autoclipper are such windows
    """
    size = int(window)

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        length = plain_norm(gradient)
        norms = add_norm(NormWindow(*state), length)
        coefficient = window_percentile(norms, percentile) / (length + 1e-6)
        return gradient * torch.minimum(coefficient, torch.ones_like(coefficient)), tuple(norms)

    return Transform(lambda theta: tuple(empty_window(theta, size)), update)

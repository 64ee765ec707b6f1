"""Means over examples: functions from one point per example ``(..., N, 2)`` to one loss per example ``(..., N)``."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

import numpy as np
import torch
from torch import Tensor

from cliffscape.landscapes.declare import Preset, PresetFact, Range, descent_preset
from cliffscape.landscapes.loss import MINIBATCH, landscape


def minibatch_presets(
    rate: float, threshold: float, steps: int, texts: Mapping[int, tuple[str, str, *tuple[PresetFact, ...]]]
) -> tuple[Preset, ...]:
    """Presets that differ in the number of examples in each minibatch; ``texts`` has names, sentences and facts."""
    presets = []
    for size, (name, sentence, *facts) in texts.items():
        # One example in each minibatch is the default.
        choices = {f"landscape.{MINIBATCH}": size} if size > 1 else {}
        presets.append(descent_preset(name, sentence, rate, threshold, steps, tuple(facts), **choices))
    return tuple(presets)


def is_first(theta: Tensor) -> Tensor:
    """1 for the first of four examples, 0 for the others, ``(4,)``."""
    return torch.tensor([1.0, 0.0, 0.0, 0.0], dtype=theta.dtype, device=theta.device)


def is_last(theta: Tensor) -> Tensor:
    """1 for the last of four examples, 0 for the others, ``(4,)``."""
    return is_first(theta).flip(0)


@landscape(
    label="One large example",
    group="Minibatches",
    windows={"descent": (-4.0, 4.0, -4.0, 4.0)},
    start=(1.5, 2.5),
    height="linear",
    examples=4,
    presets=minibatch_presets(
        0.05,
        1.0,
        60,
        {
            1: (
                "Each example clipped separately",
                "The mean of the clipped gradients differs from the gradient by 51°.",
                PresetFact("51°", "bias_angle(size=1)"),
            ),
            2: (
                "Minibatches of two",
                "The mean of the clipped gradients differs from the gradient by 28°. The example that shares a "
                "minibatch with the large one keeps a quarter of its weight.",
                PresetFact("28°", "bias_angle(size=2)"),
                PresetFact("a quarter of its weight", "example_weight(example=3, size=2)", least=0.245, most=0.255),
            ),
            4: (
                "One minibatch of four",
                "The mean gradient is clipped as a whole and keeps its direction.",
                PresetFact("keeps its direction", "bias_angle(size=4)", most=1e-9),
            ),
        },
    ),
)
def large_example(theta: Tensor, large: Annotated[float, Range(0, 100, symbol="G")] = 8.0) -> Tensor:
    """The mean of four planes: three slope along x, and the fourth slopes steeply along y.

    Args:
        large: The gradient norm of the fourth example; the others have norm 1.

    Formula: f₁ = f₂ = f₃ = x, f₄ = G y; the loss is their mean
    Reference: after Goodfellow, Bengio & Courville 2016, section 10.11.1
    """
    x, y = theta.unbind(-1)
    own = is_last(theta)
    return x * (1 - own) + large * y * own


@landscape(
    label="One against three",
    group="Minibatches",
    windows={"descent": (-9.0, 4.0, -2.0, 2.0)},
    start=(0.0, 1.2),
    height="linear",
    examples=4,
    presets=minibatch_presets(
        0.1,
        1.0,
        50,
        {
            1: (
                "Clipped mean points uphill",
                "After clipping, the three small gradients outweigh the large one, and the run goes uphill.",
                PresetFact("goes uphill", "with.end_loss - with.loss[0]", least=1),
            ),
            2: (
                "Minibatches of two",
                "The two clipped gradients are opposite and nearly equal, so the run hardly moves along the valley.",
                PresetFact("nearly equal, so the run hardly moves", "abs(with.x[-1] - with.x[0])", most=0.3),
            ),
        },
    ),
)
def opposed_example(theta: Tensor, large: Annotated[float, Range(0, 100, symbol="G")] = 10.0) -> Tensor:
    """A valley that falls steeply to the left for one example, and gently to the right for the other three.

    Args:
        large: The slope of the first example along the valley; the others have slope −1.

    Formula: f₁ = G x + ½ y², f₂ = f₃ = f₄ = −x + ½ y²; the loss is their mean
    Reference: after Goodfellow, Bengio & Courville 2016, section 10.11.1
    """
    x, y = theta.unbind(-1)
    own = is_first(theta)
    return x * (large * own - (1 - own)) + y**2 / 2


def squared_distance(theta: Tensor, outlier: Tensor | float) -> Tensor:
    """Half the squared distance ``(...)`` to the mean of three zeros and the outlier."""
    x, y = theta.unbind(-1)
    return (x - outlier / 4) ** 2 / 2 + y**2 / 2


@landscape(
    label="Mean with an outlier",
    group="Minibatches",
    windows={"descent": (-2.0, 6.0, -2.5, 2.5)},
    start=(5.0, 1.5),
    minima=lambda outlier, **_: ((outlier / 4, 0.0),),
    solved=1e-3,
    height="linear",
    examples=4,
    mean=squared_distance,
    presets=(
        descent_preset(
            "At rest away from the minimum",
            "The clipped run comes to rest at x = v/3, a third of the threshold. The minimum is at 2.5.",
            0.5,
            1.0,
            60,
            (
                PresetFact("At rest", "with.outcome", equals="stalled"),
                PresetFact("comes to rest", "with.last_step", most=1e-6),
                PresetFact("x = v/3, a third of the threshold", "3 * with.x[-1]", least=0.999999, most=1.000001),
                PresetFact("minimum is at 2.5", "without.x[-1]"),
            ),
        ),
        descent_preset(
            "High threshold, no bias",
            "With a threshold of 7.5 or more, the clipped run converges to the minimum.",
            0.5,
            7.5,
            60,
            (
                PresetFact("7.5 or more", "with.x[-1]", least=2.499999, most=2.500001),
                PresetFact("threshold of 7.5", "with.x[-1]", most=2.48, changes={"clip.threshold": 7.4}),
                PresetFact("converges", "with.outcome", equals="converged"),
            ),
        ),
        descent_preset(
            "Low threshold, near the median",
            "The lower the threshold, the closer the clipped run ends to the median, 0.",
            1.0,
            0.1,
            200,
            (
                PresetFact("The lower the threshold", "10 * with.x[-1]", least=0.333, most=0.334),
                PresetFact("the closer", "with.x[-1]", least=0.333, most=0.334, changes={"clip.threshold": 1.0}),
            ),
        ),
    ),
)
def outlier(theta: Tensor, outlier: Annotated[float, Range(0, 100, symbol="A")] = 10.0) -> Tensor:
    """The squared distance to four numbers, one of them an outlier. Clipped runs do not converge to the mean.

    Args:
        outlier: The fourth number; the others are 0.

    Formula: fᵢ = ½ (x − aᵢ)² + ½ y² − 3A²/32 with a = (0, 0, 0, A), so that the minimum is 0
    Clipped separately: converges to x = min(v/3, A/4), not to the mean A/4
    Reference: Huber 1964; after Goodfellow, Bengio & Courville 2016, section 10.11.1
    """
    x, y = theta.unbind(-1)
    return (x - outlier * is_last(theta)) ** 2 / 2 + y**2 / 2 - 3 * outlier**2 / 32


# Between the ends of both runs.
DISTANCE = "sqrt((with.x[-1] - without.x[-1]) ** 2 + (with.y[-1] - without.y[-1]) ** 2)"
POINTS = 4096  # a power of two, which many minibatch sizes divide


@lru_cache(maxsize=16)
def heavy_tailed_points(seed: int) -> Tensor:
    """Points ``(4096, 2)`` of Student's t with 1.5 degrees of freedom around (0.4, 0.2): no variance."""
    return torch.from_numpy(np.random.default_rng(seed).standard_t(1.5, size=(POINTS, 2)) + np.array([0.4, 0.2]))


def squared_distance_to_mean(theta: Tensor, seed: int) -> Tensor:
    """Half the squared distance ``(...)`` to the mean of the heavy-tailed points."""
    return ((theta - heavy_tailed_points(seed).mean(0).to(theta)) ** 2).sum(-1) / 2


@landscape(
    label="Heavy tails",
    group="Minibatches",
    windows={"descent": (-0.5, 1.0, -0.5, 1.0)},
    start=(0.0, 0.0),
    minima=lambda seed, **_: (tuple(heavy_tailed_points(seed).mean(0).tolist()),),
    solved=1e-3,
    height="linear",
    examples=POINTS,
    mean=squared_distance_to_mean,
    data=heavy_tailed_points,
    no_kernel="A kernel for the browser would have to contain all 4096 examples.",
    presets=minibatch_presets(
        0.5,
        1.0,
        60,
        {
            1: (
                "Each example clipped separately",
                "The clipped run comes to rest 0.23 from the mean of the examples.",
                PresetFact("comes to rest", "with.outcome", equals="stalled"),
                PresetFact("0.23 from", DISTANCE),
            ),
            64: (
                "Minibatches of 64",
                "Here the clipped run ends 0.043 from the mean of the examples, and 0.23 from it with single examples.",
                PresetFact("0.043 from", DISTANCE),
                PresetFact("0.23 from it", DISTANCE, changes={"landscape.minibatch_size": 1}),
            ),
        },
    ),
)
def heavy_tails(theta: Tensor, seed: Annotated[int, Range(0, 9999, structural=True)] = 0) -> Tensor:
    """The squared distance to 4096 points, a few of them far away, as in the gradients of some networks.

    Args:
        seed: Seed of the points.

    Formula: fᵢ = ½ ‖θ − aᵢ‖², less its minimum; aᵢ − (0.4, 0.2) ~ t with 1.5 degrees of freedom
    Reference: Zhang et al. 2020, Why are adaptive methods good for attention models?
    """
    points = heavy_tailed_points(seed).to(theta)
    spread = ((points - points.mean(0)) ** 2).sum(-1).mean()
    return (((theta - points) ** 2).sum(-1) - spread) / 2

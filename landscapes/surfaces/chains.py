"""Chains of one repeated step, through which gradients vanish: one decorated function each."""

from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.chain import Chain, repeat
from cliffscape.landscapes.declare import Preset, PresetFact, Range, descent_preset
from cliffscape.landscapes.loss import Residuals, landscape
from cliffscape.landscapes.surfaces.cliffs import Count
from cliffscape.landscapes.surfaces.minima import linear_recurrence_valley


@landscape(
    label="Linear recurrence",
    group="Vanishing",
    main="sequence_length",
    axes=("w", "b"),
    windows={"descent": (0.3, 1.3, -0.5, 2.5)},
    start=(0.65, -0.1),
    minima=linear_recurrence_valley,
    valley=True,
    solved=1e-3,
    squares=0.5,
    chain=Chain(axis=0, flat=True),
    study="vanishing",
    presets=(
        descent_preset(
            "Overflow close to the minimum",
            "Without clipping the loss falls to 0.0004 at step 8, and the run overflows at step 12.",
            0.2,
            1.0,
            100,
            (
                PresetFact("falls to 0.0004", "without.loss[8]"),
                PresetFact("at step 8", "without.lowest_step"),
                PresetFact("overflows at step 12", "without.nonfinite_step"),
                PresetFact("Overflow", "without.outcome", equals="diverged"),
            ),
        ),
        descent_preset(
            "Slope and curvature vanish",
            "Slope and curvature along w both vanish as T grows; their ratio falls like 1/T.",
            0.5,
            0.2,
            60,
            start=(0.5, 0.0),
            facts=(
                PresetFact(
                    "falls like 1/T",
                    "chain_derivative(length=100, what='newton') / chain_derivative(length=50, what='newton')",
                    least=0.48,
                    most=0.52,
                    changes={"start": (0.9, 0.0)},
                ),
            ),
            **{"landscape.sequence_length": 50, "landscape.initial_state": 0.5, "landscape.target": 1.0},
        ),
    ),
)
def linear_recurrence(
    theta: Tensor,
    sequence_length: Annotated[int, Count] = 15,
    initial_state: Annotated[float, Range(-2, 2, symbol="x₀")] = 1.0,
    target: Annotated[float, Range(-5, 5, symbol="y")] = 2.0,
) -> Residuals:
    """One weight applied repeatedly: its powers explode if it is larger than 1, and vanish if it is smaller.

    Args:
        sequence_length: How many times the weight is applied.
        initial_state: The state before the first application.
        target: The desired sum of the last state and the bias.

    Formula: J = ½ (x₀ wᵀ + b − y)²
    Reference: Goodfellow, Bengio & Courville 2016, section 10.7
    """
    w, b = theta.unbind(-1)
    return (initial_state * w**sequence_length + b - target,)


def tanh_state(theta: Tensor, sequence_length: int | Tensor, **_: float) -> Tensor:
    """The last state ``(...)`` of the chain of tanh."""
    state, weight = theta.unbind(-1)
    return repeat(lambda state: torch.tanh(weight * state), state, sequence_length)


def half_square(output: Tensor, target: float | Tensor, **_: float) -> Tensor:
    """Half the squared distance from the target."""
    return 0.5 * (output - target) ** 2


@landscape(
    label="Chain of tanh",
    group="Vanishing",
    main="sequence_length",
    axes=("u", "λ"),
    windows={"descent": (-1.5, 1.5, 0.0, 2.0)},
    start=(0.7, 0.8),
    height="linear",
    chain=Chain(axis=0, output=tanh_state, error=half_square),
    study="vanishing",
    presets=(
        descent_preset(
            "Slope and curvature vanish",
            "The slope along u vanishes, so u changes by less than 0.001, and nothing is clipped.",
            0.5,
            0.2,
            60,
            (
                PresetFact("less than 0.001", "abs(without.x[-1] - without.x[0])", most=0.001),
                PresetFact("nothing is clipped", "with.clipped_steps", most=0),
            ),
        ),
    ),
)
def tanh_chain(
    theta: Tensor,
    sequence_length: Annotated[int, Count] = 50,
    target: Annotated[float, Range(-1, 1, symbol="y")] = 1.0,
) -> Tensor:
    """A tanh applied repeatedly to an initial state: flat for small weights, with a cliff for large ones.

    Args:
        sequence_length: How many times the tanh is applied.
        target: The desired last state.

    Formula: h₀ = u, hₜ = tanh(λ hₜ₋₁), L = ½ (h_T − y)²
    Reference: after Goodfellow, Bengio & Courville 2016, sections 10.7 and 10.11.1
    """
    return half_square(tanh_state(theta, sequence_length), target)


def second_coordinate(theta: Tensor, **_: float) -> Tensor:
    """The vanishing coordinate ``(...)``, which the steps of the chain do not change."""
    return theta[..., 1].clone()


def vanishing_error(
    output: Tensor, sequence_length: float | Tensor, factor: float | Tensor, ordinary: float | Tensor = 1.0
) -> Tensor:
    """The loss at a vanishing coordinate; the ordinary one is at its minimum unless it is given."""
    distance = (output - 1) ** 2
    return 0.5 * (ordinary - 1) ** 2 + factor**sequence_length * (0.5 * distance + 0.25 * distance**2)


@landscape(
    label="Vanishing direction",
    group="Vanishing",
    main="sequence_length",
    axes=("a", "c"),
    windows={"descent": (-0.5, 2.5, -0.5, 2.5)},
    start=(0.0, 0.0),
    minima=lambda **_: ((1.0, 1.0),),
    solved=1e-4,
    chain=Chain(axis=1, output=second_coordinate, error=vanishing_error),
    study="vanishing",
    presets=(
        descent_preset(
            "One ordinary direction, one vanishing",
            "The error of the coordinate a halves in one step. The error of c takes 79 steps to halve.",
            0.5,
            2.0,
            100,
            (
                PresetFact("halves in one step", "first_halving(coordinate=1, goal=1)"),
                PresetFact("79 steps", "first_halving(coordinate=2, goal=1)"),
            ),
        ),
        descent_preset(
            "A chain twice as long",
            "The error of c takes 6893 steps to halve. These are the first 1000.",
            0.5,
            2.0,
            1000,
            (
                PresetFact("twice as long", "40 / 20", least=2, most=2),
                PresetFact("6893 steps", "first_halving(coordinate=2, goal=1)", changes={"steps": 7000}),
            ),
            **{"landscape.sequence_length": 40},
        ),
        Preset(
            "Newton on a long chain",
            "Slope and curvature vanish at the same rate, so Newton's first step halves the error of c.",
            {
                "optimizer": "newton",
                "clip": "by_norm",
                "clip.threshold": 2.0,
                "steps": 10,
                "landscape.sequence_length": 40,
            },
            (PresetFact("first step halves", "with.y[1]", least=0.499, most=0.501),),
        ),
    ),
)
def vanishing_direction(
    theta: Tensor,
    sequence_length: Annotated[int, Range(0, 100, symbol="T")] = 20,
    factor: Annotated[float, Range(0.1, 1)] = 0.8,
) -> Tensor:
    """One ordinary direction, and one whose slope and curvature both shrink with the length of a chain.

    Args:
        sequence_length: The number of steps of the chain between c and the loss.
        factor: The factor by which each step of the chain scales the gradient.

    Formula: L = ½ (a − 1)² + λᵀ (½ (c − 1)² + ¼ (c − 1)⁴)
    Reference: after Goodfellow, Bengio & Courville 2016, section 10.11.1
    """
    a, c = theta.unbind(-1)
    return vanishing_error(c, sequence_length, factor, a)

"""Landscapes with cliffs, from weights that are applied repeatedly: one decorated function each."""

import math
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.chain import Chain, repeat
from cliffscape.landscapes.declare import Preset, PresetFact, Range, descent_preset
from cliffscape.landscapes.loss import Residuals, landscape
from cliffscape.landscapes.surfaces.minima import (
    WALL_ANGLE,
    one_unit_valley,
    product_valley,
    wall_foot,
)

Count = Range(1, 100, structural=True, symbol="T")


@landscape(
    label="One-unit RNN",
    group="Cliffs",
    main="sequence_length",
    axes=("w", "b"),
    windows={"descent": (3.5, 5.7, -3.0, -1.3), "paper": (4.5, 5.5, -2.9, -1.9)},
    start=(4.6, -1.7),
    minima=one_unit_valley,
    valley=True,
    solved=1e-2,
    height="linear",
    squares=1.0,
    chain=Chain(axis=1),
    study="vanishing",
    presets=(
        descent_preset(
            "Thrown off the cliff",
            "Without clipping, one step lands on the cliff and the next one moves the run 9.45 units.",
            0.5,
            0.2,
            60,
            start=(4.6, -1.7),
            facts=(
                PresetFact("Thrown", "without.outcome", equals="thrown"),
                PresetFact("9.45 units", "without.thrown_length"),
            ),
        ),
        descent_preset(
            "Thrown from most starts",
            "Without clipping, the run is thrown from about nine in ten starts within 0.01.",
            0.8,
            0.2,
            60,
            start=(4.5, -1.55),
            facts=(
                PresetFact("Thrown from most starts", "share_thrown(radius=0.01, starts=400)", least=0.5),
                PresetFact(
                    "thrown from about nine in ten", "share_thrown(radius=0.01, starts=400)", least=0.85, most=0.95
                ),
                PresetFact("within 0.01", "share_thrown(radius=0.01, starts=400, seed=1)", least=0.85, most=0.95),
            ),
        ),
        descent_preset(
            "Book figure 10.17",
            "The unclipped run is thrown 95 units. The book shows the two runs in two pictures; this page shows one.",
            0.7,
            0.5,
            60,
            start=(4.9, -2.45),
            facts=(
                PresetFact("is thrown", "without.outcome", equals="thrown"),
                PresetFact("95 units", "without.thrown_length"),
            ),
        ),
        descent_preset(
            "Pascanu’s figure 6",
            "The window of the paper. In the paper, arrows sketch what gradient descent might do; here the paths are "
            "computed.",
            0.7,
            0.5,
            18,
            start=(4.9, -2.45),
            window="paper",
        ),
        Preset(
            "Newton along the level line",
            "The first step is 11.3 units long and does not change the first 14 digits of the loss. In this region the "
            "loss depends on a single combination of w and b. Its level lines are straight, and the step follows one.",
            {"optimizer": "newton", "clip": "by_norm", "clip.threshold": 1.0, "start": (4.8, -2.0), "steps": 5},
            (
                PresetFact("11.3 units", "without.step_length[0]"),
                PresetFact("first 14 digits", "-log10(abs(without.loss[1] / without.loss[0] - 1))", least=14),
            ),
        ),
    ),
)
def one_unit_rnn(
    theta: Tensor,
    sequence_length: Annotated[int, Count] = 50,
    initial_state: Annotated[float, Range(-2, 2, symbol="x₀")] = 0.5,
    target: Annotated[float, Range(0, 1, symbol="y")] = 0.7,
) -> Residuals:
    """The loss of a recurrent network with one unit and two parameters: flat regions and one cliff.

    Args:
        sequence_length: How many times the unit is applied; the cliff steepens exponentially with it.
        initial_state: The state before the first application, before the sigmoid.
        target: The desired value of the sigmoid of the last state.

    Formula: xₜ = w σ(xₜ₋₁) + b, E = (σ(x_T) − y)²
    Reference: Pascanu, Mikolov & Bengio 2013, eq. 8 and figure 6
    """
    w, b = theta.unbind(-1)
    state = repeat(lambda state: w * torch.sigmoid(state) + b, initial_state + torch.zeros_like(w), sequence_length)
    return (torch.sigmoid(state) - target,)


@landscape(
    label="Wall and floor",
    group="Cliffs",
    main="wall_steepness",
    axes=("w", "b"),
    windows={"descent": (-2.0, 3.5, -2.0, 3.5)},
    start=(1.8481, 2.7990),
    minima=wall_foot,
    solved=0.25,
    height="linear",
    presets=(
        descent_preset(
            "Book figure 8.3",
            "One step at the wall moves the run twelve units. The book shows the cliff of a network; this one is "
            "defined by a formula.",
            1.0,
            0.3,
            100,
            (PresetFact("twelve units", "without.thrown_length"),),
        ),
    ),
)
def wall_and_floor(
    theta: Tensor,
    wall_height: Annotated[float, Range(0.1, 10)] = 2.0,
    wall_steepness: Annotated[float, Range(1, 100, log=True)] = 30.0,
) -> Tensor:
    """A floor that slopes towards a steep but bounded wall, like the cliff in the book’s figure.

    Args:
        wall_height: The height of the wall above the floor.
        wall_steepness: The steepness of the wall.

    Formula: J = 0.3 √(u² + 0.01) + H σ(−k u) + 0.1 v², with (u, v) = (w, b) rotated by 30°
    Reference: after Goodfellow, Bengio & Courville 2016, figure 8.3
    """
    w, b = theta.unbind(-1)
    cosine, sine = math.cos(WALL_ANGLE), math.sin(WALL_ANGLE)
    across = w * cosine + b * sine
    along = -w * sine + b * cosine
    floor = 0.3 * torch.sqrt(across**2 + 0.01)
    return floor + wall_height * torch.sigmoid(-wall_steepness * across) + 0.1 * along**2


@landscape(
    label="Product of weights",
    group="Cliffs",
    main="repetitions",
    axes=("a", "b"),
    windows={"descent": (0.2, 2.4, 0.2, 2.4), "saddle": (-1.5, 2.4, -1.5, 2.4)},
    start=(2.0, 0.8),
    minima=product_valley,
    valley=True,
    solved=1e-3,
    squares=0.5,
    presets=(
        descent_preset(
            "Overflow",
            "Without clipping the run overflows in five steps.",
            0.03,
            1.0,
            100,
            (
                PresetFact("Overflow", "without.outcome", equals="diverged"),
                PresetFact("overflows in five steps", "without.nonfinite_step"),
            ),
        ),
        Preset(
            "Newton goes to the saddle",
            "The product of two weights: gradient descent goes to a b = 1, Newton’s method to the saddle at 0.",
            {
                "optimizer": "newton",
                "clip": "by_norm",
                "clip.threshold": 10.0,
                "start": (0.4, 0.3),
                "steps": 10,
                "window": "saddle",
                "landscape.repetitions": 1,
            },
            (
                PresetFact("saddle at 0", "abs(with.x[-1]) + abs(with.y[-1])"),
                PresetFact(
                    "gradient descent goes to a b = 1",
                    "with.x[-1] * with.y[-1]",
                    changes={"optimizer": "gradient_descent", "steps": 300},
                ),
            ),
        ),
    ),
)
def product_of_weights(
    theta: Tensor,
    repetitions: Annotated[int, Range(1, 10, structural=True, symbol="n")] = 4,
    target: Annotated[float, Range(0.1, 10, log=True, symbol="y")] = 1.0,
) -> Residuals:
    """The product of several weights: the loss of a deep linear chain, with walls so steep that runs overflow.

    Args:
        repetitions: The power of the product of the two weights.
        target: The desired product.

    Formula: J = ½ ((a b)ⁿ − y)²
    Reference: after Goodfellow, Bengio & Courville 2016, section 8.2.4 and figure 8.3
    """
    a, b = theta.unbind(-1)
    return ((a * b) ** repetitions - target,)

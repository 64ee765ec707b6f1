"""The recurrent network as a landscape: its true loss on one minibatch, of which a slice shows a plane."""

from collections.abc import Callable
from typing import Annotated, Any

import torch

from cliffscape.landscapes.declare import Range, entry_of
from cliffscape.landscapes.loss import Landscape, Window, descent_preset
from cliffscape.landscapes.networks.cost import multiply_adds
from cliffscape.landscapes.networks.initialisations import Initialisation
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.slices.subject import Subject

Build = Callable[[Net, Initialisation], Subject]


def recurrent_network(
    seed: Annotated[int, Range(0, 9999)] = 0,
    batch_size: Annotated[int, Range(1, 256, log=True, structural=True, symbol="B")] = 20,
) -> Build:
    """The error surface of a recurrent net: the true loss of all its weights on one minibatch.

    Args:
        seed: Chooses the initial weights and every minibatch.
        batch_size: How many sequences the loss is the mean of.

    Formula: L(θ) = mean over the minibatch of ℓ(y, W_out h_T + b_out), h_t = cell(x_t, h_{t−1}; θ)
    Reference: Pascanu, Mikolov & Bengio 2013, section 2; Li et al. 2018
    """

    def build(net: Net, initialisation: Initialisation) -> Subject:
        seeds = torch.tensor([seed])
        theta = net.initial(initialisation, seeds)[0]
        return Subject(net, theta, first_minibatch(net, seed, batch_size), seed)

    return build


def first_minibatch(net: Net, seed: int, size: int) -> Batch:
    """What a training run with this seed sees at its first update: inputs ``(T, B, I)``, float64."""
    drawn = net.minibatch(torch.tensor([seed]), 0, size)
    return Batch(drawn.inputs[0], drawn.targets[0])


# Multiply-adds of one loss: these take a core a fifth of a second, and the coarsest picture about a minute.
LARGEST = 4 * 10**9


def max_batch_size(net: Net) -> int:
    """How many sequences a minibatch may hold so that one loss costs at most ``LARGEST`` multiply-adds."""
    return LARGEST // multiply_adds(net, 1)


# Found by looking; benchmarks/README.md has the share of starts around each that are thrown.
ADDING: dict[str, Any] = {
    "cell.hidden_units": 16,
    "task": "adding",
    "task.sequence_length": 50,
    "initialisation": "normal",
    "slice": "scaled_recurrence",
}
TEMPORAL_ORDER: dict[str, Any] = {
    "landscape.seed": 1,
    "cell.hidden_units": 16,
    "initialisation": "spectral_radius",
    "initialisation.input_std": 0.1,
    "initialisation.output_std": 1.0,
    "slice": "scaled_recurrence",
    "start": (1.125, -1.0),
}
DESCENTS = (
    descent_preset(
        "Adding, off the wall",
        "Sixteen units add two numbers fifty steps apart. Without clipping, step 3 throws it 21 units away; "
        "with it the net walks down behind the wall. Move T: the wall grows.",
        0.1,
        1.0,
        60,
        **ADDING,
    ),
    descent_preset(
        "Adding, twice as long",
        "The same net over a hundred steps: the gradient at the wall is a thousand times as large.",
        0.1,
        1.0,
        60,
        **{**ADDING, "task.sequence_length": 100},
    ),
    descent_preset(
        "Temporal order, thrown at once",
        "A start at the foot of a wall: step 1 is thrown from every start around it.",
        0.5,
        0.2,
        50,
        **TEMPORAL_ORDER,
    ),
    descent_preset(
        "Random directions",
        "A plane like any other through an orthogonal net: even there, some steps lead off the map.",
        0.1,
        1.0,
        60,
        **{
            **ADDING,
            "cell.hidden_units": 32,
            "initialisation": "orthogonal",
            "slice": "random_directions",
        },
    ),
    descent_preset(
        "An LSTM has walls too",
        "Its gates and a forget bias of 1 do not keep it from being thrown.",
        0.5,
        0.2,
        60,
        **{
            **ADDING,
            "landscape.seed": 1,
            "cell": "lstm",
            "initialisation.std": 0.5,
            "window": (-2.0, 3.0, -1.0, 3.0),
            "start": (0.375, 2.0),
        },
    ),
)
# To be trained, all seeds side by side. benchmarks/presets.py measures what they come to; benchmarks/README.md has the
# results, and more settings and more seeds.
TRAININGS = (
    descent_preset(
        "Norm against value clipping",
        "Four nets learn in which order two letters came. With each component of the gradient clipped at 0.1 all four "
        "do within 1,200 updates; clipped by norm at 1 (choose it) all four too; without clipping none does.",
        0.1,
        0.1,
        60,
        **{
            "landscape.seed": 2,
            "task": "temporal_order",
            "clip": "by_value",
            "updates": 1500,
            "seeds": 4,
        },
    ),
    descent_preset(
        "Nesterov, careful initialisation",
        "Eight nets add two numbers. In 1,000 updates their loss falls to between 0.01 and 0.03; guessing costs 0.167. "
        "With momentum 0 and a learning rate of 0.1 it falls to between 0.06 and 0.13; from normal weights, "
        "to between 0.03 and 0.15.",
        0.03,
        1.0,
        60,
        **{
            "cell.hidden_units": 16,
            "task": "adding",
            "task.sequence_length": 12,
            "initialisation": "spectral_radius",
            "initialisation.radius": 1.1,
            "initialisation.input_std": 0.001,
            "initialisation.output_std": 0.1,
            "optimizer": "nesterov_schedule",
            "optimizer.momentum": 0.95,
            "optimizer.period": 100,
            "updates": 1000,
            "seeds": 8,
        },
    ),
    descent_preset(
        "LSTM, plain gradient descent",
        "Without momentum, four LSTMs of four learn in which order two letters came: within 1,200 updates, clipped "
        "within 500. Choose the tanh RNN: without clipping none of four does in 1,500.",
        0.5,
        1.0,
        60,
        **{
            "cell": "lstm",
            "cell.hidden_units": 16,
            "task": "temporal_order",
            "initialisation": "framework_default",
            "updates": 1500,
            "seeds": 4,
        },
    ),
)
PRESETS = (*DESCENTS, *TRAININGS)

NO_KERNEL = "A recurrent network has too many operations for one scalar program."
# Windows, start, axes and height are the slice's.
RECURRENT = Landscape(
    **vars(entry_of(recurrent_network, "Recurrent network", no_kernel=NO_KERNEL)),
    axes=("x", "y"),
    windows={"whole": Window(-1.0, 1.0, -1.0, 1.0)},
    start=(0.0, 0.0),
    minima=lambda **_: (),
    solved=None,
    height="log",
    presets=PRESETS,
)

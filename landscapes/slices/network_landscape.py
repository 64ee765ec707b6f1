"""The recurrent network as a landscape: its loss on one minibatch, shown on a plane by a slice."""

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
    """The loss of a recurrent network on one minibatch, as a function of all its parameters.

    Args:
        seed: Seed of the initial weights and of all minibatches.
        batch_size: The number of sequences in a minibatch.

    Formula: L(θ) = mean over the minibatch of ℓ(y, W_out h_T + b_out), h_t = cell(x_t, h_{t−1}; θ)
    Reference: Pascanu, Mikolov & Bengio 2013, section 2; Li et al. 2018
    """

    def build(net: Net, initialisation: Initialisation) -> Subject:
        seeds = torch.tensor([seed])
        theta = net.initial(initialisation, seeds)[0]
        return Subject(net, theta, first_minibatch(net, seed, batch_size), seed)

    return build


def first_minibatch(net: Net, seed: int, size: int) -> Batch:
    """The minibatch of the first update of a training run with this seed: inputs ``(T, B, I)``, float64."""
    drawn = net.minibatch(torch.tensor([seed]), 0, size)
    return Batch(drawn.inputs[0], drawn.targets[0])


# Multiply-adds of one loss: these take a core a fifth of a second, and the coarsest picture about a minute.
LARGEST = 4 * 10**9


def max_batch_size(net: Net) -> int:
    """How many sequences a minibatch may hold so that one loss costs at most ``LARGEST`` multiply-adds."""
    return LARGEST // multiply_adds(net, 1)


# Found by trying; benchmarks/README.md has the share of nearby starts that are thrown, for each preset.
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
        "Adding, thrown off the cliff",
        "A network of 16 units adds two numbers of a sequence of 50 steps. Without clipping, step 3 throws the run 21 "
        "units away. With clipping it descends on the far side of the cliff. The cliff grows with T.",
        0.1,
        1.0,
        60,
        **ADDING,
    ),
    descent_preset(
        "Adding, sequences twice as long",
        "The same network with sequences of 100 steps: the gradient at the cliff is a thousand times as large.",
        0.1,
        1.0,
        60,
        **{**ADDING, "task.sequence_length": 100},
    ),
    descent_preset(
        "Temporal order, thrown at once",
        "The start is at the foot of a cliff. Step 1 throws the run from every start nearby.",
        0.5,
        0.2,
        50,
        **TEMPORAL_ORDER,
    ),
    descent_preset(
        "Random directions",
        "A plane in random directions through an orthogonal network. Even here, some steps leave the map.",
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
        "An LSTM is thrown too",
        "The loss of an LSTM also has cliffs. Its gates and a forget bias of 1 do not prevent the throw.",
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
# Presets for training, with several seeds each. benchmarks/presets.py measures their results, which are in
# benchmarks/README.md with more settings and seeds.
TRAININGS = (
    descent_preset(
        "Norm and value clipping compared",
        "Four networks learn the order of two letters. With clipping by value at 0.1, all four learn it within 1,200 "
        "updates. With clipping by norm at 1 (choose it under Clipping) all four do too. Without clipping none does.",
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
        "Eight networks add two numbers. In 1,000 updates their loss falls to between 0.01 and 0.03. The loss of "
        "guessing is 0.167. With momentum 0 and a learning rate of 0.1 the loss falls to between 0.06 and 0.13, and "
        "with normal initial weights to between 0.03 and 0.15.",
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
        "Without momentum, all four LSTMs learn the order of two letters: within 1,200 updates without clipping, and "
        "within 500 with clipping. Of four tanh RNNs without clipping, none learns it in 1,500.",
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

NO_KERNEL = "A recurrent network has too many operations for a kernel in the browser."
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

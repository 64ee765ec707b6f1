"""The recurrent network as a landscape: its loss on one minibatch, shown on a plane by a slice."""

from collections.abc import Callable
from typing import Annotated

import torch

from cliffscape.landscapes.declare import Range, entry_of
from cliffscape.landscapes.loss import Landscape, Window
from cliffscape.landscapes.networks.cost import multiply_adds
from cliffscape.landscapes.networks.initialisations import Initialisation
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.slices.network_presets import PRESETS
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
    main="task",
    group="Recurrent networks",
)

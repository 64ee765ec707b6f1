"""Requirements: what a Scene's optimizer needs, what its network costs, and the errors where that is out of bounds.

Costs are predicted, so that a Scene that would take hours is refused before anything is computed.
"""

from typing import Any

import torch

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.cost import (
    GRADIENT_RATE,
    LOSS_RATE,
    MOST_BYTES,
    MOST_SECONDS,
    PRODUCT_RATE,
    max_product_sequences,
    multiply_adds,
    product_is_short,
)
from cliffscape.landscapes.optimizers.curvature_products import NAMES, cost
from cliffscape.landscapes.optimizers.family import OPTIMIZERS
from cliffscape.landscapes.slices.hessian import piece_size
from cliffscape.landscapes.slices.network_landscape import max_batch_size

# The largest network whose whole curvature matrix is formed. With the default minibatch an update of both runs then
# takes less than 0.1 s on one core.
MOST_PARAMETERS = 64
# Sequences times their steps; with more, forming the matrix takes gigabytes.
MOST_INPUTS = 10_000
# Points of the coarsest picture of a network.
POINTS = 17 * 17
# A training run of these hours can still be watched, paused and resumed.
TRAINING_HOURS = 10
# What a run may take, so that the server can keep it: its state, and at least so many snapshots of both runs.
RUN_BYTES, SNAPSHOTS = 240 << 20, 8
RUNS = 2
PRODUCTS_OF = 100
# A step of a descent on the server takes a few milliseconds, one in the browser a few microseconds.
SERVER_STEPS = 1000


def check_descent(scene: Any) -> None:
    """Check that a Gauss-Newton method has a loss that is a sum of squares, or a network.

    Raises:
        BoundError: the optimizer is such a method, and the landscape is neither.
    """
    asks = OPTIMIZERS[scene.optimizer.kind].function().asks
    if asks == "gauss_newton" and not scene.recurrent and scene.surface.squares is None:
        bound = f"one that does not need a sum of squares, because the loss of '{scene.surface.label}' is not one"
        raise BoundError("optimizer", scene.entry("optimizer").label, bound)


def check_declared(scene: Any) -> None:
    """Check the parameters of a landscape whose text declares them. Those that the text does not have have no effect.

    Raises:
        BoundError: a value is out of the declared bounds.
        FormulaError: the text is no formula.
    """
    surface, chosen = scene.surface, scene.parameters("landscape")
    for one in surface.parameters if surface.facts is not None else ():
        value, bounds = chosen[one.name], one.range
        if one.type is not str and not bounds.low <= value <= bounds.high:
            bound = f"between {bounds.low:g} and {bounds.high:g}, the bounds of {bounds.symbol} in the formula"
            raise BoundError(f"landscape.{one.name}", value, bound)


def check_steps(scene: Any) -> None:
    """Check that a descent that the server computes is short.

    Raises:
        BoundError: the browser has no kernel for the Scene, and the run is long.
    """
    if scene.no_kernel and scene.steps > SERVER_STEPS:
        bound = f"at most {SERVER_STEPS} where the server computes the descent and not the browser"
        raise BoundError("steps", scene.steps, bound)


def check_network(scene: Any) -> None:
    """A network must be small enough for a picture, and for the matrices of second derivatives that the Scene needs.

    Raises:
        BoundError: the minibatch is too large for the network, or the network for the slice.
    """
    net, size = scene.net, scene.parameters("landscape")["batch_size"]
    about, most = f"for {net.task.length} steps of {net.cell.hidden_units} units of this cell", max_batch_size(net)
    if size > most:
        seconds = POINTS * multiply_adds(net, size) / LOSS_RATE
        bound = f"at most {most} {about}, so that the coarsest picture takes about a minute, and not "
        raise BoundError("landscape.batch_size", size, bound + format_duration(seconds))
    if scene.slice.kind == "curvature" and not product_is_short(net, min(size, piece_size(multiply_adds(net, 1)))):
        bound = f"one that does not need the Hessian {about}: a product with it takes more than {MOST_SECONDS} seconds"
        raise BoundError("slice", scene.entry("slice").label, bound)
    check_products(scene, RUNS)


def check_products(scene: Any, runs: int) -> None:
    """An optimizer that multiplies by a matrix of second derivatives keeps all steps of all runs in memory.

    Raises:
        BoundError: that takes too much memory or time.
    """
    optimizer, net = OPTIMIZERS[scene.optimizer.kind].function(), scene.net
    size, most = scene.parameters("landscape")["batch_size"], max_product_sequences(net, runs)
    if optimizer.asks is None or size <= most:
        return
    needs = f"with {scene.entry('optimizer').label}, so that a product with the {NAMES[optimizer.asks]} takes "
    if most < 1:
        bound = f"a first-order method for this network and {runs // RUNS} seeds: a curvature product takes too long"
        raise BoundError("optimizer", scene.entry("optimizer").label, bound)
    bound = f"at most {most} {needs}at most {MOST_SECONDS} seconds and {MOST_BYTES >> 30} GiB"
    raise BoundError("landscape.batch_size", size, bound)


def check_run(scene: Any) -> None:
    """A training run must fit into the server's memory, and end within hours.

    Raises:
        BoundError: there are too many seeds or updates for this network.
    """
    optimizer, net = scene.build("optimizer"), scene.net
    copies = 1 + sum(part.numel() > 1 for part in optimizer.init(torch.zeros(2)))
    one = RUNS * net.layout.size * torch.float64.itemsize
    most = (RUN_BYTES // one - SNAPSHOTS) // copies
    if scene.seeds > most:
        bound = (
            f"at most {most} for {net.layout.size:,} parameters: the server keeps runs of up to {RUN_BYTES >> 20} MiB"
        )
        raise BoundError("seeds", scene.seeds, bound)
    seconds = RUNS * scene.seeds * multiply_adds(net, scene.parameters("landscape")["batch_size"]) / GRADIENT_RATE
    if optimizer.asks is not None:
        products = cost(optimizer, min(net.layout.size, PRODUCTS_OF)).products
        seconds *= 1 + products * GRADIENT_RATE / PRODUCT_RATE
    if optimizer.displacement is not None:
        seconds *= 2
    if scene.updates * seconds > TRAINING_HOURS * 3600:
        most, whole = int(TRAINING_HOURS * 3600 / seconds), format_duration(scene.updates * seconds)
        bound = (
            f"at most {most:,} for this network, its minibatch and {scene.seeds} seeds: {scene.updates:,} take {whole}"
        )
        raise BoundError("updates", scene.updates, bound)


def format_duration(seconds: float) -> str:
    """About how long, in words."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 1.5 * length:
            return f"about {seconds / length:,.0f} {unit}"
    return f"about {seconds:,.0f} seconds"


def check_trainable(scene: Any) -> None:
    """Only a network is trained, and it must fulfil the requirements of training.

    Raises:
        BoundError: the landscape is no network, or the network, its minibatch, the seeds or the updates are too many.
    """
    if not scene.recurrent:
        bound = "recurrent_network, because the other landscapes have no network to train"
        raise BoundError("landscape", scene.landscape.kind, bound)
    check_training(scene)


def check_training(scene: Any) -> None:
    """A run must fit into memory; methods that form the whole curvature matrix need a small network and minibatch.

    Raises:
        BoundError: the network, its minibatch, the seeds or the updates are too many.
    """
    check_run(scene)
    if not OPTIMIZERS[scene.optimizer.kind].function().whole:
        check_products(scene, RUNS * scene.seeds)
        return
    size, length = scene.net.layout.size, scene.net.task.length
    if size > MOST_PARAMETERS:
        possible, needs = OPTIMIZERS["hessian_free"].label, f"the whole {size} by {size} curvature matrix"
        net = f"a net of more than {MOST_PARAMETERS} parameters"
        bound = f"{possible} or a first-order method to train {net}: this method needs {needs}"
        raise BoundError("optimizer", scene.entry("optimizer").label, bound)
    if (batch := scene.parameters("landscape")["batch_size"]) * length > MOST_INPUTS:
        bound = f"at most {MOST_INPUTS // length} for {length} steps with a method that needs the full curvature matrix"
        raise BoundError("landscape.batch_size", batch, bound)

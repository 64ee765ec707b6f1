"""Requirements: what an optimizer needs in addition to the gradient, and the errors where a Scene does not have it."""

from typing import Any

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.optimizers.family import OPTIMIZERS

# The largest network whose whole curvature matrix is formed. With the default minibatch an update of both runs then
# takes less than 0.1 s on one core.
MOST_PARAMETERS = 64
# Sequences times their steps; with more, forming the matrix takes gigabytes.
MOST_INPUTS = 10_000


def check_descent(scene: Any) -> None:
    """Check that a Gauss-Newton method has a loss that is a sum of squares, or a network.

    Raises:
        BoundError: the optimizer is such a method, and the landscape is neither.
    """
    asks = OPTIMIZERS[scene.optimizer.kind].function().asks
    if asks == "gauss_newton" and not scene.recurrent and scene.surface.squares is None:
        bound = f"one that does not need a sum of squares, which the loss of {scene.landscape.kind} is not"
        raise BoundError("optimizer", scene.optimizer.kind, bound)


def check_training(scene: Any) -> None:
    """Check that a method that forms the whole curvature matrix has a small network and a small minibatch.

    Raises:
        BoundError: the Scene's optimizer forms it, and the network or its minibatch is too large.
    """
    if not OPTIMIZERS[scene.optimizer.kind].function().whole:
        return
    size, length = scene.net.layout.size, scene.net.task.length
    if size > MOST_PARAMETERS:
        bound = (
            f"hessian_free or a first-order method to train a net of more than {MOST_PARAMETERS} parameters: "
            f"this one needs its {size} by {size} matrix"
        )
        raise BoundError("optimizer", scene.optimizer.kind, bound)
    if (batch := scene.parameters("landscape")["batch_size"]) * length > MOST_INPUTS:
        bound = f"at most {MOST_INPUTS // length} for {length} steps with a method that needs the whole matrix"
        raise BoundError("landscape.batch_size", batch, bound)

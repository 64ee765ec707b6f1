"""Methods: what an optimizer needs of a Scene beside the gradient, and what is said where the Scene has none."""

from typing import Any

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.optimizers.family import OPTIMIZERS

# Of a net whose whole matrix is formed: an update of both runs then takes less than a tenth of a second on one core
# with the minibatch a Scene begins with.
MOST_PARAMETERS = 64
# Sequences times their steps: forming the matrix on more takes gigabytes.
MOST_INPUTS = 10_000


def check_descent(scene: Any) -> None:
    """The Gauss-Newton matrix is that of a sum of squares, or of a net's outputs.

    Raises:
        BoundError: the Scene's optimizer asks for it, and the landscape is neither.
    """
    asks = OPTIMIZERS[scene.optimizer.kind].function().asks
    if asks == "gauss_newton" and not scene.recurrent and scene.surface.squares is None:
        bound = f"one that does not need a sum of squares, which the loss of {scene.landscape.kind} is not"
        raise BoundError("optimizer", scene.optimizer.kind, bound)


def check_training(scene: Any) -> None:
    """Small nets are trained by any method, larger ones by those that never form the whole matrix.

    Raises:
        BoundError: the Scene's optimizer forms it, and the net or its minibatch is too large.
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

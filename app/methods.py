"""Methods: what an optimizer needs of a Scene beside the gradient, and what is said where the Scene has none."""

from typing import Any

from landscapes.optimizers import OPTIMIZERS


class PlaceError(ValueError):
    """A choice that has no place in its Scene: the field, what it must be, and what it was."""

    def __init__(self, field: str, bound: str, value: Any) -> None:
        super().__init__(f"{field} must be {bound}")
        self.field, self.bound, self.value = field, bound, value


def check_descent(scene: Any) -> None:
    """The Gauss-Newton matrix is that of a sum of squares, or of a net's outputs.

    Raises:
        PlaceError: the Scene's optimizer asks for it, and the landscape is neither.
    """
    asks = OPTIMIZERS[scene.optimizer.kind].function().asks
    if asks == "gauss_newton" and not scene.recurrent and scene.surface.squares is None:
        bound = f"one that does not need a sum of squares, which the loss of {scene.landscape.kind} is not"
        raise PlaceError("optimizer", bound, scene.optimizer.kind)


def check_training(scene: Any) -> None:
    """Whole nets are trained by methods that never form the whole matrix.

    Raises:
        PlaceError: the Scene's optimizer forms it.
    """
    if OPTIMIZERS[scene.optimizer.kind].function().whole:
        size = scene.net.layout.size
        bound = f"hessian_free or a first-order method to train a net: this one needs its {size} by {size} matrix"
        raise PlaceError("optimizer", bound, scene.optimizer.kind)

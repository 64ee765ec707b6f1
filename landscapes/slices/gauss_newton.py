"""The Gauss-Newton matrix of a net's loss on a plane, for optimizers that descend on a slice."""

from torch import Tensor

from cliffscape.landscapes.networks.gauss_newton import gauss_newton_product
from cliffscape.landscapes.slices.plane import Slice
from cliffscape.landscapes.slices.subject import Subject
from cliffscape.landscapes.transform import Product


def gauss_newton_on_slice(subject: Subject, plane: Slice, point: Tensor) -> Product:
    """Products with vectors ``(..., 2)`` at slice coordinates ``(..., 2)``.

    The matrix is D G Dᵀ, with the directions as rows of D.
    """
    whole = gauss_newton_product(subject.net, subject.batch, plane.lift(point))
    return lambda vector: whole(vector @ plane.directions) @ plane.directions.mT

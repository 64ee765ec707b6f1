"""What a slice needs from a model: named parameters with values, and a loss that can be split over the data."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from torch import Tensor

from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.layout import Layout


@runtime_checkable
class Model(Protocol):
    """A model with its data at one theta.

    ``theta`` ``(D,)`` are the parameters and ``layout`` their names. ``loss`` is the mean loss over the data, as a
    function of theta ``(..., D)``.
    """

    @property
    def theta(self) -> Tensor: ...

    @property
    def layout(self) -> Layout: ...

    @property
    def loss(self) -> Loss: ...

    @property
    def multiplications(self) -> int:
        """About how many multiplications the loss of one example takes."""

    def split(self, size: int) -> Sequence[tuple[Loss, float]]:
        """The losses on parts of at most ``size`` examples, each with its share of the data."""

"""The rows of a comparison as it is trained, for the page that shows them."""

from dataclasses import dataclass, field
from uuid import uuid4

from torch import Tensor


@dataclass(frozen=True)
class TrainingLog:
    """``rows`` grows up to ``steps`` rows ``(2, 3)``: loss, gradient norm and clip factor without and with clipping.

    ``token`` tells the logs of one view apart.
    """

    steps: int
    rows: list[Tensor] = field(default_factory=list)
    token: str = field(default_factory=lambda: uuid4().hex)

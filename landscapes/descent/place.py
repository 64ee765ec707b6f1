"""Place: what the curvature says about the place where a run rests, as clauses of its verdict."""

import torch
from torch import Tensor

from cliffscape.landscapes.descent.outcome import FLAT
from cliffscape.landscapes.descent.verdict import clause_flags


def place(flattest: Tensor, sharpness: Tensor, loss: Tensor, diagonal: Tensor) -> dict[str, Tensor]:
    """Which clause says where a run rests, by name and as ``conclude`` has them.

    ``flattest`` and ``sharpness`` are the smallest and the largest curvature there ``(...)``, NaN if they are unknown.
    A curvature counts if it changes the loss across the window's ``diagonal`` by more than a small share.
    """
    least = FLAT * torch.clamp(loss.abs(), min=1.0) / diagonal**2
    # Comparisons with NaN are false.
    known = flattest <= sharpness
    down, up = flattest < -least, sharpness > least
    level, rising = (flattest <= least) & ~down, flattest > least
    falling = sharpness < -least
    # A loss of one parameter has one curvature.
    even = flattest == sharpness
    found = {
        "saddle": down & up,
        "minimum": rising & ~even,
        "even_minimum": rising & even,
        "maximum": falling & ~even,
        "even_maximum": falling & even,
        "trough": level & up,
        "ridge": down & ~up & ~falling,
        "plateau": level & ~up,
    }
    return clause_flags({name: known & here for name, here in found.items()}, loss)

"""Surfaces: everything that can be descended, and those whose own values complete the data of a Scene."""

from collections.abc import Iterator
from typing import Any

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.declare import Family
from cliffscape.landscapes.loss import Landscape
from cliffscape.landscapes.models.model_landscape import MODEL, VIEWS
from cliffscape.landscapes.slices.network_landscape import RECURRENT


class Surfaces(Family[Landscape]):
    """The landscapes of two parameters, the recurrent network, and the user's own models."""

    def __iter__(self) -> Iterator[Landscape]:
        """Those that can be chosen: models only if this process has a view of one."""
        return (entry for entry in self.entries.values() if VIEWS or entry is not MODEL)


SURFACES = Surfaces("landscape", {**LANDSCAPES.entries, RECURRENT.kind: RECURRENT, MODEL.kind: MODEL})


def declared(landscape: dict[str, Any]) -> Landscape | None:
    """The landscape of a text, or one of one parameter; None if it is another one, or the text is invalid."""
    entry = SURFACES.entries.get(landscape.get("kind", ""))
    if entry is None or entry.facts is None:
        return entry if entry is not None and entry.curve else None
    given = {"text": landscape["text"]} if isinstance(landscape.get("text"), str) else {}
    try:
        return entry.of(**given)
    except BoundError:
        # The text is validated with the other fields.
        return None

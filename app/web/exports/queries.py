"""What the query of an export asks for: a Scene's link, and what is added to it.

Of a map these are ``cells``, and the ``outcome`` after which the page names the file; of a training run it is ``done``.
"""

from collections.abc import Mapping
from typing import NamedTuple

from cliffscape.app.frames.outcomes import sides
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.requirements import check_trainable
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import format_value, violation
from cliffscape.app.web.problems import Problem
from cliffscape.landscapes.descent.outcome import OUTCOMES

DEFAULT_SIDE = 129


class MapQuery(NamedTuple):
    """A Scene, the cells per side of its map, and the outcome in the file's name, empty if it is unknown."""

    scene: Scene
    side: int
    outcome: str


def parse_query(query: Mapping[str, str], gpu: bool = False) -> MapQuery:
    """The Scene of a link and the cells per side of its map: those of ``cells``, or 129.

    With ``gpu``, sizes that take too long without one are allowed too.

    Raises:
        pydantic.ValidationError: something in the Scene is unknown or out of bounds.
        Problem: there is no map with this number of cells, or no such outcome.
    """
    rest = dict(query)
    text, outcome = rest.pop("cells", ""), rest.pop("outcome", "")
    if outcome and outcome not in OUTCOMES:
        found = violation("outcome", format_value(outcome), f"one of {', '.join(OUTCOMES)}")
        raise Problem(422, "No such outcome", found.message, (found,))
    scene = from_query(rest)
    known = sides(scene, gpu)
    side = text or str(max(level for level in known if level <= max(DEFAULT_SIDE, known[0])))
    if side not in map(str, known):
        found = violation("cells", format_value(text), f"one of {', '.join(map(str, known))} for this Scene")
        raise Problem(422, "No such map", found.message, (found,))
    return MapQuery(scene, int(side), outcome)


def parse_training_query(query: Mapping[str, str]) -> tuple[Scene, int]:
    """The Scene of a link and the number of updates: those of ``done``, or all of the Scene.

    Raises:
        pydantic.ValidationError: something in the Scene is unknown or out of bounds.
        BoundError: the Scene has no network, or one that cannot be trained.
        Problem: the Scene does not have this number of updates.
    """
    rest = dict(query)
    text = rest.pop("done", "")
    scene = from_query(rest)
    check_trainable(scene)
    known = range(1, scene.updates + 1)
    if text and not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) in known):
        found = violation("done", format_value(text), f"a whole number from 1 to {scene.updates} for this Scene")
        raise Problem(422, "No such part of the run", found.message, (found,))
    return scene, int(text or scene.updates)

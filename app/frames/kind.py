"""Frame kinds: one table of what the server can send. An entry is a decorated generator in a file of this folder.

The table states everything about a kind: which Scenes have it, what its content depends on, its levels and their
costs. Planning, caching, deadlines and the page's requests are derived from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cliffscape.app.compute.cache import FrameGenerator, SizedCache
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.stage import Actors, Division
from cliffscape.app.scene.content_key import digest
from cliffscape.app.scene.dependencies import Conditions, Part, meets, traits, values
from cliffscape.app.scene.schema import Scene

Level = Any  # points, columns or cells per side; None for a frame that comes in one piece
# The approximate cost of each level, in milliseconds of one core. Frames are sent in the order of their costs.
Costs = Mapping[Level, float]
Generator = Callable[[Scene, Level, str, Workspace], FrameGenerator]
# The division of a frame over actors, or None if it is not worth it; the cache keeps what the next level uses.
Divide = Callable[[Scene, Level, str, Actors, SizedCache[Any]], Division | None]


@dataclass(frozen=True)
class FrameKind:
    """One kind of frame.

    ``when`` says which Scenes have it and ``depends_on`` what its content is computed from. ``levels`` gives the cost
    of each level, from coarse to fine; its second argument says whether there is a GPU. A kind ``on_request`` is sent
    only if the client names it. A kind that ``trains`` needs an optimizer that can train the network. The ``table``
    kinds can be exported, and they share one place on the page, where the Scene's field ``map`` names the one shown.

    ``divide`` gives the division of a frame that several processes compute, whose bits are those of ``generate``.

    The page requests the missing kinds of one ``line`` together, cheapest first. A line of its own keeps a slow kind
    from delaying the others. Kinds without a line are requested only when a button is pressed.
    """

    name: str
    generate: Generator
    depends_on: tuple[Part, ...]
    levels: Callable[[Scene, bool], Costs]
    when: Conditions
    line: str
    on_request: bool = False
    trains: bool = False
    table: bool = False
    divide: Divide | None = None

    def keys(self, scene: Scene, levels: Sequence[Level]) -> list[str]:
        """The keys of a Scene's frames at these levels. They are equal for Scenes with equal dependencies."""
        content = values(scene, self.depends_on)
        return [digest(self.name, level, content) for level in levels]


KINDS: dict[str, FrameKind] = {}


def frame_kind(
    name: str,
    *,
    depends_on: Sequence[Part | str],
    levels: Costs | Callable[[Scene, bool], Costs],
    when: Conditions | None = None,
    line: str | None = None,
    divide: Divide | None = None,
    **more: bool,
) -> Callable[[Generator], Generator]:
    """Register the generator of a kind; a plain name in ``depends_on`` is a whole part.

    By default a kind has a line of its own.
    """
    parts = tuple(Part(one) if isinstance(one, str) else one for one in depends_on)
    costs = levels if callable(levels) else lambda scene, gpu: levels

    def register(generate: Generator) -> Generator:
        if name in KINDS:
            raise ValueError(f"frame kind {name} is declared twice")
        own = name if line is None else line
        KINDS[name] = FrameKind(name, generate, parts, costs, when or {}, own, divide=divide, **more)
        return generate

    return register


def kinds_of(scene: Scene) -> list[FrameKind]:
    """The kinds that a Scene has."""
    found = traits(scene)
    return [kind for kind in KINDS.values() if meets(found, kind.when)]

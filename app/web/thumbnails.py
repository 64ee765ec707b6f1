"""Thumbnails: the coarse picture of each landscape with its first preset, for the gallery.

A thumbnail is computed when it is first requested, by the generator that computes the surfaces of the page.
"""

import hashlib
from pathlib import Path

import cliffscape.landscapes
from cliffscape.app.compute.encoding import Frame, decode, encode
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import PlannedFrame
from cliffscape.app.landscape_files.loader import content_stamp
from cliffscape.app.lessons.facts import scene_of
from cliffscape.app.scene.schema import FAMILIES
from cliffscape.app.web.engine import Engine, every
from cliffscape.landscapes.loss import Landscape
from cliffscape.landscapes.models.model_landscape import MODEL, VIEWS

# Points per side: with fewer, the edge of a cliff is a visible staircase.
SIDE = 65
# A point of a user's own model may take long.
MODEL_SIDE = 17
# Milliseconds of one core, if the surface has no such level.
COST = 30


def source_version() -> str:
    """A hash of the library's code and of the user's files: browsers keep thumbnails until it changes."""
    content = hashlib.sha256(content_stamp().encode())
    for path in sorted(Path(cliffscape.landscapes.__file__).parent.rglob("*.py")):
        content.update(path.read_bytes())
    return content.hexdigest()[:16]


# Read once: the code of a server does not change while it runs.
VERSION = source_version()
ADDRESS = f"thumbnails/{VERSION}"


def thumbnail_frame(kind: str) -> PlannedFrame | None:
    """The coarse frame of a landscape with its first preset; None if there is no such landscape."""
    entry = FAMILIES["landscape"].entries.get(kind)
    if not isinstance(entry, Landscape):
        return None
    if entry is MODEL and not VIEWS:
        return None
    side = MODEL_SIDE if entry is MODEL else SIDE
    scene, surface = scene_of(entry, entry.presets[0], {}), KINDS["surface"]
    (key,) = surface.keys(scene, [side])
    cost = surface.levels(scene, False).get(side, COST)
    return PlannedFrame("surface", side, key, cost, scene)


async def thumbnail(engine: Engine, part: PlannedFrame) -> bytes:
    """The losses of a planned frame as a frame of their own, without the gradient norms.

    Raises:
        BusyError: it must be computed and the worker is full.
        DeadlineError: it was not computed in time.
    """
    surface = decode(engine.store.get(part.key) or await computed(engine, part))
    size = {name: surface.fields[name] for name in ("columns", "rows")}
    return encode(Frame("thumbnail", part.key, size, {"loss": surface.arrays["loss"]}))


async def computed(engine: Engine, part: PlannedFrame) -> bytes:
    """The frame, computed. Frames of progress come before it."""
    return (await every(engine.frames([part])))[-1]

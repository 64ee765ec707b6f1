"""The frame of repeated composition along a line, as the book draws it."""

import torch

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.studies.registry import study
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.surfaces.composition import LAYERS, UNITS, count_extrema, heights_along_line

# Half the length of the line, points on it, and points per chunk.
REACH, POINTS, CHUNK = 3.0, 601, 60


@study("composition")
def composition_frame(scene: Scene, key: str) -> FrameGenerator:
    """Heights after 0, 1, ... layers along the first direction, and how often each of them turns."""
    chosen = scene.parameters("landscape")
    places = torch.linspace(-REACH, REACH, POINTS, dtype=torch.float64)
    parts = []
    for piece in torch.split(places, CHUNK):
        parts.append(heights_along_line(piece, chosen["gain"], chosen["seed"]))
        yield None
    found = torch.cat(parts, -1)
    # The axis shows the norm of the initial state, which grows with the root of its number of units.
    at = places * UNITS**0.5
    fields = {"study": "composition", "sentences": sentences(count_extrema(found).tolist())}
    return Frame("study", key, fields, {"at": at.numpy(), "heights": found.numpy()})


def sentences(turns: list[int]) -> list[str]:
    """What the figure shows, and what the surface above shows instead."""
    listed = ", ".join(map(str, turns[:-1]))
    return [
        f"After 0 to {LAYERS} layers of {UNITS} units the output has {listed} and {turns[-1]} extrema along this line.",
        "The book's figure shows the output along such a line. The surface above shows it over a plane of inputs, for "
        "a smaller layer.",
    ]

"""A script that repeats a Scene's runs with PyTorch alone: loss, optimizer, clip and schedule are written out.

The functions are the program's own, with everything that they use, so nothing is written twice. They compute the same
bits as the page's server.
"""

from collections.abc import Callable
from typing import Any

import torch

from cliffscape.app.exports.definitions import Definitions, ForeignModuleError, mentioned_fields
from cliffscape.app.exports.embedded_data import decoders, replacements
from cliffscape.app.exports.number_text import decode_numbers
from cliffscape.app.exports.script_runs import CONSTANT, product_function, run_parts
from cliffscape.app.runs.network import build_view
from cliffscape.app.runs.pair import shown_runs
from cliffscape.app.scene.metadata import link, version
from cliffscape.app.scene.schema import FAMILIES, NET_FAMILIES, Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import SumOfSquares
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.optimizers.curvature_products import (
    with_products,
)
from cliffscape.landscapes.slices.plane import Slice

HEADER = '''"""{optimizer} on the landscape '{landscape}', {runs}.

This script needs PyTorch alone. It prints the position and the loss after every step. It repeats a Scene of
Cliffscape {version}, whose link is

{link}
"""'''


def run_script(scene: Scene, plane: Slice | None = None) -> str:
    """The text of the script. A slice of a training run needs its ``plane``; without one the training is done here.

    Raises:
        BoundError: a part of the Scene cannot be written with PyTorch alone, or the Scene has no such slice.
    """
    if not scene.slice_of_run:
        plane = None
    elif plane is None:
        plane = run_to_end(build_view(scene)).slice
    members = mentioned_fields("\n\n\n".join(run_parts(scene, plane)))
    # A method may mention other methods, so this is repeated until there are no new ones.
    while True:
        parts = sections(scene, plane, members)
        more = members.union(*map(mentioned_fields, parts))
        if more == members:
            return "\n\n\n".join(parts) + "\n"
        members = more


def check_writable(scene: Scene) -> None:
    """Raise an error if a part of the Scene cannot be written with PyTorch alone, before a training run is computed.

    Raises:
        BoundError: there is such a part.
    """
    if scene.sliced and not scene.recurrent:
        bound = "one whose definition belongs to this program, for a script: your model is in your own process"
        raise BoundError("landscape", scene.surface.label, bound)
    # Any plane shows which definitions the script needs.
    run_script(scene, Slice(torch.zeros(2), torch.eye(2), ("x", "y")))


def sections(scene: Scene, plane: Slice | None, members: frozenset[str]) -> list[str]:
    """The parts of the script, in order. Classes have only these members."""
    definitions, found = Definitions(members, replacements(scene)), list[str]()
    for functions in functions_of(scene).values():
        for function in functions:
            definitions.reserve(function)
    for title, functions in functions_of(scene).items():
        texts = [text for function in functions for text in define(definitions, scene, function)]
        if texts:
            found += [f"# {title}\n\n\n{texts[0]}", *texts[1:]]
    definitions.imports |= {"import torch"}
    return [f"{header(scene)}\n\n{import_lines(definitions.imports)}", *found, *run_parts(scene, plane)]


def functions_of(scene: Scene) -> dict[str, list[Callable[..., Any]]]:
    """The functions that the script needs, by the title of its part."""
    surface, optimizer = scene.surface, scene.build("optimizer")
    clips = [CLIPS["none" if run == "without" else scene.clip.kind].function for run in shown_runs(scene)]
    method = scene.entry("optimizer").function
    products = [with_products, product_function(scene, optimizer.asks)] if optimizer.asks else []
    return {
        "The loss.": loss_functions(scene),
        "The optimizer.": [method, *products],
        "The schedule of the learning rate.": [scene.entry("schedule").function] * (scene.schedule.kind != CONSTANT),
        "The clip.": [*clips, *([over_minibatches] if surface.examples else [])],
    }


def loss_functions(scene: Scene) -> list[Callable[..., Any]]:
    """The functions and classes from which the loss is built."""
    surface = scene.surface
    if scene.recurrent:
        plane: list[Callable[..., Any]] = [scene.entry("slice").function]
        if scene.slice_of_run:
            # The plane of a training run is written as numbers.
            plane = [decode_numbers, Slice]
        entries = [scene.entry(family).function for family in NET_FAMILIES if family != "slice"]
        return [*decoders(scene), *entries, *plane, Net, surface.function]
    found: list[Callable[..., Any]] = [*decoders(scene), surface.function]
    found += [SumOfSquares] if surface.squares is not None else []
    return found + ([MeanLoss, *([surface.mean] if surface.mean else [])] if surface.examples else [])


def define(definitions: Definitions, scene: Scene, function: Callable[..., Any]) -> list[str]:
    """The new texts that define a function."""
    try:
        return definitions.add(function)
    except ForeignModuleError as error:
        for family in FAMILIES:
            if scene.entry(family).function is function:
                bound = f"one that needs PyTorch alone, as the script does; this one needs {error.module}"
                raise BoundError(family, scene.entry(family).label, bound) from None
        raise


def header(scene: Scene) -> str:
    """The docstring of the script."""
    names = {family: scene.entry(family).label for family in ("landscape", "optimizer", "clip")}
    runs = {"without": "without clipping", "with": f"with the clip '{names['clip']}'"}
    shown = " and ".join(runs[run] for run in shown_runs(scene))
    return HEADER.format(runs=shown, **names, version=version(), link=link(scene))


def import_lines(statements: set[str]) -> str:
    """Import statements: Python's own modules, then PyTorch."""
    names: dict[str, set[str]] = {}
    for statement in statements:
        before, _, name = statement.partition(" import ")
        names.setdefault(before if name else statement, set()).add(name)
    lines = [
        f"{before} import {', '.join(sorted(found))}" if found != {""} else before for before, found in names.items()
    ]
    own = sorted((line for line in lines if " torch" not in line), key=lambda line: (line.startswith("from"), line))
    return "\n\n".join("\n".join(part) for part in (own, sorted(set(lines) - set(own), reverse=True)) if part)

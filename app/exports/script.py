"""A script that repeats a Scene's runs with PyTorch alone: loss, optimizer, clip and schedule are written out.

The functions are the program's own, with everything that they use, so nothing is written twice. They compute the same
bits as the page's server.
"""

from collections.abc import Callable, Iterator
from typing import Any

from cliffscape.app.exports.definitions import Definitions, ForeignModuleError, mentioned_fields
from cliffscape.app.runs.pair import RunName, shown_runs, stream_values
from cliffscape.app.scene.metadata import link, version
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.loss import MINIBATCH, SumOfSquares
from cliffscape.landscapes.optimizers.curvature_products import (
    gauss_newton_product,
    hessian_product,
    with_products,
)
from cliffscape.landscapes.transform import Matrix, Transform

CONSTANT = "constant"
PRODUCTS: dict[Matrix, Callable[..., Any]] = {"hessian": hessian_product, "gauss_newton": gauss_newton_product}
# Optional fields of a transform, which a script has only if something in it uses them.
OPTIONAL = frozenset(Transform._field_defaults)
HEADER = '''"""{optimizer} on the landscape '{landscape}', {runs}.

This script needs PyTorch alone. It prints the position and the loss after every step. It repeats a Scene of
Cliffscape {version}, whose link is

{link}
"""'''
GRADIENT = '''def loss_and_gradient(theta):
    """The loss and its gradient at ``theta``."""
    point = theta.detach().requires_grad_()
    value = loss(point)
    (gradient,) = torch.autograd.grad(value, point)
    return value.detach(), gradient'''
MAIN = """if __name__ == "__main__":
    print("run,step,x,y,loss")
    for name, clip in clips.items():
        for step, (x, y, value) in enumerate(descend(clip)):
            print(name, step, x, y, value, sep=",")"""


def run_script(scene: Scene) -> str:
    """The text of the script.

    Raises:
        BoundError: a part of the Scene cannot be written with PyTorch alone.
    """
    if scene.recurrent:
        needs = "one of two parameters: the script of a network would have to contain its weights, data and plane"
        raise BoundError("landscape", scene.landscape.kind, needs)
    unused = OPTIONAL - mentioned_fields("\n".join(sections(scene, frozenset())))
    return "\n\n\n".join(sections(scene, unused)) + "\n"


def sections(scene: Scene, unused: frozenset[str]) -> list[str]:
    """The parts of the script, in order, without the ``unused`` fields of transforms."""
    definitions, found = Definitions(unused), list[str]()
    for title, functions in functions_of(scene).items():
        texts = [text for function in functions for text in define(definitions, scene, function)]
        if texts:
            found += [f"# {title}\n\n{texts[0]}", *texts[1:]]
    definitions.imports |= {"import torch"}
    return [f"{header(scene)}\n\n{import_lines(definitions.imports)}", *found, *run_parts(scene)]


def functions_of(scene: Scene) -> dict[str, list[Callable[..., Any]]]:
    """The functions that the script needs, by the title of its part."""
    surface, optimizer = scene.surface, scene.build("optimizer")
    loss: list[Callable[..., Any]] = [surface.function]
    loss += [SumOfSquares] if surface.squares is not None else []
    loss += [MeanLoss, *([surface.mean] if surface.mean else [])] if surface.examples else []
    clips = [CLIPS["none" if run == "without" else scene.clip.kind].function for run in shown_runs(scene)]
    method = scene.entry("optimizer").function
    return {
        "The loss.": loss,
        "The optimizer.": [method, *([with_products, PRODUCTS[optimizer.asks]] if optimizer.asks else [])],
        "The schedule of the learning rate.": [scene.entry("schedule").function] * (scene.schedule.kind != CONSTANT),
        "The clip.": [*clips, *([over_minibatches] if surface.examples else [])],
    }


def define(definitions: Definitions, scene: Scene, function: Callable[..., Any]) -> list[str]:
    """The new texts that define a function."""
    try:
        return definitions.add(function)
    except ForeignModuleError as error:
        for family in ("landscape", "optimizer", "schedule", "clip"):
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


def run_parts(scene: Scene) -> Iterator[str]:
    """The Scene's values, the descent, and what is printed."""
    optimizer = scene.build("optimizer")
    yield "\n".join(
        [
            "# The runs.\n",
            f"START = {scene.resolved_start!r}",
            f"STEPS = {scene.steps}\n",
            f"loss = {loss_text(scene)}",
            f"optimizer = {with_matrix(call(scene, 'optimizer'), optimizer.asks)}",
            *([f"schedule = {call(scene, 'schedule')}"] if scene.schedule.kind != CONSTANT else []),
            "clips = {",
            *(f'    "{run}": {clip_text(scene, run)},' for run in shown_runs(scene)),
            "}",
        ]
    )
    yield GRADIENT
    yield descent_text(scene)
    yield MAIN


def with_matrix(text: str, asks: Matrix | None) -> str:
    """The optimizer with the products of the matrix that it asks for."""
    if asks is None:
        return text
    return f"with_products({text}, lambda theta: {PRODUCTS[asks].__name__}(loss, theta))"


def call(scene: Scene, family: str, first: str = "") -> str:
    """A call of the chosen entry of a family, with the chosen values."""
    values = {name: value for name, value in scene.parameters(family).items() if name != MINIBATCH}
    arguments = [*([first] if first else []), *(f"{name}={value!r}" for name, value in values.items())]
    return f"{scene.entry(family).function.__name__}({', '.join(arguments)})"


def loss_text(scene: Scene) -> str:
    """The loss as an expression."""
    surface, function = scene.surface, f"lambda theta: {call(scene, 'landscape', 'theta')}"
    if surface.squares is not None:
        return f"SumOfSquares({function}, factor={surface.squares!r})"
    if not surface.examples:
        return function
    arguments = [function, f"count={surface.examples}", f"size={scene.parameters('landscape')[MINIBATCH]}"]
    if surface.mean is not None:
        own = call(scene, "landscape", "theta").partition("(")[2]
        arguments.append(f"mean=lambda theta: {surface.mean.__name__}({own}")
    return f"MeanLoss({', '.join(arguments)})"


def clip_text(scene: Scene, run: RunName) -> str:
    """The clip of a run as an expression."""
    text = "none()" if run == "without" else call(scene, "clip")
    if run == "with" and scene.build("clip").with_values is not None:
        # The random numbers of a run depend on all its values.
        text += f".with_values({stream_values(scene)!r})"
    if not scene.surface.examples:
        return text
    displacement = ", optimizer.displacement" if scene.build("optimizer").displacement else ""
    return f"over_minibatches(loss, {text}{displacement})"


def descent_text(scene: Scene) -> str:
    """The function that descends."""
    displaced, limited = scene.build("optimizer").displacement, scene.build("clip").limit
    lines = [
        "def descend(clip):",
        '    """The positions and the losses of a run: at the start, and after every step."""',
        "    theta = torch.tensor(START, dtype=torch.float64)",
        "    clip_state, optimizer_state = clip.init(theta), optimizer.init(theta)",
        "    rows = []",
        "    for step in range(STEPS + 1):",
        "        value, gradient = loss_and_gradient(theta)",
        "        rows.append((*theta.tolist(), value.item()))",
        *(["        _, gradient = loss_and_gradient(theta + optimizer.displacement(gradient))"] if displaced else []),
        "        gradient, clip_state = clip.update(gradient, clip_state, theta)",
        "        change, optimizer_state = optimizer.update(gradient, optimizer_state, theta)",
        *(
            ["        change = schedule(torch.full_like(theta[:1], step)) * change"]
            if scene.schedule.kind != CONSTANT
            else []
        ),
        *(["        if clip.limit is not None:", "            change = clip.limit(change)"] if limited else []),
        "        theta = theta + change",
        "    return rows",
    ]
    return "\n".join(lines)

"""What a script contains in place of definitions of the program: data, and a formula that the user has typed."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from cliffscape.app.exports.number_text import byte_text, decode_bytes, decode_numbers, number_text
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.python_text import python_text, used_functions
from cliffscape.landscapes.formula.typed_formula import formula
from cliffscape.landscapes.networks.tasks.sample import SAMPLE
from cliffscape.landscapes.networks.tasks.text import DefaultText, characters

# The texts of definitions that replace those of the program, by module and name.
Replacements = Mapping[tuple[str, str], str]

TEXT_CLASS = '''class DefaultText:
    """The text of the task."""

    text = decode_bytes({content}).decode("utf-8", "surrogatepass")'''


def replacements(scene: Scene) -> Replacements:
    """The definitions that a script of the Scene replaces: of drawn data, of the user's own text, and of a formula."""
    if scene.recurrent:
        return {place(DefaultText): text_class(DefaultText.text)} if has_own_text(scene) else {}
    if scene.landscape.kind == formula.__name__:
        return {place(formula): python_text(formula_of(scene.landscape.text))}
    draw = scene.surface.data
    return {} if draw is None else {place(draw): constant_function(draw, draw_data(scene, draw))}


def decoders(scene: Scene) -> list[Callable[..., Any]]:
    """The functions that the replaced definitions call."""
    if scene.recurrent:
        return [decode_bytes] if has_own_text(scene) else []
    if scene.landscape.kind == formula.__name__:
        return used_functions(formula_of(scene.landscape.text))
    return [decode_numbers] if scene.surface.data is not None else []


def has_own_text(scene: Scene) -> bool:
    """Whether the Scene's network reads a text of the user's."""
    return scene.entry("task").function is characters and DefaultText.text != SAMPLE


def place(definition: Callable[..., Any]) -> tuple[str, str]:
    """Module and name of a definition."""
    return definition.__module__, definition.__name__


def draw_data(scene: Scene, draw: Callable[..., Tensor]) -> Tensor:
    """The data of a landscape for the Scene's parameters."""
    chosen = scene.parameters("landscape")
    return draw(**{name: chosen[name] for name in inspect.signature(draw).parameters})


def constant_function(draw: Callable[..., Tensor], data: Tensor) -> str:
    """A function that returns the data, and the data as a constant above it."""
    name, arguments = draw.__name__, ", ".join(inspect.signature(draw).parameters)
    summary = (inspect.getdoc(draw) or "").partition("\n\n")[0]
    return (
        f"{name.upper()} = {number_text(data)}\n\n\n"
        f'def {name}({arguments}):\n    """{summary}"""\n    return {name.upper()}'
    )


def text_class(text: str) -> str:
    """``DefaultText`` with a text of the user's."""
    return TEXT_CLASS.format(content=byte_text(text.encode("utf-8", "surrogatepass")))

"""Complaints: pydantic's errors in our words, naming the field, the bound and the value."""

import math
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cliffscape.app.scene.links import to_url_text
from cliffscape.app.scene.requirements import PlaceError
from cliffscape.app.scene.schema import FAMILIES

LONGEST = 80
# Bounds that pydantic's error types stand for; {name} is filled in from the error's context.
BOUNDS = {
    "greater_than_equal": "at least {ge}",
    "greater_than": "greater than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "literal_error": "{expected}",
    "string_type": "text",
    "string_too_long": "at most {max_length} characters long",
    "too_long": "at most {max_length} long",
    "too_short": "at least {min_length} long",
    "tuple_type": "a list",
    "model_type": "an object",
    "dict_type": "an object",
    "missing": "given",
}
# Fields that are lists of numbers: what they must be as a whole.
WHOLES = {"start": "two numbers", "window": "the name of a window or four numbers"}
WHOLES |= {"sweep": "two names", "sweep_ranges": "four numbers", "sweep_scales": "two of linear and log"}
COUNTED = ("too_long", "too_short", "tuple_type", "missing", "string_type")


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with one field: its value and the bound it broke, as text, and a sentence."""

    field: str
    value: str
    bound: str
    message: str


def complaints(error: ValidationError, model: type[BaseModel]) -> list[Complaint]:
    """What is wrong with what should have been ``model``, one complaint a field."""
    found: dict[str, Complaint] = {}
    for one in error.errors(include_url=False):
        # A window given as numbers is no name either; that it is not a name is beside the point.
        if one["loc"][-2:] == ("window", "str") and isinstance(one["input"], (list, tuple)):
            continue
        said = complaint(one, model)
        found.setdefault(said.field, said)
    return list(found.values())


def complaint(error: ErrorDetails, model: type[BaseModel]) -> Complaint:
    """One error in our words."""
    kind_of_error, context = error["type"], error.get("ctx", {})
    if isinstance(own := context.get("error"), PlaceError):
        return told(own.field, own.bound, shown(own.value))
    field, kind = place(error["loc"])
    if kind_of_error == "extra_forbidden":
        return unknown(field, kind, error, model)
    if kind_of_error == "union_tag_invalid":
        return told(field, choices(field), shown(context["tag"]))
    if kind_of_error == "union_tag_not_found":
        return told(f"{field}.kind", choices(field), "nothing")
    bound = BOUNDS.get(kind_of_error, "{message}").format(
        message=error["msg"], **{name: plain(one) for name, one in context.items()}
    )
    if field in WHOLES and kind_of_error in COUNTED:
        return told(field, WHOLES[field], shown(error["input"]))
    return told(field, bound, "nothing" if kind_of_error == "missing" else shown(error["input"]))


def told(field: str, bound: str, value: str) -> Complaint:
    """The complaint that ``field`` must be ``bound`` and is not."""
    return Complaint(field, value, bound, f"{cut(field)} must be {bound}, got {value}")


def choices(family: str) -> str:
    """The kinds of a family."""
    return f"one of {', '.join(entry.kind for entry in FAMILIES[family])}"


def unknown(field: str, kind: str, error: ErrorDetails, model: type[BaseModel]) -> Complaint:
    """The complaint about a name that is not known."""
    family = field.partition(".")[0]
    inside = error["loc"][0] == "scene" and "scene" in model.model_fields
    whole: Any = model.model_fields["scene"].annotation if inside else model
    if kind:
        names = ", ".join(parameter.name for parameter in FAMILIES[family][kind].parameters) or "none"
        message = f"{cut(field)} is not a parameter of {kind}; it has {names}"
    else:
        names = ", ".join(whole.model_fields)
        message = f"{cut(field)} is not known here; there are {names}"
    return Complaint(field, shown(error["input"]), f"one of {names}", message)


def place(location: tuple[int | str, ...]) -> tuple[str, str]:
    """The dotted name of a field, and the kind whose parameter it is, if it is one."""
    parts = [str(part) for part in location]
    parts = parts[1:] if len(parts) > 1 and parts[0] == "scene" else parts
    if len(parts) > 1 and parts[0] in FAMILIES:
        kind = parts.pop(1)
        return ".".join(parts), kind
    # Of lists, the whole is the field: start, window, have, kinds.
    return (parts[0] if parts else "the body"), ""


def plain(value: Any) -> str:
    """A bound as text."""
    return to_url_text(value) if isinstance(value, (int, float)) else str(value).replace("'", "")


def cut(text: str, longest: int = LONGEST) -> str:
    """Text of 80 characters at most, all of them printable."""
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def shown(value: Any) -> str:
    """A value in a sentence: cut short, NaN and Inf as words, text in quotes unless it is a number's."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        short = 0 < len(value) <= 4 and all(isinstance(part, (int, float, str)) for part in value)
        return cut(", ".join(shown(part) for part in value)) if short else f"a list of {len(value)}"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, (int, float)):
        return cut(to_url_text(value))
    return cut(value) if numeric(value) else f"'{cut(value)}'"


def numeric(text: str) -> bool:
    """Whether text is a number's."""
    try:
        float(text)
    except ValueError:
        return False
    return True

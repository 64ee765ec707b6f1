"""Violations: every error about a field of a Scene or a request, in one form with its field, value and bound."""

import math
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cliffscape.app.scene.links import to_url_text
from cliffscape.app.scene.schema import FAMILIES
from cliffscape.landscapes.bound_error import BoundError, must_be

# The longest name or value that an error quotes.
LONGEST = 80
# The bound for each error type of pydantic; {name} is filled in from the error's context.
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
    "string_too_short": "at least {min_length} characters long",
    "string_too_long": "at most {max_length} characters long",
    "too_long": "at most {max_length} long",
    "too_short": "at least {min_length} long",
    "tuple_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
    "missing": "given",
}
# The bound of a field that is a list, for errors about the whole list.
LIST_BOUNDS = {"start": "two numbers", "window": "the name of a window or four numbers"}
LIST_BOUNDS |= {"sweep": "two names", "sweep_ranges": "four numbers", "sweep_scales": "two scales, each linear or log"}
LIST_ERRORS = ("too_long", "too_short", "tuple_type", "missing", "string_type")


@dataclass(frozen=True)
class Violation:
    """A field that breaks its bound: the value and the bound as text, and the whole sentence."""

    field: str
    value: str
    bound: str
    message: str


def violations(error: ValidationError, model: type[BaseModel]) -> list[Violation]:
    """The violations in data that is no valid ``model``, one per field."""
    found: dict[str, Violation] = {}
    for one in error.errors(include_url=False):
        # pydantic tries a window as a name and as numbers; for a list, only the error about numbers helps.
        if one["loc"][-2:] == ("window", "str") and isinstance(one["input"], (list, tuple)):
            continue
        parsed = parse_error(one, model)
        found.setdefault(parsed.field, parsed)
    return list(found.values())


def from_bound_error(error: BoundError) -> Violation:
    """The violation in an error that a computation raised."""
    return Violation(error.field, format_value(error.value), error.bound, str(error))


def parse_error(error: ErrorDetails, model: type[BaseModel]) -> Violation:
    """The violation in one of pydantic's errors."""
    error_type, context = error["type"], error.get("ctx", {})
    if isinstance(own := context.get("error"), BoundError):
        return violation(own.field, format_value(own.value), own.bound)
    field, kind = locate_field(error["loc"])
    if error_type == "extra_forbidden":
        return unknown_name(field, kind, error, model)
    if error_type == "union_tag_invalid":
        return violation(field, format_value(context["tag"]), kind_bound(field))
    if error_type == "union_tag_not_found":
        return violation(f"{field}.kind", "nothing", kind_bound(field))
    if field in LIST_BOUNDS and error_type in LIST_ERRORS:
        return violation(field, format_value(error["input"]), LIST_BOUNDS[field])
    return violation(field, "nothing" if error_type == "missing" else format_value(error["input"]), bound_text(error))


def violation(field: str, value: str, bound: str) -> Violation:
    """The violation with the usual sentence."""
    return Violation(field, value, bound, must_be(shorten(field), value, bound))


def bound_text(error: ErrorDetails) -> str:
    """The bound that one of pydantic's errors is about."""
    words = {name: format_bound(value) for name, value in error.get("ctx", {}).items()}
    return BOUNDS.get(error["type"], "{message}").format(message=error["msg"], **words)


def kind_bound(family: str) -> str:
    """The bound of a family's kind: one of its entries."""
    return f"one of {', '.join(entry.kind for entry in FAMILIES[family])}"


def unknown_name(field: str, kind: str, error: ErrorDetails, model: type[BaseModel]) -> Violation:
    """The violation of a name that the model, or the entry called ``kind``, does not have."""
    family = field.partition(".")[0]
    inside = error["loc"][0] == "scene" and "scene" in model.model_fields
    whole: Any = model.model_fields["scene"].annotation if inside else model
    if kind:
        names = ", ".join(parameter.name for parameter in FAMILIES[family][kind].parameters) or "none"
        message = f"{shorten(field)} is not a parameter of {kind}; it has {names}"
    else:
        names = ", ".join(whole.model_fields)
        message = f"{shorten(field)} is unknown; the known names are {names}"
    return Violation(field, format_value(error["input"]), f"one of {names}", message)


def locate_field(location: tuple[int | str, ...]) -> tuple[str, str]:
    """The dotted name of a field, and the entry's kind if the field is a parameter of one."""
    parts = [str(part) for part in location]
    parts = parts[1:] if len(parts) > 1 and parts[0] == "scene" else parts
    if len(parts) > 1 and parts[0] in FAMILIES:
        kind = parts.pop(1)
        return ".".join(parts), kind
    # An error about one item of a list belongs to the whole list: start, window, have, kinds.
    return (parts[0] if parts else "the body"), ""


def format_bound(value: Any) -> str:
    """A bound as text."""
    # pydantic puts the literals of a choice in quotes.
    return to_url_text(value) if isinstance(value, (int, float)) else str(value).replace("'", "")


def shorten(text: str, longest: int = LONGEST) -> str:
    """``text`` with at most 80 characters, all of them printable."""
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def format_value(value: Any) -> str:
    """A value as part of a sentence: short, NaN and Inf as words, text in quotes unless it is a number."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        # At most four values are quoted, as many as a window has.
        short = 0 < len(value) <= 4 and all(isinstance(part, (int, float, str)) for part in value)
        return shorten(", ".join(format_value(part) for part in value)) if short else f"a list of {len(value)}"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, (int, float)):
        return shorten(to_url_text(value))
    return shorten(value) if is_number(value) else f"'{shorten(value)}'"


def is_number(text: str) -> bool:
    """Whether ``text`` can be read as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True

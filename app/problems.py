"""Problems: errors as RFC 9457 problem details, naming the field, the value and the bound."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.responses import Response

from app.schema import FAMILIES, Scene

LONGEST = 80
MOST = 20


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with one field: its value and the bound it broke, as text, and a sentence."""

    field: str
    value: str
    bound: str
    message: str


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An error the client is told about."""

    status: int
    title: str
    detail: str
    errors: tuple[Complaint, ...] = ()
    headers: Mapping[str, str] | None = None

    def response(self) -> Response:
        """The problem as an answer."""
        body = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        content = {**body, "errors": [asdict(error) for error in self.errors]}
        text = json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        headers = {"Cache-Control": "no-store", **(self.headers or {})}
        return Response(text, self.status, headers, media_type="application/problem+json")


def from_status(status: int) -> Problem:
    """The problem of a bare status code."""
    phrase = HTTPStatus(status)
    return Problem(status, phrase.phrase, f"{phrase.description or phrase.phrase}.")


def invalid(error: ValidationError) -> Problem:
    """The problem of a request that says something unknown or out of bounds."""
    found = complaints(error)
    return Problem(422, "The request does not describe a Scene", found[0].message, tuple(found))


def complaints(error: ValidationError) -> list[Complaint]:
    """What is wrong, field by field."""
    found = [complaint(one) for one in error.errors(include_url=False)]
    return list({one.field: one for one in reversed(found)}.values())[::-1][:MOST]


def shown(value: Any) -> str:
    """A value in a sentence, cut to 80 characters."""
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else f"{value:g}".replace("inf", "Infinity")
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return repr(text) if isinstance(value, str) else text


def place(location: tuple[int | str, ...]) -> tuple[str, str]:
    """The dotted name of a field, and the kind whose parameter it is, if it is one."""
    parts = [str(part) for part in location]
    parts = parts[1:] if parts[:1] == ["scene"] else parts
    if parts and parts[0] in FAMILIES and len(parts) > 1:
        kind = parts.pop(1)
        return ".".join(parts), kind
    if parts[:1] in (["window"], ["start"], ["have"], ["kinds"]):
        parts = parts[:1]
    return ".".join(parts), ""


def complaint(error: ErrorDetails) -> Complaint:
    """One pydantic error in our words."""
    field, kind = place(error["loc"])
    value, context = shown(error.get("input")), error.get("ctx", {})
    said = said_of(error, field, kind, value, context)
    return Complaint(field or "scene", value[:LONGEST], said[0], said[1])


def said_of(error: ErrorDetails, field: str, kind: str, value: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The bound and the sentence of an error."""
    match error["type"]:
        case "greater_than_equal":
            bound = f"at least {context['ge']:g}"
        case "less_than_equal":
            bound = f"at most {context['le']:g}"
        case "finite_number":
            bound = "a finite number"
        case "extra_forbidden":
            return unknown(field, kind)
        case "union_tag_invalid" | "union_tag_not_found":
            bound = f"one of {', '.join(entry.kind for entry in FAMILIES[field])}"
        case "literal_error":
            bound = f"one of {context['expected']}"
        case "float_parsing" | "float_type":
            bound = "a number"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            bound = "a whole number"
        case "value_error":
            return str(context["error"]), str(context["error"])
        case _:
            bound = error["msg"]
    return bound, f"{field} must be {bound}, got {value}"


def unknown(field: str, kind: str) -> tuple[str, str]:
    """The sentence for a name that is not a parameter."""
    if not kind:
        names = ", ".join(Scene.model_fields)
        return f"one of {names}", f"{shown(field)} is not part of a Scene; it has {names}"
    names = ", ".join(parameter.name for parameter in FAMILIES[field.partition(".")[0]][kind].parameters) or "none"
    return f"one of {names}", f"{field[:LONGEST]} is not a parameter of {kind}; it has {names}"

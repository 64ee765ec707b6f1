"""Faults of a lesson's file: each names the line, the field, the value and the bound."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cliffscape.app.lessons.front_matter import PREDICTIONS, Fact, FrontMatter, Option
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import BOUNDS, format_bound, format_value, shorten, violations
from cliffscape.landscapes.bound_error import BoundError, must_be

TABLES: dict[str, type[BaseModel]] = {"": FrontMatter, "fact": Fact, "prediction.option": Option}


@dataclass(frozen=True)
class Fault:
    """One fault of a file. Its text starts with the file and the line."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class LessonError(ValueError):
    """A lesson that cannot be used. The message has one line per fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def unknown_lesson(name: str) -> str:
    """The sentence about a name that no lesson has."""
    return must_be("lesson", format_value(name), "the name of one of the lessons here")


class Lines:
    """Line numbers of the fields of the front matter, which ``tomllib`` does not report."""

    def __init__(self, text: str, first: int) -> None:
        self.first = first
        self.places: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, inside = "", False
        for number, line in enumerate(text.splitlines(), first):
            header = None if inside else re.match(r"\s*\[\[?\s*([\w.]+)\s*\]\]?", line)
            if header:
                table = header[1]
                counts[table] = counts.get(table, -1) + 1
                self.places[table, counts[table], ""] = number
            elif not inside and (key := re.match(r"\s*([\w.-]+)\s*=", line)):
                self.places[table, counts.get(table, 0), key[1]] = number
            # An odd number of triple quotes opens or closes a string of several lines.
            inside ^= (line.count('"""') + line.count("'''")) % 2 == 1

    def of(self, table: str, index: int, field: str) -> int:
        """The line of a field; if the field is missing, that of its table, or else the first line."""
        for place in ((table, index, field), (table, index, ""), ("", 0, table)):
            if place in self.places:
                return self.places[place]
        return self.first


def locate(location: tuple[int | str, ...]) -> tuple[str, int, str]:
    """Table, index and field of a pydantic location, such as ``("fact", 2, "value")``."""
    parts = [part for part in location if part not in PREDICTIONS]
    names = [str(part) for part in parts if isinstance(part, str)]
    index = next((part for part in parts if isinstance(part, int)), 0)
    for table in ("prediction.option", "prediction", "fact"):
        depth = table.count(".") + 1
        if ".".join(names[:depth]) == table:
            # After the field, pydantic adds the name of the union member it tried.
            return table, index, names[depth] if len(names) > depth else ""
    return "", 0, names[0] if names else ""


def front_matter_faults(error: ValidationError, file: str, lines: Lines) -> list[Fault]:
    """Faults of the front matter, one per field."""
    found: dict[tuple[str, int, str], Fault] = {}
    for one in error.errors(include_url=False):
        table, index, field = locate(one["loc"])
        # If the only member of a list is invalid, pydantic also reports that the list is too short.
        if one["type"] == "too_short" and any(other == table for other, *_ in found):
            continue
        own = one.get("ctx", {}).get("error")
        if isinstance(own, BoundError):
            field, value, bound = own.field, format_value(own.value), own.bound
        else:
            field, value, bound = describe(one, table, field)
        name = f"{table}.{field}" if table and field else table or field
        fault = Fault(file, lines.of(table, index, field), must_be(shorten(name), value, bound))
        found.setdefault((table, index, field), fault)
    return list(found.values())


def describe(error: ErrorDetails, table: str, field: str) -> tuple[str, str, str]:
    """Field, value and bound of a pydantic error."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "union_tag_invalid":
        return "kind", format_value(context["tag"]), f"one of {', '.join(PREDICTIONS)}"
    if kind == "union_tag_not_found":
        return "kind", "nothing", f"one of {', '.join(PREDICTIONS)}"
    if kind == "extra_forbidden":
        tag = next((str(part) for part in error["loc"] if part in PREDICTIONS), "")
        model: type[BaseModel] = TABLES[table] if table in TABLES else PREDICTIONS[tag]
        return field, format_value(error["input"]), f"one of the known fields: {', '.join(model.model_fields)}"
    words: dict[str, Any] = {name: format_bound(value) for name, value in context.items()}
    bound = BOUNDS.get(kind, "{message}").format(message=error["msg"], **words)
    return field, "nothing" if kind == "missing" else format_value(error["input"]), bound


def scene_faults(error: ValidationError, file: str, line: int) -> list[Fault]:
    """Faults of a Scene in the front matter."""
    return [Fault(file, line, one.message) for one in violations(error, Scene)]

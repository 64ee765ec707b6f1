"""Faults of a lesson's text: formulas, links and images that the page could not show."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from cliffscape.app.lessons.errors import Fault, scene_faults
from cliffscape.app.lessons.formula_syntax import FormulaError
from cliffscape.app.lessons.images import find_image
from cliffscape.app.lessons.mathml import typeset
from cliffscape.app.lessons.places import Place, find_places
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.landscapes.bound_error import BoundError


class Text(NamedTuple):
    """A text of a lesson, and the line of the file where it begins. A text of the front matter is a TOML string."""

    markdown: str
    line: int
    in_front_matter: bool = False


class Source(NamedTuple):
    """A lesson's file: its name, its lines, and its folder if it has one."""

    file: str
    lines: list[str]
    folder: Path | None


def text_faults(texts: Iterable[Text], source: Source) -> Iterator[Fault]:
    """The faults of all texts of a lesson."""
    for text in texts:
        for place in find_places(text.markdown, text.in_front_matter):
            yield from place_faults(place, text, source)


def place_faults(place: Place, text: Text, source: Source) -> Iterator[Fault]:
    """The faults of one formula, link or image."""
    line, column = position(place, 0, text, source)
    if place.kind == "open":
        bound = "two more" if place.display else "another dollar sign"
        aside = "" if place.display else r"; \$ is a dollar sign"
        said = f"{place.content} must be closed by {bound} in the same paragraph{aside}"
        yield Fault(source.file, line, f"{said} (column {column})")
    if place.kind == "formula":
        try:
            typeset(place.content, place.display)
        except FormulaError as error:
            line, column = position(place, error.index, text, source)
            yield Fault(source.file, line, f"{error} (column {column})")
    if is_page_link(place):
        yield from link_faults(place.content, source.file, line)
    if place.kind == "image":
        try:
            find_image(place.content, source.folder)
        except BoundError as error:
            yield Fault(source.file, line, str(error))


def link_faults(address: str, file: str, line: int) -> Iterator[Fault]:
    """The faults of the Scene of a link to the page."""
    query, _ = parse_link(address)
    query.pop("lesson", None)
    try:
        from_query(query)
    except ValidationError as error:
        yield from scene_faults(error, file, line)


def linked_lessons(texts: Iterable[Text], source: Source) -> Iterator[tuple[str, int]]:
    """The names of the lessons that the texts link to, and the lines of these links."""
    for text in texts:
        for place in find_places(text.markdown, text.in_front_matter):
            name = parse_link(place.content)[0].get("lesson") if is_page_link(place) else None
            if name is not None:
                yield name, position(place, 0, text, source)[0]


def is_page_link(place: Place) -> bool:
    """Whether a place is a link to this page."""
    return place.kind == "link" and place.content.startswith(("?", "/?", "./?"))


def position(place: Place, index: int, text: Text, source: Source) -> tuple[int, int]:
    """Line and column in the file, from one, of a character of a place."""
    if not text.in_front_matter:
        line, column = place.position(text.markdown.split("\n"), index)
        return text.line + line, column + 1
    # A TOML string between double quotes writes each backslash twice.
    for line, content in enumerate(source.lines[text.line - 1 :], text.line):
        for escape in ("\\", "\\\\"):
            column = content.find(place.content.replace("\\", escape))
            if column >= 0:
                return line, column + len(place.content[:index].replace("\\", escape)) + 1
    return text.line, place.column + index + 1

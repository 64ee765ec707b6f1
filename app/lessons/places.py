"""Places: where the formulas, links and images of a Markdown text are."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import unquote

from markdown_it.token import Token

from cliffscape.app.lessons.markdown import FORMULAS, PARSER

# What begins a formula. A dollar sign before a digit or a space is money.
OPEN = re.compile(r"\$\$|\$[A-Za-z\\(\[{|][^\s$]{0,8}")


class Place(NamedTuple):
    """A formula, link or image: its content, and the line and column, from zero, at which its content begins.

    An "open" place is the start of a formula without an end.
    """

    kind: Literal["formula", "link", "image", "open"]
    content: str
    display: bool
    line: int
    column: int

    def position(self, lines: list[str], index: int) -> tuple[int, int]:
        """Line and column, from zero, of a character of the content."""
        before = self.content[:index].split("\n")
        if len(before) == 1:
            return self.line, self.column + index
        line = min(self.line + len(before) - 1, len(lines) - 1)
        # Lines of a list or a quotation have a prefix that does not belong to the formula.
        prefix = max(0, lines[line].find(self.content.split("\n")[len(before) - 1]))
        return line, prefix + len(before[-1])


class Cursor:
    """A position in the lines of a text that moves on as its parts are found."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.line, self.column = lines, 0, 0

    def move(self, line: int) -> None:
        """Move on to the start of a line, unless the cursor is there already."""
        if line > self.line:
            self.line, self.column = line, 0

    def find(self, *words: str) -> bool:
        """Move behind the next occurrence of one of the words; stay where none follows."""
        for line in range(self.line, len(self.lines)):
            for word in words:
                column = self.lines[line].find(word, self.column if line == self.line else 0)
                if column >= 0:
                    self.line, self.column = line, column + len(word)
                    return True
        return False


def find_places(markdown: str, inline: bool = False) -> Iterator[Place]:
    """The places of a text in order; ``inline`` for a text of one line, such as a title."""
    cursor = Cursor(markdown.split("\n"))
    for token in PARSER.parseInline(markdown) if inline else PARSER.parse(markdown):
        if token.map:
            cursor.move(token.map[0])
        for part in token.children or [token]:
            yield from part_places(part, cursor)


def part_places(part: Token, cursor: Cursor) -> Iterator[Place]:
    """The places in one part of a block; the cursor moves on to its end."""
    if part.type in ("softbreak", "hardbreak"):
        cursor.move(cursor.line + 1)
    elif part.type in FORMULAS:
        cursor.find(part.markup + part.content.split("\n")[0])
        column = cursor.column - len(part.content.split("\n")[0])
        yield Place("formula", part.content, part.markup == "$$", cursor.line, column)
        cursor.move(cursor.line + part.content.count("\n"))
    elif part.type in ("link_open", "image"):
        address = str(part.attrGet("href" if part.type == "link_open" else "src"))
        start = Place("link" if part.type == "link_open" else "image", address, False, cursor.line, cursor.column)
        words = (f"]({address}", f"]({unquote(address)}", f"](<{unquote(address)}")
        # The cursor stays in front of a link's text, which may contain formulas.
        ahead = Cursor(cursor.lines[: cursor.line + 1])
        ahead.line, ahead.column = cursor.line, cursor.column
        yield start._replace(column=ahead.column) if ahead.find(*words) else start
        for child in part.children or []:
            yield from part_places(child, cursor)
    elif part.type == "text" and (found := OPEN.search(part.content)) and cursor.find(found[0]):
        column = cursor.column - len(found[0])
        if not cursor.lines[cursor.line][:column].endswith("\\"):
            yield Place("open", found[0], found[0] == "$$", cursor.line, column)

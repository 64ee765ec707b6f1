"""Statements: the numbers and quantity words of a text, and whether a fact, a setting or a quotation covers them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cliffscape.app.lessons.facts import DIGITS

SHARES = r"half|third|quarter|fifth|tenth|fiftieth|hundredth|thousandth"
COMPARISONS = r"more than|less than|fewer than|at least|at most"
# Words that state a quantity without digits. "The third example" and "the most important" state none.
WORD = re.compile(
    rf"\b(?:half|halves|halved|(?:a|one|two|three) (?:{SHARES})s?|twice|doubles?|doubled|hundreds|thousands|millions"
    rf"|billions|(?<!the )(?<!at )most|mostly|nearly|almost|hardly|usually|rarely|a few|{COMPARISONS})\b",
    re.I,
)
# Code, addresses and exponents, in which numbers are settings or symbols, and the numbers of figures and sections.
NO_STATEMENT = re.compile(
    r"`[^`]*`|\]\([^)]*\)|[_^](?:\d+|\{[^}]*\})"
    r"|\b(?:figures?|sections?|eqs?\.|equations?|tables?) [\d.]+(?: and [\d.]+)?",
    re.I,
)


@dataclass(frozen=True)
class Gap:
    """A number or a quantity word that nothing covers: its place, and the sentence that it is in."""

    file: str
    line: int | None
    words: str
    sentence: str
    holds: bool = False

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: no fact, setting or quotation has '{self.words}': {self.sentence}"


def written_numbers(text: str) -> set[float]:
    """The numbers of a text in digits, without their signs."""
    plain = (found.replace(",", "").replace("−", "-") for found in re.findall(DIGITS, text))
    return {abs(float(number)) for number in plain}


def spans(text: str, quotations: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where quotations are in a text, whose lines may break between any two words."""
    for quotation in filter(None, quotations):
        words = r"\s+".join(map(re.escape, quotation.split()))
        yield from (found.span() for found in re.finditer(words, text))


def uncovered(text: str, quotations: Iterable[str], numbers: set[float]) -> Iterator[re.Match[str]]:
    """The numbers and quantity words of a text that are in no quotation; numbers may also be among ``numbers``."""
    # Spaces of the same length keep all positions.
    plain = NO_STATEMENT.sub(lambda found: " " * len(found[0]), text)
    covered = list(spans(text, quotations))
    statements = [*re.finditer(DIGITS, plain), *WORD.finditer(plain)]
    for found in sorted(statements, key=lambda one: one.start()):
        known = written_numbers(found[0]) & numbers
        inside = any(start <= found.start() and found.end() <= end for start, end in covered)
        if not known and not inside:
            yield found


def sentence_around(text: str, position: int) -> str:
    """The sentence at a position, in one line."""
    ends = [found.end() for found in re.finditer(r"[.!?:](?=\s)|\n\s*\n", text)]
    start = max((end for end in ends if end <= position), default=0)
    end = min((end for end in ends if end > position), default=len(text))
    return " ".join(text[start:end].split())

"""Stated texts: a text with its facts, and the phrases in it that state nothing that could be measured."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from cliffscape.app.lessons.facts import Finding, evaluate, expected_text, lesson_fact, matches
from cliffscape.app.lessons.front_matter import Fact
from cliffscape.app.scene.links import from_query, parse_link, to_url_text
from cliffscape.app.scene.models import Frozen
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import violations
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import PresetFact


class StatedFact(Frozen):
    """A fact of a stated text: words of it and the quantity behind them, as in the fact of a preset.

    ``scene`` is the link of another Scene than the text's, and ``changes`` are choices that differ from that Scene's.
    """

    says: str
    quantity: str
    least: float | None = None
    most: float | None = None
    equals: bool | str | None = None
    scene: str | None = None
    changes: Mapping[str, Any] = {}

    @property
    def fact(self) -> Fact:
        """In the form of a lesson's.

        Raises:
            BoundError: the words do not state exactly one number, and there are no bounds.
        """
        return lesson_fact(PresetFact(self.says, self.quantity, self.least, self.most, self.equals))


def parse_facts(place: str, tables: Iterable[Mapping[str, Any]]) -> tuple[StatedFact, ...]:
    """The facts of a text.

    Raises:
        BoundError: one has an unknown field, or states nothing.
    """
    facts = []
    for table in tables:
        try:
            facts.append(StatedFact.model_validate(table))
            _ = facts[-1].fact
        except (ValidationError, BoundError) as error:
            raise BoundError(f"{place}: fact", repr(dict(table)), f"the fact of a text ({error})") from None
    return tuple(facts)


@dataclass(frozen=True)
class StatedText:
    """A text with its facts.

    ``place`` names it and ``line`` is its line in a file, None without one. ``choices`` are those of its Scene, as in
    a link. ``given`` are phrases with numbers that are definitions, choices of the reader's or quotations.

    Raises:
        BoundError: a fact has no valid Scene.
    """

    place: str
    line: int | None
    text: str
    choices: Mapping[str, Any]
    facts: tuple[StatedFact, ...] = ()
    given: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for fact in self.facts:
            self.scene_of(fact)

    def scene_of(self, fact: StatedFact) -> Scene:
        """The Scene of a fact.

        Raises:
            BoundError: there is no such Scene.
        """
        chosen = self.choices if fact.scene is None else parse_link(fact.scene)[0]
        try:
            return from_query({name: to_url_text(value) for name, value in {**chosen, **fact.changes}.items()})
        except ValidationError as error:
            said = "; ".join(one.message for one in violations(error, Scene))
            raise BoundError(f"{self.place}: scene", repr(fact.says), f"of a valid Scene ({said})") from None


def check_text(stated: StatedText) -> Iterator[Finding]:
    """Check that the words of facts and the given phrases occur in a text, and that every fact holds."""
    for phrase in (*(fact.says for fact in stated.facts), *stated.given):
        if phrase not in stated.text:
            yield Finding(stated.place, stated.line, "text", f"'{phrase}'", "no such words", False)
    for fact in stated.facts:
        value, words = evaluate(fact.quantity, stated.scene_of(fact))
        holds = value is not None and matches(fact.fact, value)
        quantity = f"'{fact.says}': {fact.quantity}"
        yield Finding(stated.place, stated.line, quantity, expected_text(fact.fact), words, holds)

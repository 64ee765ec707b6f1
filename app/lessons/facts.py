"""Facts: the statements of lessons and presets, checked against new runs of their Scenes."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cliffscape.app.lessons.expressions import Value, parse_quantity
from cliffscape.app.lessons.front_matter import Choice, Fact
from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.lesson import Lesson, parse_scene
from cliffscape.app.scene.links import from_query, to_url_text
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.surfaces import SURFACES
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Preset, PresetFact
from cliffscape.landscapes.loss import Landscape

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBER_WORDS: Mapping[str, int] = {word: number for number, word in enumerate(WORDS, 1)}
DIGITS = r"(?<![\w.])[−-]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[−-]?\d+)?"
NUMBER = re.compile(rf"{DIGITS}|\b(?:{'|'.join(WORDS)})\b", re.I)


@dataclass(frozen=True)
class Finding:
    """The result of checking one fact: its place, the quantity, stated and found value, and whether the fact holds.

    The place is the file and the line of a lesson, or a preset, which has no line.
    """

    file: str
    line: int | None
    quantity: str
    stated: str
    found: str
    holds: bool

    def __str__(self) -> str:
        mark = "holds" if self.holds else "FAILS"
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {mark}  {self.quantity}  stated {self.stated}, found {self.found}"


@lru_cache(maxsize=256)
def headless_run(scene: Scene) -> HeadlessRun:
    """The headless run of a Scene. Facts about the same Scene share it."""
    return HeadlessRun(scene)


def within(value: Value, least: float | None, most: float | None) -> bool:
    """Whether a value is a number within the given bounds. NaN is not."""
    if isinstance(value, str) or math.isnan(value):
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def matches(fact: Fact, value: Value) -> bool:
    """Whether a fact holds for a value."""
    if fact.equals is not None:
        # True equals 1.0 in Python, so the types are compared too.
        return value == fact.equals and isinstance(value, type(fact.equals))
    if fact.value is not None and fact.tolerance is not None:
        return within(value, fact.value - fact.tolerance, fact.value + fact.tolerance)
    return within(value, fact.least, fact.most)


def expected_text(fact: Fact) -> str:
    """What a fact states, as text."""
    if fact.equals is not None:
        return value_text(fact.equals)
    if fact.value is not None:
        return f"{fact.value:g} ± {fact.tolerance:g}"
    return bounds_text(fact.least, fact.most)


def bounds_text(least: float | None, most: float | None) -> str:
    """Bounds as text."""
    words = [f"at least {least:g}"] if least is not None else []
    return " and ".join([*words, f"at most {most:g}"] if most is not None else words)


def value_text(value: Value) -> str:
    """A value as text; a number with as many digits as a lesson may state."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.10g}"


def evaluate(text: str, scene: Scene) -> tuple[Value | None, str]:
    """The value of a quantity and its text; if there is no value, None and the reason."""
    try:
        value = parse_quantity(text).evaluate(headless_run(scene))
    except BoundError as error:
        return None, str(error)
    return value, value_text(value)


def scene_of_statement(lesson: Lesson, stated: Fact | Choice, line: int) -> Scene:
    """The Scene of a statement: the lesson's, or its own."""
    return lesson.scene if stated.scene is None else parse_scene(stated.scene, lesson.file, line)


def check_facts(lesson: Lesson) -> Iterator[Finding]:
    """Check every fact of a lesson and the right answer of its prediction."""
    for k, fact in enumerate(lesson.front_matter.fact):
        line = lesson.lines.of("fact", k, "quantity")
        value, words = evaluate(fact.quantity, scene_of_statement(lesson, fact, line))
        right = value is not None and matches(fact, value)
        yield Finding(lesson.file, line, fact.quantity, expected_text(fact), words, right)
    if isinstance(lesson.front_matter.prediction, Choice):
        yield from check_choice(lesson, lesson.front_matter.prediction)


def check_choice(lesson: Lesson, choice: Choice) -> Iterator[Finding]:
    """Check that the bounds of the right option hold, and those of no other option."""
    if choice.quantity is None:
        return
    line = lesson.lines.of("prediction", 0, "answer")
    value, words = evaluate(choice.quantity, scene_of_statement(lesson, choice, line))
    for number, option in enumerate(choice.option, 1):
        bounded = option.least is not None or option.most is not None
        fits = value is not None and bounded and within(value, option.least, option.most)
        if number == choice.answer or fits:
            said = f"{'' if number == choice.answer else 'not '}{bounds_text(option.least, option.most)}"
            yield Finding(lesson.file, line, choice.quantity, said, words, fits and number == choice.answer)


def numbers_in(text: str) -> list[str]:
    """The numbers of a text as they are written, in digits or as a word."""
    return NUMBER.findall(text)


def written_value(number: str) -> tuple[float, float]:
    """The value of a written number, and half a unit of its last digit."""
    if number.lower() in NUMBER_WORDS:
        return float(NUMBER_WORDS[number.lower()]), 0.5
    plain = number.replace(",", "").replace("−", "-")
    digits, _, exponent = plain.partition("e")
    return float(plain), 0.5 * 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


def lesson_fact(fact: PresetFact) -> Fact:
    """A preset's fact in the form of a lesson's.

    Raises:
        BoundError: its words do not state exactly one number, and it has no bounds.
    """
    given: dict[str, Any] = {"quantity": fact.quantity, "says": fact.says}
    if fact.equals is not None:
        return Fact(**given, equals=fact.equals)
    if fact.least is not None or fact.most is not None:
        return Fact(**given, least=fact.least, most=fact.most)
    numbers = numbers_in(fact.says)
    if len(numbers) != 1:
        raise BoundError("says", repr(fact.says), "words with exactly one number, or a fact with bounds")
    value, half = written_value(numbers[0])
    return Fact(**given, value=value, tolerance=half * (1 + 1e-9))


def scene_of(landscape: Landscape, preset: Preset, changes: Mapping[str, Any]) -> Scene:
    """The Scene of a preset with some of its choices changed; None takes a choice away."""
    chosen = {"landscape": landscape.kind, **preset.choices, **changes}
    return from_query({name: to_url_text(value) for name, value in chosen.items() if value is not None})


def check_preset(landscape: Landscape, preset: Preset) -> Iterator[Finding]:
    """Check every fact of a preset."""
    for fact in preset.facts:
        stated = lesson_fact(fact)
        value, words = evaluate(fact.quantity, scene_of(landscape, preset, fact.changes))
        place = f"{landscape.label}: {preset.name}: '{fact.says}'"
        holds = value is not None and matches(stated, value)
        yield Finding(place, None, fact.quantity, expected_text(stated), words, holds)


def check_all(lessons: Iterable[Lesson], presets: bool) -> Iterator[Finding]:
    """Check every fact of some lessons, and of every preset if ``presets`` is set."""
    for lesson in lessons:
        yield from check_facts(lesson)
    for landscape in SURFACES if presets else ():
        for preset in landscape.presets:
            yield from check_preset(landscape, preset)

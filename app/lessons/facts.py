"""Facts: the statements of lessons, checked against new runs of their Scenes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cliffscape.app.lessons.expressions import Value, parse_quantity
from cliffscape.app.lessons.front_matter import Choice, Fact
from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.lesson import Lesson, parse_scene
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError


@dataclass(frozen=True)
class Finding:
    """The result of checking one fact: file and line, quantity, stated and found value, and whether the fact holds."""

    file: str
    line: int
    quantity: str
    stated: str
    found: str
    holds: bool

    def __str__(self) -> str:
        mark = "holds" if self.holds else "FAILS"
        return f"{self.file}:{self.line}: {mark}  {self.quantity}  stated {self.stated}, found {self.found}"


@lru_cache(maxsize=32)
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

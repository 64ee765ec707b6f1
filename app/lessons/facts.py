"""Facts: what lessons state, held against what comes out when their Scenes are run again."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cliffscape.app.lessons.expressions import QuantityError, Value, quantity
from cliffscape.app.lessons.front_matter import Choice, Fact
from cliffscape.app.lessons.headless import HeadlessRun, HeadlessRunError
from cliffscape.app.lessons.lesson import Lesson, scene_of
from cliffscape.app.scene.schema import Scene


@dataclass(frozen=True)
class Finding:
    """One fact held against the run: where it stands, the quantity, what is stated, what was found, and if it holds."""

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
def headless(scene: Scene) -> HeadlessRun:
    """The headless about a Scene; facts about the same one share a run."""
    return HeadlessRun(scene)


def within(value: Value, least: float | None, most: float | None) -> bool:
    """Whether a value is a number between bounds, where there are any. NaN is not."""
    if isinstance(value, str) or math.isnan(value):
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def holds(fact: Fact, value: Value) -> bool:
    """Whether a value is what a fact states."""
    if fact.equals is not None:
        return value == fact.equals and isinstance(value, type(fact.equals))
    if fact.value is not None and fact.tolerance is not None:
        return within(value, fact.value - fact.tolerance, fact.value + fact.tolerance)
    return within(value, fact.least, fact.most)


def stated(fact: Fact) -> str:
    """What a fact states, in words."""
    if fact.equals is not None:
        return shown(fact.equals)
    if fact.value is not None:
        return f"{fact.value:g} ± {fact.tolerance:g}"
    return between(fact.least, fact.most)


def between(least: float | None, most: float | None) -> str:
    """Bounds in words."""
    words = [f"at least {least:g}"] if least is not None else []
    return " and ".join([*words, f"at most {most:g}"] if most is not None else words)


def shown(value: Value) -> str:
    """A value in words; a number with as many digits as a lesson may state."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.10g}"


def found(text: str, scene: Scene) -> tuple[Value | None, str]:
    """The value of a quantity and how it is shown; without a value, why there is none."""
    try:
        value = quantity(text).of(headless(scene))
    except (HeadlessRunError, QuantityError) as error:
        return None, str(error)
    return value, shown(value)


def place(lesson: Lesson, stated: Fact | Choice, line: int) -> Scene:
    """The Scene that something is stated of: the lesson's, or one of its own."""
    return lesson.scene if stated.scene is None else scene_of(stated.scene, lesson.file, line)


def findings(lesson: Lesson) -> Iterator[Finding]:
    """Every fact of a lesson, and its prediction's right answer, held against its Scene."""
    for k, fact in enumerate(lesson.head.fact):
        line = lesson.lines.of("fact", k, "quantity")
        value, words = found(fact.quantity, place(lesson, fact, line))
        right = value is not None and holds(fact, value)
        yield Finding(lesson.file, line, fact.quantity, stated(fact), words, right)
    if isinstance(lesson.head.prediction, Choice):
        yield from answered(lesson, lesson.head.prediction)


def answered(lesson: Lesson, choice: Choice) -> Iterator[Finding]:
    """That the option called right, and no other that has bounds, is."""
    if choice.quantity is None:
        return
    line = lesson.lines.of("prediction", 0, "answer")
    value, words = found(choice.quantity, place(lesson, choice, line))
    for number, option in enumerate(choice.option, 1):
        bounded = option.least is not None or option.most is not None
        fits = value is not None and bounded and within(value, option.least, option.most)
        if number == choice.answer or fits:
            said = f"{'' if number == choice.answer else 'not '}{between(option.least, option.most)}"
            yield Finding(lesson.file, line, choice.quantity, said, words, fits and number == choice.answer)

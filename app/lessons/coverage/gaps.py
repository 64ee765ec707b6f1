"""Gaps: the numbers and quantity words of lessons, presets and stated texts that no fact covers."""

import re
from collections.abc import Collection, Iterable, Iterator

from cliffscape.app.lessons.coverage.statements import Gap, sentence_around, uncovered, written_numbers
from cliffscape.app.lessons.facts import Finding, check_all, lesson_fact, scene_of
from cliffscape.app.lessons.front_matter import Choice, Fact
from cliffscape.app.lessons.lesson import Lesson
from cliffscape.app.lessons.texts.stated_text import StatedText, check_text
from cliffscape.app.scene.surfaces import SURFACES
from cliffscape.landscapes.declare import Preset
from cliffscape.landscapes.loss import Landscape


def stated_numbers(facts: Iterable[Fact]) -> set[float]:
    """The numbers that facts state: in their words, in their quantities and as bounds."""
    found: set[float] = set()
    for fact in facts:
        found |= written_numbers(fact.says) | written_numbers(fact.quantity)
        found |= {abs(bound) for bound in (fact.value, fact.least, fact.most) if bound is not None}
    return found


def settings(*scenes: object) -> set[float]:
    """The numbers of Scenes, or of links."""
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", " ".join(map(str, scenes)))}


def lesson_gaps(lesson: Lesson) -> Iterator[Gap]:
    """Gaps of a lesson's texts. The bounds of an option are its facts, so only questions without bounds are read."""
    head = lesson.front_matter
    quotations = [*head.quoted, *(words for fact in head.fact for words in (fact.says, *fact.words))]
    numbers = stated_numbers(head.fact) | settings(head.scene, lesson.scene, *(fact.scene or "" for fact in head.fact))
    numbers |= set[float]().union(*map(written_numbers, head.quoted))
    bounded = isinstance(head.prediction, Choice) and head.prediction.quantity is not None
    options = {option.text for option in head.prediction.option} if isinstance(head.prediction, Choice) else set()
    for text in lesson.texts:
        if text.markdown == head.source or (bounded and text.markdown in options):
            continue
        for found in uncovered(text.markdown, quotations, numbers):
            line = text.line + (0 if text.in_front_matter else text.markdown.count("\n", 0, found.start()))
            said = " ".join(found[0].split())
            yield Gap(lesson.file, line, said, sentence_around(text.markdown, found.start()))


def preset_gaps(landscape: Landscape, preset: Preset) -> Iterator[Gap]:
    """Gaps of a preset's name and sentence."""
    numbers = stated_numbers(map(lesson_fact, preset.facts))
    numbers |= settings(*(scene_of(landscape, preset, changes) for changes in ({}, *(f.changes for f in preset.facts))))
    text = f"{preset.name}: {preset.sentence}"
    for found in uncovered(text, [fact.says for fact in preset.facts], numbers):
        yield Gap(f"{landscape.label}: {preset.name}", None, found[0], sentence_around(text, found.start()))


def text_gaps(stated: StatedText) -> Iterator[Gap]:
    """The numbers and quantity words of a text that no fact, no setting of its Scenes and no given phrase covers."""
    numbers = stated_numbers(fact.fact for fact in stated.facts) | settings(*map(stated.scene_of, stated.facts))
    covered = [*(fact.says for fact in stated.facts), *stated.given]
    for found in uncovered(stated.text, covered, numbers):
        yield Gap(stated.place, stated.line, found[0], sentence_around(stated.text, found.start()))


def find_gaps(lessons: Iterable[Lesson], presets: bool) -> Iterator[Gap]:
    """Gaps of some lessons, and of every preset if ``presets`` is set."""
    for lesson in lessons:
        yield from lesson_gaps(lesson)
    for landscape in SURFACES if presets else ():
        for preset in landscape.presets:
            yield from preset_gaps(landscape, preset)


def check_statements(
    lessons: Collection[Lesson], presets: bool, texts: Collection[StatedText] = ()
) -> Iterator[Gap | Finding]:
    """Gaps first, since they take no time, and then every fact of lessons, presets and stated texts."""
    yield from find_gaps(lessons, presets)
    for text in texts:
        yield from text_gaps(text)
    yield from check_all(lessons, presets)
    for text in texts:
        yield from check_text(text)

"""Gaps: the built-in lessons and presets have none, and each kind of gap is found with its line."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cliffscape.app.lessons.coverage.gaps import find_gaps, lesson_gaps, preset_gaps, text_gaps
from cliffscape.app.lessons.folders import read_folders
from cliffscape.app.lessons.lesson import parse_lesson
from cliffscape.app.lessons.texts.claims import read_claims
from cliffscape.app.lessons.texts.explanations import read_explanations
from cliffscape.app.lessons.texts.stated_text import StatedFact, StatedText
from cliffscape.app.scene.schema import SURFACES
from cliffscape.landscapes.declare import Preset, PresetFact
from tests.app.lessons.test_lesson import CHOICE, GOOD, THROWN
from tests.source.files import ROOT


def test_every_number_and_quantity_word_of_lessons_and_presets_is_covered() -> None:
    lessons = read_folders([ROOT / "templates" / "lessons"]).lessons.values()
    assert lessons and [str(gap) for gap in find_gaps(lessons, True)] == []


@pytest.mark.parametrize("read", [read_claims, read_explanations])
def test_every_number_and_quantity_word_of_claims_and_explanations_is_covered(
    read: Callable[[], list[StatedText]],
) -> None:
    texts = read()
    assert len(texts) >= 17 and [str(gap) for text in texts for gap in text_gaps(text)] == []


def test_a_stated_text_needs_a_fact_for_every_number_and_word() -> None:
    text = StatedText("a text", 7, "Most of its 77 steps are 9.45 units long.", {})
    assert [gap.words for gap in text_gaps(text)] == ["Most", "77", "9.45"]
    fact = StatedFact(says="9.45 units", quantity="without.thrown_length")
    [gap] = text_gaps(replace(text, facts=(fact,), given=("Most of its",)))
    assert str(gap).startswith("a text:7: no fact, setting or quotation has '77'")


def gaps(*edits: tuple[str, str]) -> list[str]:
    text = GOOD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return [str(gap).partition(": no fact")[0] + f" {gap.words}" for gap in lesson_gaps(parse_lesson(text, "x.md"))]


SAYS = 'says = "9.45 units"'


@pytest.mark.parametrize(
    ("edits", "found"),
    [
        ([], []),
        ([("After.", "After.\nIt takes 77 steps.")], ["x.md:22 77"]),
        ([("After.", "Most runs do.")], ["x.md:21 Most"]),
        ([("Before, with", "Before, in 20 steps, with")], []),
        ([("It moves 9.45", "It moves more than 9.45")], ["x.md:6 more than"]),
        ([("It moves 9.45", "It moves more than 9.45"), (SAYS, f'{SAYS}\nwords = ["more than 9.45"]')], []),
        ([("After.", "Most runs do."), ("check =", 'quoted = ["Most runs"]\ncheck =')], []),
        # An option has bounds, which are checked like a fact; the question has none.
        ([(THROWN, CHOICE), ("near", "less than half")], []),
        ([(THROWN, CHOICE), ("How far?", "Half as far?")], ["x.md:10 Half"]),
        (
            [(THROWN, CHOICE.replace("quantity", "#")), ("near", "less than half")],
            ["x.md:11 less than", "x.md:11 half"],
        ),
    ],
)
def test_a_lesson_with_a_gap_names_its_line(edits: list[tuple[str, str]], found: list[str]) -> None:
    assert gaps(*edits) == found


def test_a_preset_needs_a_fact_for_every_number_and_word() -> None:
    landscape = SURFACES["one_unit_rnn"]
    preset = Preset("Own", "Most steps are 9.45 units long.", landscape.presets[0].choices)
    assert [gap.words for gap in preset_gaps(landscape, preset)] == ["Most", "9.45"]
    fact = PresetFact("Most steps are 9.45", "without.thrown_length")
    assert list(preset_gaps(landscape, Preset(preset.name, preset.sentence, preset.choices, (fact,)))) == []

"""The built-in lessons, presets, claims and explanations: every fact holds, and no known false statement occurs."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.lessons.facts import DIGITS, check_facts, check_preset
from cliffscape.app.lessons.folders import read_folders
from cliffscape.app.lessons.front_matter import PREDICTIONS, Fact
from cliffscape.app.lessons.lesson import Lesson
from cliffscape.app.lessons.texts.claims import read_claims
from cliffscape.app.lessons.texts.explanations import read_explanations
from cliffscape.app.lessons.texts.stated_text import StatedFact, StatedText, check_text
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.landscapes.declare import Preset, PresetFact
from cliffscape.landscapes.loss import Landscape
from tests.app.lessons.test_preset_facts import PRESETS
from tests.source.every_file import for_every
from tests.source.files import PYTHON, ROOT, SCRIPTS

COLLECTION = read_folders([ROOT / "templates" / "lessons"])
LESSONS = list(COLLECTION.lessons.values())


def test_every_file_can_be_read() -> None:
    assert COLLECTION.faults == ()
    assert len(LESSONS) == len(list((ROOT / "templates" / "lessons").glob("*.md")))


def test_every_claim_of_the_section_has_its_lesson() -> None:
    assert {claim for lesson in LESSONS for claim in lesson.front_matter.claims} == set(range(1, 18))


def marked(name: str, facts: Iterable[Fact | PresetFact | StatedFact], *values: object) -> Any:
    """A parameter of a test of facts: networks trained with several seeds take 10 s and more."""
    trained = any("seeds_solved" in fact.quantity for fact in facts)
    return pytest.param(*values, id=name, marks=[pytest.mark.thorough] * trained)


@pytest.mark.parametrize("lesson", [marked(one.name, one.front_matter.fact, one) for one in LESSONS])
def test_every_stated_fact_holds(lesson: Lesson) -> None:
    findings = list(check_facts(lesson))
    assert len(findings) >= len(lesson.front_matter.fact)
    assert [str(finding) for finding in findings if not finding.holds] == []


@pytest.mark.parametrize(
    ("landscape", "preset"), [marked(str(one.id), one.values[1].facts, *one.values) for one in PRESETS]
)
def test_every_fact_of_a_preset_holds(landscape: Landscape, preset: Preset) -> None:
    findings = list(check_preset(landscape, preset))
    assert len(findings) == len(preset.facts)
    assert [str(finding) for finding in findings if not finding.holds] == []


@pytest.mark.parametrize("claim", [marked(one.place, one.facts, one) for one in read_claims()])
def test_every_fact_of_a_claim_holds(claim: StatedText) -> None:
    findings = list(check_text(claim))
    assert len(findings) == len(claim.facts) > 0
    assert [str(finding) for finding in findings if not finding.holds] == []


@pytest.mark.parametrize("text", [one for one in read_explanations() if one.facts], ids=lambda text: text.place)
def test_every_fact_of_an_explanation_holds(text: StatedText) -> None:
    assert [str(finding) for finding in check_text(text) if not finding.holds] == []


def plain(text: str) -> str:
    """Prose without code and addresses, in which numbers are settings, and without numbers of figures."""
    return re.sub(r"`[^`]*`|\]\([^)]*\)|\bfigure [\d.]+", " ", text)


def numbers(text: str) -> set[str]:
    return {found.replace(",", "").replace("−", "-") for found in re.findall(DIGITS, plain(text))}


def settings(lesson: Lesson) -> set[str]:
    """Numbers that the Scene of a lesson, or of one of its facts, holds."""
    links = " ".join(
        [lesson.front_matter.scene, *(fact.scene or "" for fact in lesson.front_matter.fact), str(lesson.scene)]
    )
    return {f"{float(number):g}" for number in re.findall(r"-?\d+(?:\.\d+)?", links)}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_number_is_a_fact_a_setting_or_quoted(lesson: Lesson) -> None:
    prose = " ".join([lesson.body, lesson.front_matter.prediction.question, lesson.reveal, lesson.front_matter.check])
    covered = set[str]().union(
        *(numbers(fact.says) for fact in lesson.front_matter.fact), *map(numbers, lesson.front_matter.quoted)
    )
    covered |= {number for fact in lesson.front_matter.fact for number in re.findall(r"\d+(?:\.\d+)?", fact.quantity)}
    loose = {one for one in numbers(prose) - covered if f"{abs(float(one)):g}" not in settings(lesson)}
    assert loose == set()


def last_place(number: str) -> float:
    """One unit in the last digit of a written number."""
    digits, _, exponent = number.partition("e")
    return 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_words_of_a_fact_say_its_number(lesson: Lesson) -> None:
    for fact in lesson.front_matter.fact:
        if fact.value is None or not numbers(fact.says):
            continue
        # As many digits as are written: half a unit of the last one.
        said = [(float(one), 0.51 * last_place(one)) for one in numbers(fact.says)]
        assert any(abs(value - fact.value) <= unit for value, unit in said), fact.says


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_is_short_and_names_its_source(lesson: Lesson) -> None:
    for part in (lesson.body, lesson.reveal):
        assert len(plain(part).split()) <= 150
    assert re.search(r"section|eq\.|figure|theorem|table|algorithm", lesson.front_matter.source)
    assert lesson.front_matter.claims


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_points_at_the_picture_and_ends_with_something_to_try(lesson: Lesson) -> None:
    text = " ".join(lesson.reveal.split())
    assert re.search(r"look at (?!how|what)", text, re.I)
    last = lesson.reveal.strip().split("\n\n")[-1]
    assert "Try [" in " ".join(last.split())
    links = [from_query(parse_link(link)[0]) for link in re.findall(r"\]\((\?[^)]*)\)", last)]
    assert links and lesson.scene not in links


def test_every_kind_of_prediction_is_asked() -> None:
    assert {lesson.front_matter.prediction.kind for lesson in LESSONS} == set(PREDICTIONS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_which_run_ends_lower_is_a_fact(lesson: Lesson) -> None:
    """Both ends are facts, of the lesson's own Scene."""
    ends = {fact.quantity for fact in lesson.front_matter.fact if fact.scene is None}
    assert lesson.front_matter.prediction.kind != "lower" or {"without.loss[-1]", "with.loss[-1]"} <= ends


FALSE = {
    r"by (value|norm) and by (value|norm) (behave|are) (the same|alike|equal)": "by value and by norm behave the same",
    r"Newton[^.]{0,60} saddle[^.]{0,40}(Pascanu|one-unit)": "Newton goes to a saddle on the Pascanu surface",
    r"(max\w*|largest|greatest) (gradient|slope)[^.]{0,20} (this|the) (landscape|surface|window)[^.]{0,20} is \d": (
        "the max gradient of this landscape is 9632"
    ),
    r"(lr|learning rate|rate)( of)? 0\.01[^.]{0,30} threshold( of)? 6": "the paper used lr 0.01, threshold 6",
    r"random step[^.]{0,40}(NaN|Inf|finite)[^.]{0,40}(Pascanu|authors)": "a random step on NaN as in Pascanu's code",
    r"clipping (fixes|cures|solves|prevents|helps)[^.]{0,40}vanish": "clipping fixes vanishing gradients",
    r"LSTM\w*( \w+)? (never|do not|does not|cannot) vanish": "an LSTM never vanishes",
    r"float32 (is|will be|does) (enough|sufficient|fine)": "float32 is enough",
    r"success rates? (of|in|from) (Fig\.|figure) 7 (are|is)": "success rates of Fig. 7 are",
}
PAGES = [page for folder in (".", "docs", "benchmarks") for page in sorted((ROOT / folder).glob("*.md"))]
TEXTS = [*sorted((ROOT / "templates").rglob("*.*")), *PAGES, *PYTHON, *SCRIPTS]


@pytest.mark.parametrize(("pattern", "example"), FALSE.items(), ids=FALSE.values())
def test_the_patterns_find_false_statements(pattern: str, example: str) -> None:
    assert re.search(pattern, example, re.I)


@for_every(TEXTS)
def test_no_known_false_statement_occurs(path: Path) -> None:
    text = " ".join(path.read_text(encoding="utf-8").split())
    assert [pattern for pattern in FALSE if re.search(pattern, text, re.I)] == []

"""Facts: which hold and which fail, and the right answer of a prediction."""

import pytest

from cliffscape.app.lessons.facts import Finding, check_facts
from cliffscape.app.lessons.lesson import parse_lesson
from tests.app.lessons.test_lesson import CHOICE, GOOD, THROWN

STATED = "value = 9.45\ntolerance = 0.005"
LENGTH = "without.thrown_length"


def check(*edits: tuple[str, str]) -> list[Finding]:
    text = GOOD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return list(check_facts(parse_lesson(text, "x.md")))


def test_a_fact_that_holds_gives_the_found_value() -> None:
    [finding] = check()
    assert str(finding) == f"x.md:12: holds  {LENGTH}  stated 9.45 ± 0.005, found 9.449910113"


WAYS = [
    ("value = 9.44\ntolerance = 0.005", False, "9.44 ± 0.005"),
    ("least = 9", True, "at least 9"),
    ("most = 9", False, "at most 9"),
    ("least = 9\nmost = 10", True, "at least 9 and at most 10"),
    ("least = 10\nmost = 11", False, "at least 10 and at most 11"),
    ('equals = "thrown"', False, "thrown"),
    ("equals = true", False, "true"),
]


@pytest.mark.parametrize(("stated", "holds", "words"), WAYS)
def test_every_way_to_state_a_number_can_fail(stated: str, holds: bool, words: str) -> None:
    [finding] = check((STATED, stated))
    assert (finding.holds, finding.stated) == (holds, words)


@pytest.mark.parametrize(
    ("quantity", "equals", "holds"),
    [
        ("without.outcome", '"thrown"', True),
        ("with.outcome", '"thrown"', False),
        ("without.thrown", "true", True),
        ("with.thrown", "true", False),
        ("with.thrown", '"false"', False),
    ],
)
def test_strings_and_booleans_must_match_in_type(quantity: str, equals: str, holds: bool) -> None:
    [finding] = check((LENGTH, quantity), (STATED, f"equals = {equals}"))
    assert finding.holds is holds


def test_nan_matches_no_fact() -> None:
    [finding] = check((LENGTH, "log(-1)"), (STATED, "least = -1e300"))
    assert (finding.holds, finding.found) == (False, "nan")


def test_a_fact_about_a_missing_row_fails() -> None:
    [finding] = check((LENGTH, "with.loss[21]"))
    assert not finding.holds
    assert finding.found == "step must be from -21 to 20 in a run of 20 steps, got 21"


def test_a_fact_may_have_a_scene_of_its_own() -> None:
    [finding] = check((LENGTH, "with.steps"), (STATED, 'least = 30\nmost = 30\nscene = "steps=30"'))
    assert finding.holds


def test_the_right_answer_is_checked_against_its_quantity() -> None:
    _, answer = check((THROWN, CHOICE))
    assert (answer.holds, answer.line, answer.stated) == (True, 12, "at least 9")


def test_another_option_that_is_right_too_fails() -> None:
    _, other, answer = check((THROWN, CHOICE.replace("most = 1", "most = 10")))
    assert (other.holds, other.stated) == (False, "not at most 10")
    assert answer.holds


def test_a_wrong_answer_fails() -> None:
    _, answer, other = check((THROWN, CHOICE.replace("answer = 2", "answer = 1")))
    assert not answer.holds
    assert not other.holds

"""Stated texts: a fact that does not hold, or whose words are gone, is found."""

from dataclasses import replace

import pytest

from cliffscape.app.lessons.texts.stated_text import StatedText, check_text, parse_facts
from cliffscape.landscapes.bound_error import BoundError

FACTS = parse_facts("a text", [{"says": "9.45 units", "quantity": "without.thrown_length"}])
TEXT = StatedText("a text", 7, "A step of 9.45 units.", {"start": (4.6, -1.7)}, FACTS)


def test_a_fact_that_holds() -> None:
    [finding] = check_text(TEXT)
    assert finding.holds
    assert str(finding).startswith(
        "a text:7: holds  '9.45 units': without.thrown_length  stated 9.45 ± 0.005, found 9.449"
    )


def test_a_wrong_number_is_found() -> None:
    wrong = replace(
        TEXT, text="A step of 9.46 units.", facts=parse_facts("", [{**dict(FACTS[0]), "says": "9.46 units"}])
    )
    [finding] = check_text(wrong)
    assert not finding.holds and "stated 9.46 ± 0.005, found 9.449" in str(finding)


@pytest.mark.parametrize("given", [(), ("in all",)])
def test_words_that_are_not_in_the_text_are_found(given: tuple[str, ...]) -> None:
    changed = replace(TEXT, text="A step of 9.46 units.", given=given)
    missing = [finding.stated for finding in check_text(changed) if not finding.holds]
    assert missing == ["'9.45 units'", *(f"'{phrase}'" for phrase in given)]


def test_choices_and_changes_and_a_scene_of_its_own() -> None:
    same = {"says": "9.45 units", "quantity": "without.thrown_length"}
    plain, changed, other = parse_facts("", [same, {**same, "changes": {"steps": 7}}, {**same, "scene": "steps=8"}])
    scenes = [TEXT.scene_of(fact) for fact in (plain, changed, other)]
    assert [scene.steps for scene in scenes] == [60, 7, 8]
    assert [scene.start for scene in scenes[:2]] == [scenes[0].start] * 2


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"says": "9.45", "quantity": "1", "value": 1}, "value"),
        ({"says": "some units", "quantity": "1"}, "words with exactly one number"),
    ],
)
def test_a_fact_that_states_nothing_is_refused(table: dict[str, object], words: str) -> None:
    with pytest.raises(BoundError, match=words):
        parse_facts("a text", [table])


def test_an_invalid_scene_is_refused() -> None:
    with pytest.raises(BoundError, match=r"a text: scene must be of a valid Scene .*steps"):
        replace(TEXT, facts=parse_facts("", [{"says": "9.45", "quantity": "1", "scene": "steps=-1"}]))

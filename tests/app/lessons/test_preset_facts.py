"""Presets: every number and every outcome in name and sentence has a fact.

That the facts hold is tested in tests/test_bundled_lessons.py, with those of the lessons: they share training runs.
"""

import re
from typing import Any

import pytest

from cliffscape.app.lessons.facts import check_preset, lesson_fact, numbers_in, scene_of, written_value
from cliffscape.app.scene.schema import SURFACES
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Preset, PresetFact
from cliffscape.landscapes.loss import Landscape

PRESETS = [
    pytest.param(entry, preset, id=f"{entry.kind}-{preset.name}") for entry in SURFACES for preset in entry.presets
]
OUTCOME = re.compile(r"thrown?s?\b|overflows?\b|converges?\b|diverges?\b|stalls?\b|at rest\b|comes to rest\b", re.I)
# Numbers that state nothing: names of figures, symbols, and the count of the things that a sentence is about.
NAMES = (
    r"[Ff]igure [\d.]+",
    r"100 units and 0 to 5 layers",
    r"(?:this|the|its|flat|shows|follows) one\b",
    r"[Oo]ne (?:against|large|ordinary|vanishing|minibatch)",
    r"one vanishing",
    r"[Mm]inibatch(?:es)? of \w+",
    r"(?:two|three) (?:weights|numbers|letters|small|clipped|runs|pictures)",
    r"(?:Four|Eight) networks",
    r"all four (?:learn|do)",
    r"median, 0",
    r"1/(?:T|√\d)",
    r"a b = 1",
)


def text_of(preset: Preset) -> str:
    return f"{preset.name}: {preset.sentence}"


def settings(landscape: Landscape, preset: Preset) -> set[float]:
    """The numbers of a preset's Scene, and those to which its facts change them."""
    changed = [scene_of(landscape, preset, fact.changes) for fact in preset.facts]
    links = " ".join(str(scene) for scene in (scene_of(landscape, preset, {}), *changed))
    return {float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", links)}


@pytest.mark.parametrize(("landscape", "preset"), PRESETS)
def test_every_number_of_a_preset_is_a_fact_or_a_setting(landscape: Landscape, preset: Preset) -> None:
    stated = {number for fact in preset.facts for number in numbers_in(fact.says)}
    known = settings(landscape, preset)
    loose = set(numbers_in(re.sub("|".join(NAMES), " ", text_of(preset)))) - stated
    assert {number for number in loose if written_value(number)[0] not in known} == set()


@pytest.mark.parametrize(("landscape", "preset"), PRESETS)
def test_every_outcome_of_a_preset_is_a_fact(landscape: Landscape, preset: Preset) -> None:
    said = {word.lower() for fact in preset.facts for word in OUTCOME.findall(fact.says)}
    assert {word.lower() for word in OUTCOME.findall(text_of(preset))} - said == set()


@pytest.mark.parametrize(("landscape", "preset"), PRESETS)
def test_the_words_of_a_fact_are_those_of_its_preset(landscape: Landscape, preset: Preset) -> None:
    assert [fact.says for fact in preset.facts if fact.says not in text_of(preset)] == []


@pytest.mark.parametrize(
    ("number", "value", "half"),
    [("9.45", 9.45, 0.005), ("twelve", 12, 0.5), ("1,000", 1000, 0.5), ("2e−5", 2e-5, 5e-6), ("0.0004", 4e-4, 5e-5)],
)
def test_written_numbers_are_known_to_half_a_unit_of_their_last_digit(number: str, value: float, half: float) -> None:
    assert written_value(number) == pytest.approx((value, half), rel=1e-12)


@pytest.mark.parametrize(
    ("stated", "holds"),
    [
        ({"says": "9.45 units", "quantity": "without.thrown_length"}, True),
        ({"says": "9.46 units", "quantity": "without.thrown_length"}, False),
        ({"says": "far", "quantity": "without.thrown_length", "least": 10.0}, False),
        ({"says": "thrown", "quantity": "without.outcome", "equals": "thrown"}, True),
        ({"says": "thrown", "quantity": "with.outcome", "equals": "thrown"}, False),
        ({"says": "two steps", "quantity": "with.steps", "changes": {"steps": 2}}, True),
    ],
)
def test_a_fact_of_a_preset_can_fail(stated: dict[str, Any], holds: bool) -> None:
    landscape = SURFACES["one_unit_rnn"]
    preset = Preset("Own", "A sentence.", landscape.presets[0].choices, (PresetFact(**stated),))
    [finding] = check_preset(landscape, preset)
    assert finding.holds is holds
    assert str(finding).startswith(f"One-unit RNN: Own: '{stated['says']}': {'holds' if holds else 'FAILS'}  ")


def test_a_fact_without_bounds_must_state_one_number() -> None:
    with pytest.raises(BoundError, match="says must be words with exactly one number"):
        lesson_fact(PresetFact("from 1 to 2", "with.steps"))

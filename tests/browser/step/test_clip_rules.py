"""The rule of the clip and its parameters, by drop-down, box and slider."""

import pytest
from playwright.sync_api import expect

from cliffscape.landscapes.catalogue import CLIPS
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.step.threshold_line import threshold

RULES = [entry.kind for entry in CLIPS if entry.kind != "none"]


def test_every_rule_can_be_chosen(visit: Visit) -> None:
    visitor = visit("?landscape=himmelblau&optimizer.learning_rate=0.015&clip.threshold=20&steps=20")
    for kind in [*RULES[1:], RULES[0]]:
        visitor.field("clip").select_option(kind)
        visitor.until("(kind) => (new URLSearchParams(location.search).get('clip') ?? 'by_norm') === kind", kind)
        said = expected.verdicts(visitor.link())["with"]
        expect(visitor.sentence("with")).to_have_text(said.partition(": ")[2])


def test_a_new_rule_keeps_the_threshold(visit: Visit) -> None:
    visitor = visit("?clip.threshold=0.35")
    visitor.field("clip").select_option("by_value")
    expect(visitor.field("clip.threshold")).to_have_value("0.35")
    visitor.until("() => location.search.includes('clip=by_value')")
    assert expected.scene(visitor.link()).clip.threshold == 0.35


def test_the_random_step_has_a_seed(visit: Visit) -> None:
    visitor = visit("?clip=random_step")
    before = visitor.verdict("with")
    visitor.type("clip.seed", "7")
    visitor.until("() => location.search.includes('clip.seed=7')")
    assert visitor.verdict("with") != before
    assert visitor.verdict("with") == expected.verdicts(visitor.link())["with"]


def test_a_typed_threshold_is_used(visit: Visit) -> None:
    visitor = visit()
    visitor.type("clip.threshold", "0.05")
    visitor.until("() => location.search === '?clip.threshold=0.05'")
    assert visitor.verdicts() == expected.verdicts("clip.threshold=0.05")
    assert visitor.verdict("with") != expected.verdicts("")["with"]
    assert visitor.verdict("without") == expected.verdicts("")["without"]


def test_the_thresholds_slider_is_logarithmic(visit: Visit) -> None:
    visitor = visit()
    slider = visitor.slider("clip.threshold")
    for key, value in (("Home", 1e-6), ("End", 1e3)):
        slider.press(key)
        assert threshold(visitor) == value
    slider.fill("500")
    assert threshold(visitor) == pytest.approx(10**-1.5, rel=5e-3)


def test_a_clip_without_a_kernel_descends_on_the_server(visit: Visit) -> None:
    visitor = visit("?clip=autoclip")
    expect(visitor.page.locator("#what")).to_contain_text("AutoClip stores every norm")
    assert visitor.verdicts() == expected.verdicts("clip=autoclip")
    visitor.page.locator("#map-handle").press("ArrowUp")
    visitor.settle()
    x, y = visitor.start()
    verdicts = expected.verdicts(f"clip=autoclip&start={x},{y}")
    for run, sentence in verdicts.items():
        expect(visitor.sentence(run)).to_have_text(sentence.partition(": ")[2])
    assert visitor.readout("with") == expected.readout(f"clip=autoclip&start={x},{y}", "with", 60)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?clip.threshold=900", "safety net: under 5 %"),
        ("?clip.threshold=0.0001", "limits the step: over 50 %"),
    ],
)
def test_the_page_says_what_the_threshold_does(visit: Visit, query: str, words: str) -> None:
    visitor = visit(query)
    expect(visitor.page.locator("#clip-role")).to_contain_text(words)


def test_without_a_threshold_or_a_clipped_run_the_line_is_absent(visit: Visit) -> None:
    for query in ("?clip=none", "?runs=without"):
        expect(visit(query).page.locator("#clip-role")).to_be_hidden()

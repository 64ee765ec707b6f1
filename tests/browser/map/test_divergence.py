"""Runs that diverge: the sentence says at which step, and the page stays usable."""

import pytest
from playwright.sync_api import expect

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.family import EDGES
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

C2 = "landscape=product_of_weights&optimizer.learning_rate=0.03&clip.threshold=1&steps=100"
C3 = "landscape=linear_recurrence&optimizer.learning_rate=0.2&clip.threshold=1&steps=100"
RUNS = [(C2, 5, "2.7"), (C3, 12, "")]


@pytest.mark.parametrize(("query", "step", "last"), RUNS)
def test_verdict_and_readout_name_the_step_of_divergence(visit: Visit, query: str, step: int, last: str) -> None:
    visitor = visit(f"?{query}")
    expect(visitor.page.locator(".verdict.without .outcome")).to_have_text("diverged")
    expect(visitor.sentence("without")).to_contain_text(f"step {step}")
    expect(visitor.sentence("without")).to_contain_text(last)
    expect(visitor.page.locator(".verdict.with .outcome")).to_have_text("converged")
    assert visitor.verdicts() == expected.verdicts(query)
    visitor.page.locator("#scrub").fill(str(step - 1))
    visitor.frames()
    assert visitor.readout("without") == expected.readout(query, "without", step - 1)
    visitor.page.locator("#scrub").fill(str(step))
    visitor.frames()
    assert visitor.readout("without") == expected.readout(query, "without", step)
    assert visitor.readout("without")[1] == "Inf"
    visitor.page.locator("#scrub").fill("100")
    visitor.frames()
    without = visitor.readout("without")
    assert without == expected.readout(query, "without", 100)
    # The step that the table shows is the last one that was taken, so nothing of it is missing.
    assert "NaN" in without[0] and "–" not in without
    assert visitor.readout("with") == expected.readout(query, "with", 100)
    words = f"No step follows. Length and changes are those of the steps from {step - 1} to {step} and from 99 to 100."
    expect(visitor.page.locator("#step-words")).to_have_text(words)


@pytest.fixture(scope="module")
def stayer(long_visit: Visit) -> Visitor:
    """A visitor with the relief, which takes seconds to draw."""
    return long_visit(relief=True)


@pytest.mark.parametrize("query", [C2, pytest.param(C3, marks=pytest.mark.thorough)])
def test_the_page_stays_usable(stayer: Visitor, query: str) -> None:
    visitor = stayer
    visitor.turn_to(f"?{query}")
    visitor.until("(key) => document.getElementById('relief').dataset.key === key", expected.relief(query))
    visitor.page.locator("#speed").select_option(label="50/s")
    visitor.page.locator("#play").click()
    expect(visitor.page.locator("#play")).to_have_attribute("aria-pressed", "false")
    before = visitor.centre("#map-handle")
    visitor.drag(before, (before[0] + 5, before[1] + 40))
    visitor.settle()
    assert visitor.verdicts() == expected.verdicts(visitor.link())
    visitor.type("optimizer.learning_rate", "0.0001")
    visitor.until("() => location.search.includes('learning_rate=0.0001')")
    assert visitor.verdicts() == expected.verdicts(visitor.link())
    assert "Inf or NaN" not in visitor.verdict("without")
    assert visitor.errors == []


@pytest.mark.parametrize("kind", ["by_norm", "by_norm_pytorch", "zclip"])
def test_the_chosen_clip_describes_its_special_values(visit: Visit, kind: str) -> None:
    """All four are in one fold of the rule; the other notes are in another one."""
    visitor = visit(f"?clip={kind}")
    visitor.reveal(".family.clip .edges")
    edges = visitor.page.locator(".family.clip .edges")
    expect(edges.locator("dt")).to_have_text(list(EDGES))
    expect(edges.locator("dd")).to_have_text([CLIPS[kind].documentation.notes[edge] for edge in EDGES])
    for place in edges.locator("dd").all():
        expect(place).to_be_visible()
    expect(visitor.page.locator(".family.clip details dd").first).to_be_hidden()


def test_another_clip_describes_its_own_special_values(visit: Visit) -> None:
    visitor = visit("?clip=by_norm_keras")
    overflow = visitor.page.locator(".family.clip .edges dd").last
    expect(overflow).to_contain_text("all entries NaN")
    visitor.field("clip").select_option("by_norm_pytorch")
    expect(overflow).to_contain_text("stops moving without a warning")
    visitor.field("clip").select_option("by_norm")
    expect(overflow).to_contain_text("Clipped like any other")


def test_the_path_is_drawn_up_to_its_divergence(visit: Visit) -> None:
    visitor = visit(f"?{C2}&runs=without")
    drawn = """() => {
      const canvas = document.getElementById('map-overlay');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const hex = getComputedStyle(document.documentElement).getPropertyValue('--run-without').trim();
      const rgb = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
      let count = 0;
      for (let k = 0; k < data.length; k += 4) if (rgb.every((value, c) => data[k + c] === value)) count++;
      return count;
    }"""
    assert visitor.page.evaluate(drawn) > 100

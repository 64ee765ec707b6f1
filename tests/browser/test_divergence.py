"""Runs that leave the numbers: the sentence says at which step, the page draws on, and nothing breaks."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit

C2 = "landscape=product_of_weights&optimizer.learning_rate=0.03&clip.threshold=1&steps=100"
C3 = "landscape=linear_recurrence&optimizer.learning_rate=0.2&clip.threshold=1&steps=100"
RUNS = [(C2, 5, "2.7"), (C3, 12, "")]


@pytest.mark.parametrize(("query", "step", "last"), RUNS)
def test_sentence_and_readout_say_at_which_step(fresh_visit: Visit, query: str, step: int, last: str) -> None:
    visitor = fresh_visit(f"?{query}")
    expect(visitor.page.locator(".verdict.without .fate")).to_have_text("not finite")
    expect(visitor.sentence("without")).to_contain_text(f"step {step}")
    expect(visitor.sentence("without")).to_contain_text(last)
    expect(visitor.page.locator(".verdict.with .fate")).to_have_text("converged")
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
    assert "NaN" in " ".join(visitor.readout("without"))
    assert visitor.readout("with") == expected.readout(query, "with", 100)


@pytest.mark.parametrize(("query", "step", "last"), RUNS)
def test_the_page_goes_on(fresh_visit: Visit, query: str, step: int, last: str) -> None:
    visitor = fresh_visit(f"?{query}", relief=True)
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
    assert "left the numbers" not in visitor.verdict("without")
    assert visitor.troubles == []


def test_a_norm_that_overflows_freezes_pytorchs_rule_and_not_the_books(fresh_visit: Visit) -> None:
    """What each rule does with Inf is declared beside it and shown."""
    visitor = fresh_visit("?clip=by_norm_pytorch")
    notes = visitor.page.locator(".family.clip .notes")
    notes.locator("summary").click()
    expect(notes.locator("dt", has_text="Inf or NaN")).to_be_visible()
    expect(notes.locator("dt", has_text="Norm overflow")).to_be_visible()
    expect(notes.locator("dd", has_text="freezes without a word")).to_be_visible()


def test_the_path_is_drawn_up_to_where_it_leaves(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"?{C2}&lanes=without")
    drawn = """() => {
      const canvas = document.getElementById('map-overlay');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const hex = getComputedStyle(document.documentElement).getPropertyValue('--lane-without').trim();
      const rgb = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
      let count = 0;
      for (let k = 0; k < data.length; k += 4) if (rgb.every((value, c) => data[k + c] === value)) count++;
      return count;
    }"""
    assert visitor.page.evaluate(drawn) > 100

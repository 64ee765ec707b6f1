"""Which runs are shown: without clipping, with clipping, or both."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.step.threshold_line import CURVE, THRESHOLD_HEIGHT
from tests.browser.visitor import Visitor


@pytest.mark.parametrize(("shown", "hidden"), [("without", "with"), ("with", "without")])
def test_one_run_alone(visit: Visit, shown: str, hidden: str) -> None:
    visitor = visit()
    visitor.choose("runs", shown)
    expect(visitor.sentence(hidden)).to_be_hidden()
    expect(visitor.sentence(shown)).to_be_visible()
    expect(visitor.page.locator(f"#readout tr.{hidden}")).to_be_hidden()
    expect(visitor.page.locator(f"#readout tr.{shown}")).to_be_visible()
    visitor.until("(run) => location.search === `?runs=${run}`", shown)
    assert visitor.verdict(shown) == expected.verdicts("")[shown]


def test_both_runs_again(visit: Visit) -> None:
    visitor = visit("?runs=without")
    expect(visitor.sentence("with")).to_be_hidden()
    visitor.choose("runs", "both")
    expect(visitor.sentence("with")).to_be_visible()
    visitor.until("() => location.search === ''")
    assert visitor.verdicts() == expected.verdicts("")


def test_the_toggle_shows_the_choice(visit: Visit) -> None:
    visitor = visit("?runs=with")
    buttons = visitor.page.locator("[data-field='runs'] button")
    pressed = buttons.evaluate_all("(all) => all.filter((b) => b.ariaPressed === 'true').map((b) => b.dataset.value)")
    assert pressed == ["with"]


def run_colours(visitor: Visitor) -> set[str]:
    """The runs whose exact colour occurs on the map's overlay."""
    found: list[str] = visitor.page.evaluate("""() => {
      const canvas = document.getElementById('map-overlay');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const style = getComputedStyle(document.documentElement);
      const has = (name) => {
        const hex = style.getPropertyValue(`--run-${name}`).trim();
        const rgb = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
        for (let k = 0; k < data.length; k += 4) {
          if (data[k + 3] === 255 && rgb.every((value, c) => data[k + c] === value)) return true;
        }
        return false;
      };
      return ['without', 'with'].filter(has);
    }""")
    return set(found)


def test_the_map_draws_the_runs_that_are_shown(visit: Visit) -> None:
    visitor = visit()
    assert run_colours(visitor) == {"without", "with"}
    visitor.choose("runs", "without")
    visitor.frames()
    assert run_colours(visitor) == {"without"}
    visitor.choose("runs", "with")
    visitor.frames()
    assert run_colours(visitor) == {"with"}


def test_without_the_clipped_run_there_is_no_line(visit: Visit) -> None:
    visitor = visit()
    assert visitor.page.evaluate(THRESHOLD_HEIGHT, CURVE) is not None
    visitor.choose("runs", "without")
    visitor.frames()
    assert visitor.page.evaluate(THRESHOLD_HEIGHT, CURVE) is None

"""Clipping on the page: which runs are shown, the rule, and its threshold by box, slider and line."""

import math

import pytest
from playwright.sync_api import expect

from cliffscape.landscapes.catalogue import CLIPS
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

CURVE = "gradient_norm"
RULES = [entry.kind for entry in CLIPS if entry.kind != "none"]
# Rows of the curve's canvas that the threshold's plate fills: ink near the right end of the axis, 12 pixels in.
PLATE = """(curve) => {
  const canvas = document.getElementById(`curve-${curve}`);
  const ratio = canvas.width / canvas.clientWidth;
  const x = Math.round((canvas.clientWidth - 12 - 3) * ratio);
  const { data } = canvas.getContext('2d').getImageData(x, 0, 1, canvas.height);
  const ink = getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
  const wanted = [1, 3, 5].map((k) => parseInt(ink.slice(k, k + 2), 16));
  const rows = [];
  for (let y = 0; y < canvas.height; y++) {
    if (wanted.every((value, c) => Math.abs(data[4 * y + c] - value) < 12) && data[4 * y + 3] > 250) rows.push(y);
  }
  return rows.length < 14 ? null : (rows[0] + rows.at(-1) + 1) / 2 / ratio;
}"""


def line(visitor: Visitor, curve: str = CURVE) -> tuple[float, float]:
    """A place on the threshold's line on screen, found in the curve's pixels."""
    canvas = visitor.page.locator(f"#curve-{curve}")
    canvas.scroll_into_view_if_needed()
    y = visitor.page.evaluate(PLATE, curve)
    assert y is not None, "there is no threshold line"
    box = canvas.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + y


def threshold(visitor: Visitor) -> float:
    """The threshold in its box."""
    return float(visitor.field("clip.threshold").input_value())


@pytest.mark.parametrize(("shown", "hidden"), [("without", "with"), ("with", "without")])
def test_one_lane_alone(visit: Visit, shown: str, hidden: str) -> None:
    visitor = visit()
    visitor.choose("runs", shown)
    expect(visitor.sentence(hidden)).to_be_hidden()
    expect(visitor.sentence(shown)).to_be_visible()
    expect(visitor.page.locator(f"#readout tr.{hidden}")).to_be_hidden()
    expect(visitor.page.locator(f"#readout tr.{shown}")).to_be_visible()
    visitor.until("(run) => location.search === `?runs=${run}`", shown)
    assert visitor.verdict(shown) == expected.verdicts("")[shown]


def test_both_lanes_again(visit: Visit) -> None:
    visitor = visit("?runs=without")
    expect(visitor.sentence("with")).to_be_hidden()
    visitor.choose("runs", "both")
    expect(visitor.sentence("with")).to_be_visible()
    visitor.until("() => location.search === ''")
    assert visitor.verdicts() == expected.verdicts("")


def test_the_toggle_shows_what_is_chosen(visit: Visit) -> None:
    visitor = visit("?runs=with")
    buttons = visitor.page.locator("[data-field='runs'] button")
    pressed = buttons.evaluate_all("(all) => all.filter((b) => b.ariaPressed === 'true').map((b) => b.dataset.value)")
    assert pressed == ["with"]


def colours(visitor: Visitor) -> set[str]:
    """Which runs' colours the map's overlay holds, in pure form."""
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


def test_the_map_draws_the_lanes_that_are_shown(visit: Visit) -> None:
    visitor = visit()
    assert colours(visitor) == {"without", "with"}
    visitor.choose("runs", "without")
    visitor.frames()
    assert colours(visitor) == {"without"}
    visitor.choose("runs", "with")
    visitor.frames()
    assert colours(visitor) == {"with"}


def test_without_the_clipped_lane_there_is_no_line(visit: Visit) -> None:
    visitor = visit()
    assert visitor.page.evaluate(PLATE, CURVE) is not None
    visitor.choose("runs", "without")
    visitor.frames()
    assert visitor.page.evaluate(PLATE, CURVE) is None


def test_every_rule_can_be_chosen(visit: Visit) -> None:
    visitor = visit("?landscape=himmelblau&optimizer.learning_rate=0.015&clip.threshold=20")
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


def test_the_seed_of_the_random_step_is_a_number_of_its_own(visit: Visit) -> None:
    visitor = visit("?clip=random_step")
    before = visitor.verdict("with")
    visitor.type("clip.seed", "7")
    visitor.until("() => location.search.includes('clip.seed=7')")
    assert visitor.verdict("with") != before
    assert visitor.verdict("with") == expected.verdicts(visitor.link())["with"]


def test_a_typed_threshold_counts(visit: Visit) -> None:
    visitor = visit()
    visitor.type("clip.threshold", "0.05")
    visitor.until("() => location.search === '?clip.threshold=0.05'")
    assert visitor.verdicts() == expected.verdicts("clip.threshold=0.05")
    assert visitor.verdict("with") != expected.verdicts("")["with"]
    assert visitor.verdict("without") == expected.verdicts("")["without"]


def test_the_thresholds_slider_is_logarithmic(visit: Visit) -> None:
    visitor = visit()
    slider = visitor.slider("clip.threshold")
    for key, value in (("Home", 1e-3), ("End", 1e3)):
        slider.press(key)
        assert threshold(visitor) == value
    slider.fill("500")
    assert threshold(visitor) == pytest.approx(1, rel=5e-3)


def test_the_line_lies_where_the_threshold_is(visit: Visit) -> None:
    """The axis is logarithmic: what halves two thresholds' ratio lies halfway between them."""
    visitor = visit()
    heights = {}
    for text in ("1", "0.001", "0.0316"):
        visitor.type("clip.threshold", text)
        visitor.frames()
        heights[text] = line(visitor)[1]
    assert heights["0.001"] - heights["1"] > 12
    assert heights["0.0316"] == pytest.approx((heights["1"] + heights["0.001"]) / 2, abs=1)


@pytest.mark.parametrize("query", ["", "?landscape=himmelblau&optimizer.learning_rate=0.02", "?landscape=outlier"])
def test_pointing_into_a_curve_moves_nothing(visit: Visit, query: str) -> None:
    """The numbers of the step that is pointed at may be wider: the curves stay under the pointer."""
    visitor = visit(query)
    canvas = visitor.page.locator(f"#curve-{CURVE}")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    read = set()
    for share in range(3, 20):
        visitor.page.mouse.move(box["x"] + box["width"] * share / 20, box["y"] + box["height"] / 2)
        visitor.frames()
        assert canvas.bounding_box() == box
        read.add(tuple(visitor.readout("with")))
    assert len(read) > 8


def test_the_line_is_dragged_by_mouse(visit: Visit) -> None:
    visitor = visit()
    x, y = line(visitor)
    visitor.page.mouse.move(x, y)
    expect(visitor.page.locator(f"#curve-{CURVE}")).to_have_css("cursor", "ns-resize")
    visitor.page.mouse.down()
    visitor.page.mouse.move(x, y - 12, steps=4)
    visitor.frames()
    held = threshold(visitor)
    assert 0.3 < held < 20
    assert visitor.link() == "", "the address waits for the hand to rest"
    assert line(visitor)[1] == pytest.approx(y - 12, abs=1.5)
    visitor.page.mouse.up()
    visitor.until("() => location.search.startsWith('?clip.threshold=')")
    assert expected.scene(visitor.link()).clip.threshold == held == threshold(visitor)
    assert visitor.verdicts() == expected.verdicts(visitor.link())


@pytest.mark.parametrize("width", [360, 1280])
def test_the_curve_stays_under_the_hand_when_the_verdict_grows(visit: Visit, width: int) -> None:
    """From a threshold that tames the run to one that lets it be thrown, and back."""
    visitor = visit(viewport={"width": width, "height": 800})
    x, y = line(visitor)
    canvas, sentence = visitor.page.locator(f"#curve-{CURVE}"), visitor.sentence("with")
    box, said = canvas.bounding_box(), sentence.bounding_box()
    assert box is not None
    assert said is not None
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    heights = set()
    for k in [*range(0, 80, 8), *range(80, -40, -8)]:
        visitor.page.mouse.move(x, y - k)
        visitor.frames()
        heights.add(sentence.evaluate("(sentence) => sentence.offsetHeight"))
        assert canvas.bounding_box() == pytest.approx(box, abs=1)
    visitor.page.mouse.up()
    visitor.frames()
    assert canvas.bounding_box() == pytest.approx(box, abs=1)
    assert max(heights) > said["height"] + 15


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("name", "query"), [("steps", ""), ("steps", "?steps=5"), ("clip.threshold", "")])
def test_a_slider_stays_under_the_hand_when_a_note_above_it_changes(
    visit: Visit, name: str, query: str, width: int
) -> None:
    """What is said of stable learning rates, above it, has more or fewer lines with every run."""
    visitor = visit(query, viewport={"width": width, "height": 800})
    expect(visitor.page.locator("#stable")).not_to_be_empty()
    slider, note = visitor.slider(name), visitor.page.locator("#stable")
    slider.scroll_into_view_if_needed()
    visitor.page.locator("#controls").evaluate("(controls) => controls.scrollTop += 60")
    visitor.page.evaluate("scrollBy(0, 60)")
    box = slider.bounding_box()
    assert box is not None
    share = float(slider.evaluate("(slider) => (slider.value - slider.min) / (slider.max - slider.min)"))
    x, y = box["x"] + 8 + (box["width"] - 16) * share, box["y"] + box["height"] / 2
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    said = set()
    for k in [*range(0, 21), *range(20, -1, -1)]:
        visitor.page.mouse.move(box["x"] + 8 + (box["width"] - 16) * k / 20, y)
        visitor.frames(2)
        said.add(note.inner_text())
        assert slider.bounding_box() == pytest.approx(box, abs=1)
    visitor.page.mouse.up()
    visitor.frames()
    assert slider.bounding_box() == pytest.approx(box, abs=1)
    assert len(said) > 4


def test_what_is_hidden_while_it_is_held_takes_the_page_nowhere(fresh_visit: Visit) -> None:
    visitor = fresh_visit(viewport={"width": 360, "height": 800})
    x, y = line(visitor)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x, y - 8)
    visitor.frames()
    visitor.page.locator(f"#curve-{CURVE}").evaluate("(canvas) => { canvas.hidden = true; }")
    visitor.frames()
    before = visitor.page.evaluate("scrollY")
    # By script: the visitor's own hand would scroll to the slider.
    visitor.slider("clip.threshold").evaluate("""(slider) => {
      slider.value = slider.min;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }""")
    visitor.frames()
    assert threshold(visitor) < 0.1
    visitor.page.mouse.up()
    visitor.frames()
    assert visitor.page.evaluate("scrollY") == before > 0


def test_dragging_the_line_asks_the_server_for_nothing(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    x, y = line(visitor)
    before = len(visitor.requests)
    visitor.drag((x, y), (x, y - 20), (x, y + 15))
    visitor.until("() => location.search !== ''")
    assert visitor.requests[before:] == []


def test_the_line_stops_at_the_thresholds_bounds(visit: Visit) -> None:
    visitor = visit()
    x, y = line(visitor)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    for _ in range(6):
        visitor.page.mouse.move(x, y - 2000)
        visitor.frames()
    assert threshold(visitor) == 1000
    assert math.isfinite(line(visitor)[1])
    visitor.page.mouse.up()
    visitor.frames()
    assert visitor.problem("clip.threshold").inner_text() == ""


def test_a_finger_drags_the_line(visit: Visit) -> None:
    visitor = visit(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    grip = visitor.page.locator(".grip:visible")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    scrolled = visitor.page.evaluate("scrollY")
    session = visitor.page.context.new_cdp_session(visitor.page)
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x, "y": y - 6}]),
        ("touchMove", [{"x": x, "y": y - 12}]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        visitor.frames(2)
    assert threshold(visitor) > 0.3
    assert visitor.page.evaluate("scrollY") == scrolled
    visitor.until("() => location.search.startsWith('?clip.threshold=')")
    assert visitor.verdicts() == expected.verdicts(visitor.link())


def test_a_threshold_on_the_step_is_a_line_on_the_steps_curve(visit: Visit) -> None:
    """There it is dragged, and what is kept is of the step."""
    visitor = visit("?clip=step_by_norm")
    assert visitor.page.evaluate(PLATE, CURVE) is None
    x, y = line(visitor, "step_length")
    visitor.drag((x, y), (x, y + 12))
    visitor.until("() => location.search.includes('clip.threshold=')")
    assert 0.001 < threshold(visitor) < 0.1
    assert visitor.verdicts() == expected.verdicts(visitor.link())
    lengths = expected.trajectories(visitor.link())["with"].step_length[:-1]
    assert float(lengths.max()) == pytest.approx(threshold(visitor), rel=1e-12)


def test_a_press_beside_the_line_scrubs(visit: Visit) -> None:
    visitor = visit()
    x, y = line(visitor)
    visitor.page.mouse.click(x, y + 40)
    visitor.frames()
    assert threshold(visitor) == 0.2
    assert 20 < visitor.step() < 40


def test_a_clip_without_a_kernel_descends_on_the_server(visit: Visit) -> None:
    visitor = visit("?clip=autoclip")
    expect(visitor.page.locator("#what")).to_contain_text("AutoClip remembers every norm")
    assert visitor.verdicts() == expected.verdicts("clip=autoclip")
    visitor.page.locator("#map-handle").press("ArrowUp")
    visitor.settle()
    x, y = visitor.start()
    told = expected.verdicts(f"clip=autoclip&start={x},{y}")
    for run, sentence in told.items():
        expect(visitor.sentence(run)).to_have_text(sentence.partition(": ")[2])
    assert visitor.readout("with") == expected.readout(f"clip=autoclip&start={x},{y}", "with", 60)

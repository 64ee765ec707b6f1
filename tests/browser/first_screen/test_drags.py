"""Every landscape's first screen: what it shows, and that nothing moves by a pixel while anything is dragged."""

from collections.abc import Iterator

import pytest

from cliffscape.landscapes.catalogue import LANDSCAPES
from tests.browser.conftest import Visit
from tests.browser.network.network_page import NET
from tests.browser.visitor import Visitor

# All layout shifts count, also those right after an input.
WATCH = """() => {
  const parts = ['#headline', '#map', '#relief', '.first-controls', '.transport', '#curves'];
  const box = ({ x, y, width, height }) => [x, y, width, height].join(' ');
  const boxes = () => parts.map((part) => `${part} ${box(document.querySelector(part).getBoundingClientRect())}`);
  window.shifts ??= [];
  window.shifts.length = 0;
  const first = boxes();
  window.moved = new Set();
  window.look = () => boxes().forEach((one, k) => one === first[k] || window.moved.add(`${first[k]} to ${one}`));
  window.shiftObserver ??= new PerformanceObserver((list) => {
    const name = ({ node }) => (node?.nodeType === 1 ? node : node?.parentElement)?.outerHTML.slice(0, 120);
    for (const { sources } of list.getEntries()) window.shifts.push(...(sources.length ? sources.map(name) : ['?']));
  });
  window.shiftObserver.observe({ type: 'layout-shift' });
}"""
# Every slider of the main controls to both ends, as a drag does: an event in each frame, and a last one at its end.
SLIDE = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const names = [];
  for (const slider of document.querySelectorAll('.first-controls input[type=range]')) {
    if (!slider.offsetParent) continue;
    names.push(slider.closest('.field').dataset.field);
    const notches = [0, 0.3, 0.6, 1].map((share) => Math.round(share * slider.max));
    for (const notch of [...notches, slider.value]) {
      slider.value = notch;
      slider.dispatchEvent(new Event('input'));
      await frame();
      window.look();
    }
    slider.dispatchEvent(new Event('change'));
  }
  await frame();
  await frame();
  window.look();
  return names;
}"""
# Sizes of the window, and the parts that a layout shows without scrolling.
PICTURES = ["#headline", "#map", ".transport"]
ALL = [*PICTURES, "#relief", ".first-controls"]
LAYOUTS = {
    "laptop": (1280, 800, ALL),
    "projector": (1280, 720, ALL),
    "phone": (360, 740, [*PICTURES, "[data-field='runs']", "[data-field='clip.threshold']"]),
}
SIZES = {**LAYOUTS, "desk": (1440, 900, ALL), "screen": (1920, 1080, ALL)}
# The least of a canvas that shows what a curve does.
CURVES = 80
BELOW = """([parts, curves]) => {
  const box = (part) => document.querySelector(part).getBoundingClientRect();
  const below = parts.filter((part) => box(part).bottom > innerHeight);
  if (curves && box('#curves').top + curves > innerHeight) below.push('#curves');
  if (document.documentElement.scrollWidth > innerWidth) below.push('the right edge');
  return below;
}"""
QUERIES = [*(f"?landscape={name}" for name in LANDSCAPES.entries), NET]
SET_MODE = "(mode) => (document.documentElement.dataset.projector = mode)"


@pytest.fixture
def visitor(visit: Visit) -> Iterator[Visitor]:
    """A visitor who leaves the projector mode at the end."""
    visitor = visit()
    yield visitor
    visitor.page.evaluate(SET_MODE, "off")


def set_layout(visitor: Visitor, layout: str) -> None:
    """The window and the mode of a layout."""
    width, height, _ = SIZES[layout]
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.page.evaluate(SET_MODE, "on" if layout == "projector" else "off")
    visitor.frames(2)


def drag_everything(visitor: Visitor) -> list[str]:
    """Drag the start and the main sliders; returns what has moved."""
    visitor.page.evaluate(WATCH)
    x, y = visitor.centre("#map-handle")
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    for dx, dy in [(40, -30), (-60, 40), (-20, 10)]:
        visitor.page.mouse.move(x + dx, y + dy)
        visitor.frames(1)
        visitor.page.evaluate("look()")
    visitor.page.mouse.up()
    assert {"clip.threshold", "optimizer.learning_rate"} <= set(visitor.page.evaluate(SLIDE))
    # The server computes the last pictures of a network.
    visitor.asked()
    visitor.frames()
    visitor.page.evaluate("look()")
    moved: list[str] = visitor.page.evaluate("[...new Set([...moved, ...shifts])]")
    return moved


@pytest.mark.parametrize("query", QUERIES, ids=[*LANDSCAPES.entries, "recurrent_network"])
def test_the_first_screen_holds_its_parts_and_nothing_moves(visitor: Visitor, query: str) -> None:
    visitor.turn_to(query)
    for layout, (_, _, parts) in SIZES.items():
        set_layout(visitor, layout)
        curves = CURVES if layout not in ("projector", "phone") else 0
        assert visitor.page.evaluate(BELOW, [parts, curves]) == [], layout
    for layout in LAYOUTS:
        set_layout(visitor, layout)
        assert drag_everything(visitor) == [], layout


@pytest.mark.parametrize("field", ["optimizer.learning_rate", "landscape.sequence_length", "landscape.target", "steps"])
def test_on_a_phone_the_map_stays_in_sight_while_a_control_is_moved(visit: Visit, field: str) -> None:
    visitor = visit(viewport={"width": 360, "height": 740})
    visitor.slider(field).scroll_into_view_if_needed()
    x, y = visitor.centre(f"[data-field='{field}'] input[type=range]")
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + 20, y)
    visitor.frames()
    assert visitor.page.evaluate("document.scrollingElement.scrollTop") > 0
    box = visitor.page.locator("#map").bounding_box()
    assert box is not None and box["y"] >= 0
    assert box["y"] + box["height"] < y < 740
    assert visitor.page.evaluate("([x, y]) => document.elementFromPoint(x, y).type", [x, y]) == "range"
    visitor.page.mouse.up()


SENTENCE = """(text) => {
  const words = document.querySelector('#headline .without span');
  words.textContent = text;
  const range = document.createRange();
  range.selectNodeContents(words);
  return [words.getBoundingClientRect().top, range.getClientRects().length];
}"""


def test_on_a_phone_a_sentence_of_the_headline_begins_at_one_place_with_one_line_and_with_more(visit: Visit) -> None:
    visitor = visit(viewport={"width": 360, "height": 740})
    short, long = (visitor.page.evaluate(SENTENCE, count * "it converges. ") for count in (1, 4))
    assert long[1] > short[1] == 1
    assert short[0] == long[0]

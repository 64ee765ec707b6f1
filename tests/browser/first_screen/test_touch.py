"""Touch: on a phone everything that can be pressed has room for a finger, also on the first screen."""

from typing import Any

from tests.browser.conftest import Visit

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# WCAG 2.5.8 exempts targets in a sentence, whose size the line of text decides.
IN_SENTENCE = "p a, figcaption .info"
# Half a pixel at each side is lost where an element does not begin at a whole pixel.
LEAST = 43
# The lengths across each element that react to a finger, through its middle.
SMALL = """([inSentence, least]) => {
  const FAR = 60;
  const reach = (element, x, y, dx, dy) => {
    for (let far = 0; far < FAR; far += 0.5) {
      const hit = document.elementFromPoint(x + far * dx, y + far * dy);
      if (!element.contains(hit) && hit?.closest("label")?.control !== element) return far;
    }
    return FAR;
  };
  const found = [];
  for (const element of document.querySelectorAll("button, a[href], input, select, textarea, summary")) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue;
    if (element.matches(inSentence)) continue;
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, width, height } = element.getBoundingClientRect();
    const sides = [[-1, 0], [1, 0], [0, -1], [0, 1]];
    const [a, b, c, d] = sides.map(([dx, dy]) => reach(element, left + width / 2, top + height / 2, dx, dy));
    const name = element.id || element.ariaLabel || element.textContent;
    if (Math.min(a + b, c + d) < least) found.push([name, a + b, c + d]);
  }
  scrollTo(0, 0);
  return found;
}"""
LOWEST = """(selectors) => Object.fromEntries(
  selectors.map((one) => [one, document.querySelector(one).getBoundingClientRect().bottom]))"""
FIRST_SCREEN = ["#headline", "#map", "#scrub", ".first-controls .segmented"]


def small_targets(visit: Visit, query: str = "") -> list[Any]:
    """What is too small on the page of a link."""
    visitor = visit(query, **PHONE)
    found: list[Any] = visitor.page.evaluate(SMALL, [IN_SENTENCE, LEAST])
    return found


def test_everything_on_the_opening_page_has_room_for_a_finger(fresh_visit: Visit) -> None:
    assert small_targets(fresh_visit) == []


def test_open_groups_and_the_outcome_map_have_room_for_fingers(fresh_visit: Visit) -> None:
    query = "?landscape=saddle&steps=20&map=outcomes&optimizer=adam&optimizer.first_decay=0.5&colour=gradient_norm"
    assert small_targets(fresh_visit, query) == []


# Whether the button is inside the line, and is what is pressed 20 pixels above and below its middle.
CANCEL = """() => {
  const [line, button] = ['map-progress', 'map-cancel'].map((id) => document.getElementById(id));
  line.hidden = false;
  line.scrollIntoView({ block: 'center', behavior: 'instant' });
  const [outer, inner] = [line, button].map((one) => one.getBoundingClientRect());
  const [x, y] = [inner.x + inner.width / 2, inner.y + inner.height / 2];
  const pressed = [y - 20, y + 20].map((at) => document.elementFromPoint(x, at) === button);
  return [outer.top < inner.top && inner.bottom < outer.bottom, ...pressed];
}"""


def test_the_button_that_cancels_a_map_is_inside_its_line_and_large_enough(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?landscape=saddle&steps=20&map=outcomes", **PHONE)
    assert visitor.page.evaluate(CANCEL) == [True, True, True]


def test_the_first_screen_of_a_touch_screen_has_the_first_control(fresh_visit: Visit) -> None:
    visitor = fresh_visit(**PHONE)
    lowest = visitor.page.evaluate(LOWEST, FIRST_SCREEN)
    assert max(lowest.values()) <= 740, lowest
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360

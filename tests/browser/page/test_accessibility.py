"""Accessibility: names, the order of focus, visible focus, contrast, and what a screen reader speaks."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.accessibility_tree import OPERABLE, name, role, tree
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

DESCRIBED = {"img", "image", "region", "group", "table", "navigation", "complementary", "figure"}
FOCUSED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  if (element === document.body) return ['BODY', true, 0];
  return [element.id || element.getAttribute('aria-label') || element.textContent.trim() || element.tagName,
    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, element.tabIndex];
}"""


@pytest.fixture(scope="module")
def listener(long_visit: Visit) -> Visitor:
    """A visitor for tests that only read the accessibility tree."""
    return long_visit()


def test_every_control_has_a_name(listener: Visitor) -> None:
    nodes = [node for node in tree(listener) if role(node) in OPERABLE]
    assert len(nodes) > 30
    assert [role(node) for node in nodes if not name(node)] == []


def test_controls_of_a_kind_have_different_names(listener: Visitor) -> None:
    nodes = [(role(node), name(node)) for node in tree(listener) if role(node) in OPERABLE]
    twice = {node for node in nodes if nodes.count(node) > 1}
    assert twice == set()


def test_pictures_are_described(listener: Visitor) -> None:
    pictures = [name(node) for node in tree(listener) if role(node) in ("img", "image")]
    assert all(pictures)
    for part in ("loss", "gradient norm", "step length", "map", "relief"):
        assert any(part in picture for picture in pictures), part


def test_the_page_declares_its_language_and_has_one_first_level_heading(listener: Visitor) -> None:
    expect(listener.page.locator("html")).to_have_attribute("lang", "en")
    expect(listener.page.locator("h1")).to_have_count(1)


def test_identifiers_are_unique(listener: Visitor) -> None:
    identifiers = listener.page.locator("[id]").evaluate_all("(all) => all.map((element) => element.id)")
    assert len(identifiers) == len(set(identifiers))


def test_the_description_of_every_field_exists(listener: Visitor) -> None:
    missing = listener.page.locator("[aria-describedby]").evaluate_all(
        "(all) => all.flatMap((e) => e.getAttribute('aria-describedby').split(' ')).filter((id) => "
        "!document.getElementById(id))"
    )
    assert missing == []


def test_sliders_announce_values_and_not_positions(listener: Visitor) -> None:
    expect(listener.slider("optimizer.learning_rate")).to_have_attribute("aria-valuetext", "0.5")
    expect(listener.slider("clip.threshold")).to_have_attribute("aria-valuetext", "0.2")
    expect(listener.page.locator("#scrub")).to_have_attribute("aria-valuetext", "step 60 / 60")


def test_the_headline_is_announced_after_a_change(visit: Visit) -> None:
    visitor = visit()
    live = visitor.page.locator("#live")
    expect(live).to_have_attribute("aria-live", "polite")
    visitor.type("steps", "20")
    for sentence in expected.headlines("?steps=20").values():
        expect(live).to_contain_text(sentence)


def test_a_drag_is_announced_once_at_its_end(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#live")).not_to_be_empty()
    visitor.page.evaluate("""() => {
      window.spoken = [];
      const live = document.getElementById('live');
      new MutationObserver(() => spoken.push(live.textContent)).observe(live, { childList: true, characterData: true });
    }""")
    x, y = visitor.centre("#map-handle")
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    for k in range(1, 15):
        visitor.page.mouse.move(x - 3 * k, y + k)
    visitor.page.mouse.up()
    said = visitor.page.locator("#headline .run.with").inner_text().strip()
    expect(visitor.page.locator("#live")).to_contain_text(said)
    assert len(visitor.page.evaluate("spoken")) <= 2


def test_a_problem_is_an_alert(listener: Visitor) -> None:
    roles = listener.page.locator(".problem").evaluate_all("(all) => all.map((e) => e.getAttribute('role'))")
    assert roles
    assert set(roles) == {"alert"}


def test_the_tab_key_reaches_every_control_with_visible_focus(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    seen = []
    for _ in range(80):
        visitor.page.keyboard.press("Tab")
        what, visible, order = visitor.page.evaluate(FOCUSED)
        if what == "BODY" or (seen and what == seen[0]):
            break
        assert visible, f"no visible focus on {what}"
        assert order == 0
        seen.append(what)
    wanted = ["field-landscape", "share", "theme", "map-handle", "field-optimizer-learning_rate", "play", "scrub"]
    assert [what for what in wanted if what not in seen] == []
    assert seen.index("map-handle") < 10


def test_a_hidden_handle_is_not_in_the_accessibility_tree(visit: Visit) -> None:
    """Without the relief there is no handle on it."""
    visitor = visit()
    assert visitor.page.locator("#relief-handle").is_hidden()
    assert all("relief" not in name(node).lower() for node in tree(visitor) if role(node) == "button")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(visit: Visit, theme: str) -> None:
    """WCAG 2.2 asks for a contrast of 4.5 to 1."""
    visitor = visit(color_scheme=theme)
    low = visitor.page.evaluate("""() => {
      const probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const rgb = (colour) => {
        probe.clearRect(0, 0, 1, 1);
        probe.fillStyle = colour;
        probe.fillRect(0, 0, 1, 1);
        return [...probe.getImageData(0, 0, 1, 1).data];
      };
      const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
      const paper = (element) => {
        for (let e = element; e; e = e.parentElement) {
          const colour = rgb(getComputedStyle(e).backgroundColor);
          if (colour[3] === 255) return colour;
        }
        return [255, 255, 255];
      };
      const worded = (e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      const texts = [...document.querySelectorAll('body *')].filter((e) =>
        e.checkVisibility() && worded(e) && !e.closest('svg'));
      return texts.map((e) => {
        const [a, b] = [light(rgb(getComputedStyle(e).color)), light(paper(e))].sort((x, y) => y - x);
        return [e.textContent.trim().slice(0, 40), (a + 0.05) / (b + 0.05)];
      }).filter(([, ratio]) => ratio < 4.5);
    }""")
    assert low == []


def test_projector_mode_has_larger_type_and_is_kept(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    size = "() => parseFloat(getComputedStyle(document.querySelector('.verdict .sentence')).fontSize)"
    before = visitor.page.evaluate(size)
    visitor.page.locator("#projector").click()
    expect(visitor.page.locator("#projector")).to_have_attribute("aria-pressed", "true")
    assert visitor.page.evaluate(size) > 1.2 * before
    # On the smallest projector the transport is still one row.
    visitor.page.set_viewport_size({"width": 1280, "height": 720})
    heights = [visitor.centre(name)[1] for name in ("#play", "#scrub", "#speed")]
    assert max(heights) - min(heights) < 5
    visitor.page.reload()
    visitor.await_verdict()
    assert visitor.page.evaluate(size) > 1.2 * before

"""Titles of the curves, and the hint at the threshold: each has room in its curve, however many curves there are."""

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import Visit

RECORD = """() => {
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    if (this.canvas.id.startsWith('curve-') && this.font.startsWith('600') && y < 20)
      (window.titles ??= {})[this.canvas.id] = [text, x + this.measureText(text).width];
    return fillText.call(this, text, x, y, ...rest);
  };
}"""
PHONE, SMALL, LARGE = ((360, 740), (1280, 800), (1920, 1080))
LONG, SHORT = "gradient norm before clipping", "norm before clipping"


@pytest.mark.parametrize(
    ("size", "query", "title"),
    [
        (PHONE, "?optimizer=adam", LONG),
        (SMALL, "?optimizer=adam", SHORT),
        (SMALL, "", LONG),
        (LARGE, "?optimizer=adam", LONG),
    ],
)
def test_titles_and_the_hint_are_inside_their_curves(
    fresh_visit: Visit, size: tuple[int, int], query: str, title: str
) -> None:
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    visitor = fresh_visit(query, viewport=viewport)
    page = visitor.page
    page.evaluate(RECORD)
    page.locator("#play").press("ArrowLeft")
    visitor.type("clip.threshold", "0.25")
    visitor.until("() => Object.keys(window.titles ?? {}).length >= 3")
    found = page.evaluate("window.titles")
    assert found["curve-gradient_norm"][0] == title
    for name, (_, end) in found.items():
        curve = page.locator(f"#{name}").bounding_box()
        info = page.locator(f"figure:has(> #{name}) .info").bounding_box()
        assert curve and info
        assert curve["x"] + end < info["x"]
    hint = page.locator("#curves [data-hint]:visible")
    expect(hint).to_have_count(1)
    curve, box = page.locator("#curve-gradient_norm").bounding_box(), hint.bounding_box()
    assert curve and box
    assert curve["x"] + 40 < box["x"] and box["x"] + box["width"] < curve["x"] + curve["width"]


def test_the_hint_is_in_the_place_of_the_label(fresh_visit: Visit) -> None:
    """The label has a height of 18 pixels around the line of the threshold."""
    visitor = fresh_visit()
    grip = visitor.page.locator(".grip:visible").bounding_box()
    assert grip
    line = grip["y"] + grip["height"] / 2
    box = visitor.page.locator("#curves [data-hint]:visible").bounding_box()
    assert box
    assert box["y"] <= line - 9.5 and box["y"] + box["height"] >= line + 9.5

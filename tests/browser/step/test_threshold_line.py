"""The threshold's line over a curve, dragged by mouse and by finger."""

import math

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.step.threshold_line import CURVE, THRESHOLD_HEIGHT, line_place, threshold


def test_the_line_lies_where_the_threshold_is(visit: Visit) -> None:
    """The axis is logarithmic: the geometric mean of two thresholds lies halfway between them."""
    visitor = visit()
    heights = {}
    for text in ("1", "0.001", "0.0316"):
        visitor.type("clip.threshold", text)
        visitor.frames()
        heights[text] = line_place(visitor)[1]
    assert heights["0.001"] - heights["1"] > 12
    assert heights["0.0316"] == pytest.approx((heights["1"] + heights["0.001"]) / 2, abs=1)


def test_the_line_is_dragged_by_mouse(visit: Visit) -> None:
    visitor = visit()
    x, y = line_place(visitor)
    visitor.page.mouse.move(x, y)
    expect(visitor.page.locator(f"#curve-{CURVE}")).to_have_css("cursor", "ns-resize")
    visitor.page.mouse.down()
    visitor.page.mouse.move(x, y - 12, steps=4)
    visitor.frames()
    held = threshold(visitor)
    assert 0.3 < held < 20
    assert visitor.link() == "", "the address changes only after the drag"
    assert line_place(visitor)[1] == pytest.approx(y - 12, abs=1.5)
    visitor.page.mouse.up()
    visitor.until("() => location.search.startsWith('?clip.threshold=')")
    assert expected.scene(visitor.link()).clip.threshold == held == threshold(visitor)
    assert visitor.verdicts() == expected.verdicts(visitor.link())


def test_dragging_the_line_sends_no_requests(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    x, y = line_place(visitor)
    before = visitor.asked()
    visitor.drag((x, y), (x, y - 20), (x, y + 15))
    visitor.until("() => location.search !== ''")
    assert visitor.requests[before:] == []


def test_the_line_stops_at_the_thresholds_bounds(visit: Visit) -> None:
    visitor = visit()
    x, y = line_place(visitor)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    # The axis changes with the threshold. Further moves must keep the value at the bound.
    for _ in range(6):
        visitor.page.mouse.move(x, y - 2000)
        visitor.frames()
    assert threshold(visitor) == 1000
    assert math.isfinite(line_place(visitor)[1])
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
    """The line is dragged on that curve, and the clip factor is that of the step."""
    visitor = visit("?clip=step_by_norm")
    # There is no line on the curve of gradient norms.
    assert visitor.page.evaluate(THRESHOLD_HEIGHT, CURVE) is None
    x, y = line_place(visitor, "step_length")
    visitor.drag((x, y), (x, y + 12))
    visitor.until("() => location.search.includes('clip.threshold=')")
    assert 0.001 < threshold(visitor) < 0.1
    assert visitor.verdicts() == expected.verdicts(visitor.link())
    lengths = expected.trajectories(visitor.link())["with"].step_length[:-1]
    assert float(lengths.max()) == pytest.approx(threshold(visitor), rel=1e-12)


def test_a_press_away_from_the_line_scrubs(visit: Visit) -> None:
    visitor = visit()
    x, y = line_place(visitor)
    visitor.page.mouse.click(x, y + 40)
    visitor.frames()
    assert threshold(visitor) == 0.2
    assert 20 < visitor.step() < 40

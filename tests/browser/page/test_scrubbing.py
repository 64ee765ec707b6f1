"""Choosing a step: by the slider, or by pointing into a curve."""

from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.page.transport_page import is_playing, press
from tests.browser.visitor import Visitor

CURVES = ["loss", "gradient_norm", "step_length"]
# The curves' margins, static/js/views/curves/curve_scale.js.
LEFT, RIGHT = 44, 12


def over(visitor: Visitor, curve: str, step: int) -> tuple[float, float]:
    """The pixel of a step in a curve of 60 steps."""
    canvas = visitor.page.locator(f"#curve-{curve}")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    return box["x"] + LEFT + step / 60 * (box["width"] - LEFT - RIGHT), box["y"] + 40


def test_scrubbing_sets_the_step_everywhere(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#scrub").fill("13")
    visitor.frames()
    expect(visitor.page.locator("#step-label")).to_have_text("step 13 / 60")
    expect(visitor.page.locator("#scrub")).to_have_attribute("aria-valuetext", "step 13 / 60")
    for run in ("without", "with"):
        assert visitor.readout(run) == expected.readout("", run, 13)


def test_scrubbing_pauses_the_animation(visit: Visit) -> None:
    visitor = visit()
    press(visitor, "play")
    visitor.page.locator("#scrub").fill("40")
    assert not is_playing(visitor)
    visitor.frames(10)
    assert visitor.step() == 40


def test_hovering_over_a_curve_shows_its_step(visit: Visit) -> None:
    visitor = visit()
    for curve in CURVES:
        visitor.page.mouse.move(*over(visitor, curve, 13))
        visitor.frames()
        for run in ("without", "with"):
            assert visitor.readout(run) == expected.readout("", run, 13)
        visitor.page.mouse.move(2, 2)
        visitor.frames()
        for run in ("without", "with"):
            assert visitor.readout(run) == expected.readout("", run, 60)


def test_pressing_into_a_curve_scrubs(visit: Visit) -> None:
    visitor = visit("?runs=without")
    for curve, step in zip(CURVES, (20, 35, 50), strict=True):
        visitor.page.mouse.click(*over(visitor, curve, step))
        # Without the pointer over a curve, the page shows the chosen step.
        visitor.page.mouse.move(2, 2)
        visitor.frames()
        assert visitor.step() == step
        assert visitor.readout("without") == expected.readout("", "without", step)


def test_dragging_through_a_curve_scrubs_along(visit: Visit) -> None:
    visitor = visit()
    visitor.drag(over(visitor, "loss", 10), over(visitor, "loss", 50))
    visitor.page.mouse.move(2, 2)
    visitor.frames()
    assert visitor.step() == 50


def test_with_fewer_steps_the_current_step_is_the_last(visit: Visit) -> None:
    visitor = visit()
    visitor.type("steps", "25")
    expect(visitor.page.locator("#step-label")).to_have_text("step 25 / 25")
    visitor.type("steps", "40")
    expect(visitor.page.locator("#step-label")).to_have_text("step 40 / 40")

"""The element under the pointer stays in place while the page around it changes size."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.step.threshold_line import CURVE, line_place, threshold


@pytest.mark.parametrize("query", ["", "?landscape=himmelblau&optimizer.learning_rate=0.02", "?landscape=outlier"])
def test_pointing_at_a_curve_does_not_move_the_page(visit: Visit, query: str) -> None:
    """The numbers of another step may be wider, and the curves must not move."""
    visitor = visit(query)
    canvas = visitor.page.locator(f"#curve-{CURVE}")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    read = set()
    for share in range(3, 20, 2):
        visitor.page.mouse.move(box["x"] + box["width"] * share / 20, box["y"] + box["height"] / 2)
        visitor.frames()
        assert canvas.bounding_box() == box
        read.add(tuple(visitor.readout("with")))
    assert len(read) > 5


@pytest.mark.parametrize("width", [360, 1280])
def test_the_curve_stays_under_the_pointer_when_the_verdict_grows(visit: Visit, width: int) -> None:
    """The threshold moves from a value at which the run is not thrown to one at which it is, and back."""
    visitor = visit(viewport={"width": width, "height": 800})
    x, y = line_place(visitor)
    canvas, sentence = visitor.page.locator(f"#curve-{CURVE}"), visitor.sentence("with")
    box, said = canvas.bounding_box(), sentence.bounding_box()
    assert box is not None
    assert said is not None
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    heights = set()
    for k in [*range(0, 80, 16), *range(80, -40, -16)]:
        visitor.page.mouse.move(x, y - k)
        visitor.frames()
        heights.add(sentence.evaluate("(sentence) => sentence.offsetHeight"))
        assert canvas.bounding_box() == pytest.approx(box, abs=1)
    visitor.page.mouse.up()
    visitor.frames()
    assert canvas.bounding_box() == pytest.approx(box, abs=1)
    assert max(heights) > said["height"] + 15


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("name", "query"),
    [("steps", ""), pytest.param("steps", "?steps=5", marks=pytest.mark.thorough), ("clip.threshold", "")],
)
def test_a_slider_stays_under_the_pointer_when_a_note_above_it_changes(
    visit: Visit, name: str, query: str, width: int
) -> None:
    """The note on stable learning rates above the slider has more or fewer lines for every run."""
    visitor = visit(query, viewport={"width": width, "height": 800})
    expect(visitor.page.locator("#stable")).not_to_be_empty()
    visitor.reveal("#stable")
    slider, note = visitor.slider(name), visitor.page.locator("#stable")
    slider.scroll_into_view_if_needed()
    # Away from the top, where the page could not scroll back.
    visitor.page.locator("#controls").evaluate("(controls) => controls.scrollTop += 60")
    visitor.page.evaluate("scrollBy(0, 60)")
    box = slider.bounding_box()
    assert box is not None
    share = float(slider.evaluate("(slider) => (slider.value - slider.min) / (slider.max - slider.min)"))
    x, y = box["x"] + 8 + (box["width"] - 16) * share, box["y"] + box["height"] / 2
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    said = set()
    # A slider's thumb is 16 pixels wide, so its centre stays 8 pixels away from both ends.
    for k in [*range(0, 21, 2), *range(19, -1, -2)]:
        visitor.page.mouse.move(box["x"] + 8 + (box["width"] - 16) * k / 20, y)
        visitor.frames(2)
        said.add(note.inner_text())
        assert slider.bounding_box() == pytest.approx(box, abs=1)
    visitor.page.mouse.up()
    visitor.frames()
    assert slider.bounding_box() == pytest.approx(box, abs=1)
    assert len(said) > 4


def test_hiding_the_dragged_curve_does_not_scroll_the_page(fresh_visit: Visit) -> None:
    visitor = fresh_visit(viewport={"width": 360, "height": 800})
    x, y = line_place(visitor)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x, y - 8)
    visitor.frames()
    visitor.page.locator(f"#curve-{CURVE}").evaluate("(canvas) => { canvas.hidden = true; }")
    visitor.frames()
    before = visitor.page.evaluate("scrollY")
    # By script, since a click would scroll to the slider.
    visitor.slider("clip.threshold").evaluate("""(slider) => {
      slider.value = slider.min;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }""")
    visitor.frames()
    assert threshold(visitor) < 0.1
    visitor.page.mouse.up()
    visitor.frames()
    # A hidden element has no position, and the page must not scroll to its top. When the verdict above becomes shorter,
    # the browser itself keeps what is on screen in place.
    verdicts = visitor.page.locator("#verdicts").bounding_box()
    assert verdicts is not None
    assert before > 1000
    assert abs(visitor.page.evaluate("scrollY") - before) < verdicts["height"]

"""The relief: its handle, its camera, and dragging the start over the surface."""

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset
from tests.browser.mapping import Bounds
from tests.browser.relief.plotly_scene import HANDLE, opinions
from tests.browser.visitor import Visitor

DESCENT: Bounds = (3.5, 5.7, -3.0, -1.3)


@pytest.fixture(scope="module")
def stayer(long_visit: Visit) -> Visitor:
    """A visitor with the relief, which takes seconds to draw."""
    return long_visit(relief=True)


@pytest.fixture
def visitor(stayer: Visitor) -> Visitor:
    """The same visitor, with the start of the opening page."""
    if stayer.start() != (4.6, -1.7):
        stayer.type("start.0", "4.6")
        stayer.type("start.1", "-1.7")
        stayer.settle()
    # Away from the curves: hovering over one would show another step.
    stayer.page.mouse.move(1, 1)
    return stayer


def test_the_handle_is_where_plotlys_camera_projects_the_start(visitor: Visitor) -> None:
    theirs, ours = opinions(visitor)
    assert ours == pytest.approx(theirs, abs=2)


def test_a_mouse_drags_the_start_over_the_surface(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    end = x + 25, y + 30
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(*end, steps=5)
    visitor.frames()
    assert visitor.centre(HANDLE) == pytest.approx(end, abs=2)
    assert visitor.start() != (4.6, -1.7)
    visitor.page.mouse.up()
    visitor.settle()
    assert visitor.verdicts() == expected.verdicts(visitor.link())
    point = visitor.mapping(DESCENT).point(*visitor.centre("#map-handle"))
    assert point == pytest.approx(visitor.start(), abs=0.01)


def test_plotly_projects_the_picked_point_to_the_pointer(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    end = x + 20, y + 25
    visitor.drag((x, y), end)
    visitor.settle()
    theirs, _ = opinions(visitor)
    assert theirs == pytest.approx(end, abs=3)


def test_a_drag_sends_no_requests(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    before = visitor.asked()
    visitor.drag((x, y), (x + 30, y + 10), (x - 20, y - 10), (x + 10, y + 30))
    visitor.settle()
    assert visitor.requests[before:] == []


def test_off_the_surface_the_start_stays_where_it_was(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    box = visitor.page.locator("#relief").bounding_box()
    assert box is not None
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + 10, y + 10, steps=3)
    visitor.frames()
    there = visitor.start()
    # No part of the surface is in the corner of the relief.
    visitor.page.mouse.move(box["x"] + 4, box["y"] + 4)
    visitor.frames()
    assert visitor.start() == there
    visitor.page.mouse.up()
    visitor.frames()
    assert visitor.start() == there


@pytest.mark.parametrize(("keys", "start"), [("ArrowLeft", (4.578, -1.7)), ("Shift+ArrowUp", (4.6, -1.6983))])
def test_arrow_keys_move_the_start(visitor: Visitor, keys: str, start: tuple[float, float]) -> None:
    before = visitor.centre(HANDLE)
    visitor.page.locator(HANDLE).focus()
    visitor.page.keyboard.press(keys)
    visitor.frames()
    assert visitor.start() == pytest.approx(start, abs=1e-9)
    assert visitor.centre(HANDLE) != before
    assert visitor.verdict("with") != expected.verdicts("")["with"]


@pytest.mark.parametrize("ratio", [2, 3])
def test_labels_are_as_fine_as_the_screen(fresh_visit: Visit, ratio: int) -> None:
    visitor = fresh_visit(relief=True, device_scale_factor=ratio, viewport={"width": 500, "height": 700})
    overlay = visitor.page.locator("#relief-overlay")
    fine, shown = overlay.evaluate("({ width, clientWidth }) => [width, clientWidth]")
    assert fine == pytest.approx(ratio * shown, abs=ratio)


def test_a_fine_screen_gets_fine_labels_and_a_finger_drags_the_start(fresh_visit: Visit) -> None:
    size: ViewportSize = {"width": 500, "height": 700}
    visitor = fresh_visit(relief=True, has_touch=True, device_scale_factor=2, viewport=size)
    sizes = visitor.page.evaluate("""() => {
      const canvas = document.querySelector('#relief-plot canvas');
      return [canvas.width, canvas.clientWidth];
    }""")
    assert sizes[0] == pytest.approx(2 * sizes[1], abs=2)
    visitor.page.locator("#relief").scroll_into_view_if_needed()
    x, y = visitor.centre(HANDLE)
    session = visitor.page.context.new_cdp_session(visitor.page)
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + 10, "y": y + 15}]),
        ("touchMove", [{"x": x + 20, "y": y + 25}]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        visitor.frames(2)
    assert visitor.centre(HANDLE) == pytest.approx((x + 20, y + 25), abs=2)
    assert visitor.start() != (4.6, -1.7)


def test_after_a_resize_the_handle_is_where_plotly_projects_the_start(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1600, "height": 1000})
    visitor.until("""() => {
      const plot = document.getElementById('relief-plot');
      return plot._fullLayout.width === document.getElementById('relief').clientWidth;
    }""")
    theirs, ours = opinions(visitor)
    assert ours == pytest.approx(theirs, abs=2)


def test_labels_of_the_axes_are_on_the_overlay_and_not_in_plotlys_scene(visit: Visit) -> None:
    """Plotly would make triangles of their letters, also of those of hidden ticks, in tasks of hundreds of ms."""
    visitor = visit(relief=True)
    texts, painted = visitor.page.evaluate("""() => {
      const { scene } = document.getElementById('relief-plot')._fullLayout;
      const axes = [scene.xaxis, scene.yaxis, scene.zaxis];
      const overlay = document.getElementById('relief-overlay');
      // The axis of losses is on the left, where there are no paths.
      const { data } = overlay.getContext('2d').getImageData(0, 0, overlay.width / 5, overlay.height);
      const painted = data.filter((value, k) => k % 4 === 3 && value > 0).length;
      return [axes.flatMap(({ title, ticktext }) => [title.text, ...ticktext]), painted];
    }""")
    assert set(texts) == {""} and painted > 100


def test_the_relief_follows_the_landscape(visitor: Visitor) -> None:
    before = visitor.page.locator("#relief").get_attribute("data-key")
    choose_preset(visitor, "himmelblau/0")
    visitor.until(
        "(before) => { const { key, lines } = document.getElementById('relief').dataset; "
        "return key !== before && lines === '129'; }",
        before,
    )
    expect(visitor.page.locator(HANDLE)).to_be_visible()
    assert "log" in visitor.page.evaluate("document.getElementById('relief-plot')._fullLayout.meta.zaxis.title.text")
    theirs, ours = opinions(visitor)
    assert ours == pytest.approx(theirs, abs=2)


def test_a_start_beyond_the_mesh_has_no_handle_on_it(stayer: Visitor) -> None:
    visitor, query = stayer, "?window=paper&start=4.9,-2.45"
    visitor.turn_to(query)
    visitor.until("(key) => document.getElementById('relief').dataset.key === key", expected.relief(query))
    expect(visitor.page.locator(HANDLE)).to_be_visible()
    # Inside the landscape's other window, but outside the one that the relief shows.
    visitor.type("start.1", "-1.5")
    expect(visitor.page.locator(HANDLE)).to_be_hidden()
    visitor.type("start.1", "-2")
    expect(visitor.page.locator(HANDLE)).to_be_visible()


def test_nothing_is_drawn_where_the_pictures_are_hidden(stayer: Visitor) -> None:
    """A canvas that is hidden has no size, and places in it are no numbers."""
    stayer.turn_to("")
    expect(stayer.page.locator(HANDLE)).to_be_visible()
    for hidden in ("#relief", "#map", "canvas"):
        rule = stayer.page.add_style_tag(content=f"{hidden} {{ display: none !important; }}")
        for key in ("Home", "End", "ArrowLeft"):
            stayer.page.keyboard.press(key)
            stayer.frames(2)
        rule.evaluate("(element) => element.remove()")
    # Nothing tells the page that canvases alone are visible again; the next step draws them.
    stayer.page.keyboard.press("End")
    stayer.frames(2)
    assert stayer.errors == []
    expect(stayer.page.locator(HANDLE)).to_be_visible()

"""A loss of one parameter: a curve in the place of the map, with both runs on it."""

from urllib.parse import parse_qs, urlencode

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.map.start_handle import HANDLE
from tests.browser.visitor import Visitor

WELLS = "x**4/4 - x**2 + 0.3*x"


def curve(text: str, **choices: str) -> str:
    """The link of a formula."""
    return "?" + urlencode({"landscape": "formula", "landscape.text": text, **choices})


def area(visitor: Visitor) -> Locator:
    """The field of the formula."""
    return visitor.page.locator("[data-field='landscape.text'] textarea")


def expect_runs(visitor: Visitor) -> None:
    """Wait until the page shows the verdicts that Python computes for its link."""
    for run, said in expected.verdicts(visitor.link()).items():
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])


def test_a_formula_of_one_name_is_drawn_as_a_curve(visit: Visit) -> None:
    visitor = visit(curve("x**2 + y**2"))
    page = visitor.page
    expect(page.locator(".relief-picture")).to_be_visible()
    area(visitor).fill(WELLS)
    visitor.until("(text) => history.state.scene.landscape.text === text", WELLS)
    expect(page.locator("#map[data-columns='4097']")).to_have_attribute("data-legend", "loss −1.43 ... 3.83")
    expect(page.locator(".relief-picture")).to_be_hidden()
    expect(page.locator("#curve-words")).to_be_visible()
    expect(page.locator("#curve-axis")).to_have_text("x")
    expect(page.locator("#minima-words")).to_have_text(" Cross: minimum; small: local.")
    for hidden in ("#map-words", "#no-contours"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("#map-handle")).to_have_attribute(
        "aria-label", "Start on the curve: the left and right arrow keys move it, with Shift in finer steps"
    )
    expect_runs(visitor)
    # There is one coordinate.
    visitor.reveal("#field-start-0")
    expect(page.locator("#field-start-0")).to_be_visible()
    expect(page.locator("#field-start-1")).to_be_hidden()
    assert "," not in visitor.readout("without")[0]
    # Two names are a surface again.
    area(visitor).fill("x**2 + y**2")
    expect(page.locator(".relief-picture")).to_be_visible()
    expect(page.locator("#map-words")).to_be_visible()
    visitor.until("() => document.getElementById('map').dataset.legend.startsWith('loss 0 ... ≥')")


def test_on_a_phone_every_word_of_the_caption_is_readable_and_nothing_moves(visit: Visit) -> None:
    visitor = visit(curve(WELLS), viewport={"width": 360, "height": 740})
    caption = visitor.page.locator("#map-caption")
    expect(caption).to_contain_text("Cross: minimum; small: local.")
    sizes = "(one) => [one.scrollWidth, one.clientWidth, one.scrollHeight, one.clientHeight]"
    across, width, down, height = caption.evaluate(sizes)
    assert (across, down) == (width, height)
    # The shorter caption of a loss with one minimum has the same room, and so has a longer one.
    top = visitor.page.locator(".transport").bounding_box()
    for text in ("x**2/2", "exp(sin(x) + x**2/9)*cos(3*x)"):
        visitor.turn_to(curve(text))
        across, width, down, height = caption.evaluate(sizes)
        assert (across, down) == (width, height)
        assert visitor.page.locator(".transport").bounding_box() == top


def test_the_start_is_dragged_along_the_curve(visit: Visit) -> None:
    visitor = visit(curve("x**2/2", start="0"))
    lowest = visitor.centre(HANDLE)
    across = visitor.mapping((-2, 2, 0, 1))
    places = [across.pixel(x, 0)[0] for x in (1.0, 2**0.5)]
    heights = []
    for place in places:
        visitor.drag(visitor.centre(HANDLE), (place, 300))
        assert visitor.centre(HANDLE)[0] == pytest.approx(place, abs=1)
        heights.append(lowest[1] - visitor.centre(HANDLE)[1])
    # The loss is twice as high at √2 as at 1.
    assert heights[1] / heights[0] == pytest.approx(2, rel=0.02)
    visitor.settle()
    assert float(visitor.field("start.0").input_value()) == pytest.approx(2**0.5, abs=0.01)
    expect_runs(visitor)
    link = visitor.link()
    assert "," not in parse_qs(link)["start"][0]
    visitor.turn_to(f"?{link}")
    assert visitor.link() == link
    expect_runs(visitor)


def test_keys_move_the_start_and_buttons_zoom(visit: Visit) -> None:
    visitor = visit(curve("x**2/2", start="1"))
    page = visitor.page
    page.locator(HANDLE).focus()
    for key in ("ArrowUp", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    # A hundredth and a thousandth of the window's width, 4.
    visitor.until("() => history.state.scene.start?.[0] === 1.044")
    page.locator("#zoom-in").click()
    visitor.until("() => history.state.scene.window?.length === 4")
    assert expected.scene(visitor.link()).window == pytest.approx((-0.478, 1.522, 0, 0))
    assert parse_qs(visitor.link())["window"][0].count(",") == 1
    page.locator("#zoom-whole").click()
    visitor.until("() => history.state.scene.window === null")


def test_the_sweep_of_a_curve_varies_the_start_and_the_learning_rate(visit: Visit) -> None:
    visitor = visit(curve("x**2/2"))
    visitor.page.locator("#outcome-map").click()
    expect(visitor.page.locator("#outcomes")).to_be_visible()
    expect(visitor.page.locator("#outcomes-axes [aria-label='x axis: quantity']")).to_have_value("start.x")
    expect(visitor.page.locator("[data-field='outcomes-kind']")).to_be_hidden()
    assert parse_qs(visitor.link())["map"] == ["sweep"]


def test_a_hole_is_named_and_the_theme_changes_the_curve(visit: Visit) -> None:
    visitor = visit(curve("x - log(x)"))
    expect(visitor.page.locator("#map[data-columns='4097']")).to_have_attribute(
        "data-legend", "loss 1 ... 4.01; NaN hatched; Inf dotted"
    )
    light = visitor.page.locator("#map").screenshot()
    visitor.page.locator("#theme").click()
    visitor.frames()
    assert visitor.page.locator("#map").screenshot() != light


def test_a_reader_marks_on_the_curve_where_a_step_lands(fresh_visit: Visit) -> None:
    visitor = fresh_visit(curve("x**2/2", start="1.5", ask="mark", **{"ask.step": "0"}), predicting=True)
    page = visitor.page
    expect(page.locator("#lesson-question")).to_contain_text("Mark the point on the curve.")
    settle = page.locator("#lesson-settle")
    expect(settle).to_have_text("Tap the curve to place the mark")
    # The losses go up to 2, and 7 % of the height is free above and below. The learning rate is 0.5.
    picture = visitor.mapping((-2, 2, -0.14, 2.14))
    place, height = picture.pixel(0.75, 0.75**2 / 2)
    # The mark is on the curve, wherever the pointer was.
    page.mouse.click(place, height - 100)
    mark = visitor.centre("#mark")
    assert mark == pytest.approx((place, height), abs=4)
    settle.click()
    expect(page.locator("#lesson-result")).to_contain_text("Right. The step lands at 0.75 and is 0.75 units long.")
    line = page.locator("#mark-line line")
    area = page.locator("#map").bounding_box()
    assert area
    landing = [float(line.get_attribute(name) or "nan") for name in ("x2", "y2")]
    assert (area["x"] + landing[0], area["y"] + landing[1]) == pytest.approx(mark, abs=2)


@pytest.mark.parametrize("text", ["x/x", "log(x)"])
def test_a_curve_with_a_hole_at_its_start_is_drawn_after_a_map(visit: Visit, text: str) -> None:
    """The handle of the start has no height there, and the runs are labelled as lost."""
    visitor = visit()
    visitor.turn_to(curve(text, start="0"))
    assert visitor.colours("#map") > 2
    expect(visitor.sentence("without")).to_have_text("Inf or NaN from the start on")

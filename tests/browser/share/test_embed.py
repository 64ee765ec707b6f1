"""The page in a frame: it has what the link names, keeps the link while the Scene changes, and locks values."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import expected
from tests.browser.axe import grave_violations
from tests.browser.conftest import Visit
from tests.browser.map.start_handle import HANDLE
from tests.browser.visitor import Visitor

FRAME = {"width": 600, "height": 500}
SHOWN = "embed&show=clipping,learning_rate,play"


def parts(visitor: Visitor) -> set[str]:
    """The names of the parts and fields that can be seen."""
    found = visitor.page.locator("[data-part], [data-field]").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility()).map(({ dataset }) => dataset.part ?? dataset.field)"
    )
    return set(found) - {""}


def headline(visitor: Visitor, run: str) -> Locator:
    """A sentence of the headline."""
    return visitor.page.locator(f"#headline .{run} span")


def test_a_frame_shows_what_its_link_names(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"?{SHOWN}", viewport=FRAME)
    fields = {"runs", "clip.threshold", "optimizer.learning_rate"}
    # The parts that contain what is named are there too.
    around = {"controls", "transport"}
    assert parts(visitor) == {"headline", "map", "full_page", "play", *fields, *around}
    # Everything is in the frame.
    assert visitor.page.evaluate("document.documentElement.scrollHeight") <= FRAME["height"]
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= FRAME["width"]
    assert grave_violations(visitor) == []


def test_a_frame_has_zoom_buttons_only_if_they_are_named(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?embed&show=play", viewport=FRAME)
    expect(visitor.page.locator(".zoom button:visible")).to_have_count(0)
    named = fresh_visit("?embed&show=play,zoom", viewport=FRAME)
    expect(named.page.locator(".zoom button:visible")).to_have_count(3)


def test_a_folded_control_is_open_in_a_frame(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?optimizer=momentum&embed&show=momentum,steps")
    expect(visitor.page.locator("[data-field='optimizer.momentum'] input[type=text]")).to_be_visible()
    expect(visitor.page.locator("[data-field='steps'] input[type=text]")).to_be_visible()
    assert parts(visitor) & {"optimizer", "optimizer.learning_rate", "clip", "view"} == {"optimizer"}
    # Kinds, and the notes about them, are not named.
    expect(visitor.page.locator("#field-optimizer")).to_be_hidden()
    expect(visitor.page.locator(".notes:visible")).to_have_count(0)


def test_a_drag_keeps_the_presentation_in_the_link(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"?{SHOWN}&lock=learning_rate", viewport=FRAME)
    x, y = visitor.centre(HANDLE)
    visitor.drag((x, y), (x - 40, y + 10))
    visitor.settle()
    assert visitor.link().startswith("start=")
    assert visitor.link().endswith(f"&{SHOWN}&lock=learning_rate")
    whole = visitor.page.locator("#full-page")
    assert whole.get_attribute("href") == f"./?{visitor.link().partition('&')[0]}"
    visitor.page.reload()
    expect(headline(visitor, "with")).not_to_be_empty()
    assert parts(visitor) >= {"headline", "map", "play"}
    assert "relief" not in parts(visitor)
    visitor.page.go_back()
    visitor.until(f"() => location.search === '?{SHOWN}&lock=learning_rate'")


def test_a_locked_start_cannot_be_moved(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lock=start,clip.threshold")
    before = visitor.start()
    x, y = visitor.centre(HANDLE)
    visitor.drag((x, y), (x - 40, y + 10))
    visitor.drag((x - 60, y + 30), (x - 80, y + 30))
    visitor.page.locator("#map").press("ArrowLeft")
    assert visitor.start() == before
    expect(visitor.page.locator(HANDLE)).to_be_disabled()
    for name in ("start.0", "start.1", "clip.threshold"):
        expect(visitor.field(name)).to_be_disabled()
    expect(visitor.slider("clip.threshold")).to_be_disabled()
    expect(visitor.page.locator("#field-landscape")).to_be_disabled()
    # Another value can still be changed.
    visitor.type("optimizer.learning_rate", "0.1")
    visitor.until("() => location.search === '?optimizer.learning_rate=0.1&lock=start,clip.threshold'")
    assert visitor.verdicts() == expected.verdicts("?optimizer.learning_rate=0.1")


def test_a_locked_threshold_stays_where_its_line_is_dragged(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lock=clipping")
    expect(visitor.page.locator(".grip:visible")).to_have_count(0)
    expect(visitor.page.locator("[data-field='runs'] button").first).to_be_disabled()
    visitor.page.locator("#curve-gradient_norm").scroll_into_view_if_needed()
    x, y = visitor.centre("#curve-gradient_norm")
    visitor.drag((x, y - 60), (x, y + 60))
    assert visitor.field("clip.threshold").input_value() == "0.2"
    expect(visitor.page.locator("#threshold-words")).to_be_hidden()


def test_an_optimizer_without_the_locked_rate_is_refused_in_a_sentence(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lock=clip.threshold")
    options = visitor.field("clip").locator("option").evaluate_all("(all) => all.map(({ value }) => value)")
    visitor.field("clip").select_option("none" if "none" in options else options[-1])
    expect(visitor.page.locator("#notice")).to_contain_text("a value is locked that it does not have")
    expect(visitor.field("clip")).to_have_value("by_norm")


@pytest.mark.parametrize("hidden", ["relief,results", "map"])
def test_a_page_works_without_the_parts_that_its_link_hides(fresh_visit: Visit, hidden: str) -> None:
    link = f"?embed&show=relief,curves,results,this_step,learning_rate&hide={hidden}"
    visitor = fresh_visit(link)
    assert parts(visitor) & set(hidden.split(",")) == set()
    visitor.type("optimizer.learning_rate", "0.1")
    visitor.until(f"() => location.search === '?optimizer.learning_rate=0.1&{link[1:]}'")


def test_a_hidden_headline_is_still_said_to_screen_readers(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?hide=headline,curves,this_step&steps=7")
    assert parts(visitor) & {"headline", "curves", "this_step"} == set()
    expect(visitor.page.locator("#live")).to_contain_text("after 7 steps")
    expect(visitor.page.locator("#live")).not_to_contain_text("Answer")


def test_an_unknown_part_is_a_sentence_and_the_page_stays(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?steps=7&embed&show=clipping,reliev")
    notice = visitor.page.locator("#notice")
    expect(notice).to_contain_text("show must be one of title, landscape, ")
    expect(notice).to_contain_text("got 'reliev'")
    expect(headline(visitor, "with")).not_to_be_empty()
    visitor.until("() => location.search === '?steps=7&embed&show=clipping'")


def test_a_frame_shows_locked_values_that_it_does_not_name(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?embed&show=play&lock=learning_rate,start", viewport=FRAME)
    for name, value in (("optimizer.learning_rate", "0.5"), ("start.0", "4.6")):
        expect(visitor.field(name)).to_be_visible()
        expect(visitor.field(name)).to_be_disabled()
        expect(visitor.field(name)).to_have_value(value)
    expect(visitor.field("clip.threshold")).to_be_hidden()

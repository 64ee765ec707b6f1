"""A formula, typed into the page: the picture follows, names become sliders, and a mistake leaves the last picture."""

import re

import pytest
from playwright.sync_api import Locator, expect

from cliffscape.landscapes.formula.presets import WRITTEN_OUT
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset
from tests.browser.visitor import Visitor

SHIFTED = "k: (-3, 3) = 2\n(u - k)**2 + v**2"


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """A visitor who has chosen the formula in the gallery."""
    visitor = visit()
    choose_preset(visitor, "formula/0")
    expect_formula(visitor, WRITTEN_OUT)
    expect(area(visitor)).to_have_value(WRITTEN_OUT)
    return visitor


def area(visitor: Visitor) -> Locator:
    """The field of the formula."""
    return visitor.page.locator("[data-field='landscape.text'] textarea")


def problem(visitor: Visitor) -> Locator:
    """The sentence below the field."""
    return visitor.page.locator("[data-field='landscape.text'] .problem")


def expect_formula(visitor: Visitor, text: str) -> None:
    """Wait until the page shows the formula in full: link, verdicts and finest picture."""
    visitor.until("(text) => history.state.scene.landscape.text === text", text)
    link = visitor.link()
    for run, said in expected.verdicts(link).items():
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])
    visitor.until("(key) => document.getElementById('map').dataset.key === key", expected.picture(link))


def test_typing_draws_the_formula_with_its_names(visitor: Visitor) -> None:
    area(visitor).fill(SHIFTED)
    expect_formula(visitor, SHIFTED)
    expect(visitor.page.locator("[data-field='landscape.first_constant'] label")).to_have_text("k")
    slider = visitor.page.locator("[data-field='landscape.first_constant'] input[type=range]")
    expect(slider).to_have_attribute("aria-valuetext", "2")
    expect(visitor.page.locator("[data-field^='landscape.']")).to_have_count(2)
    expect(visitor.page.locator("[data-field='start.0'] label")).to_have_text("u")
    assert expected.scene(visitor.link()).resolved_window == (0, 4, -2, 2)
    # The slider moves the minimum, and the field keeps the text.
    visitor.field("landscape.first_constant").fill("0.5")
    visitor.field("landscape.first_constant").press("Enter")
    visitor.until("() => history.state.scene.landscape.first_constant === 0.5")
    expect_formula(visitor, SHIFTED)
    expect(area(visitor)).to_have_value(SHIFTED)
    # The minimum of the present value is marked, and runs converge to it.
    expect(visitor.page.locator("#minima-words")).to_have_text(" Cross: minimum.")
    assert expected.verdicts(visitor.link())["without"].startswith("Without clipping, converged")
    # A slider keeps its value while the formula around it changes.
    area(visitor).fill(f"{SHIFTED} + w*v")
    expect_formula(visitor, f"{SHIFTED} + w*v")
    landscape = expected.scene(visitor.link()).landscape
    assert (landscape.first_constant, landscape.second_constant) == (0.5, 1)
    # Back to the formula before it.
    visitor.page.go_back()
    expect(area(visitor)).to_have_value(SHIFTED)
    expect_formula(visitor, SHIFTED)


def test_a_mistake_has_a_sentence_and_the_last_picture_stays(visitor: Visitor) -> None:
    key = visitor.page.locator("#map").get_attribute("data-key")
    before = visitor.link()
    area(visitor).press("End")
    area(visitor).press_sequentially(" + eval(x)")
    expect(problem(visitor)).to_have_text(re.compile(r"with the functions exp, .*\(line 1, column 34\), got eval$"))
    expect(area(visitor)).to_have_attribute("aria-invalid", "true")
    expect(area(visitor)).to_be_focused()
    assert visitor.link() == before
    area(visitor).fill("x**2 + y**2")
    expect(problem(visitor)).to_be_empty()
    expect_formula(visitor, "x**2 + y**2")
    assert visitor.page.locator("#map").get_attribute("data-key") != key


def test_the_link_of_a_formula_opens_it(fresh_visit: Visit) -> None:
    query = "?landscape=formula&landscape.text=log(x)%20-%20y*y%20%2B%20c*x*x&landscape.first_constant=2"
    visitor = fresh_visit(query)
    expect(area(visitor)).to_have_value("log(x) - y*y + c*x*x")
    expect(visitor.field("landscape.first_constant")).to_have_value("2")
    expect(visitor.page.locator("#map")).to_be_visible()
    expect_formula(visitor, "log(x) - y*y + c*x*x")

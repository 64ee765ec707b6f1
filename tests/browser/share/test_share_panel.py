"""The panel of links: it copies the link and frames, shows the QR code, and works by keyboard."""

import html
import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from cliffscape.app.web.sharing.qr_code import qr_text
from tests.browser.axe import grave_violations
from tests.browser.conftest import Visit, run_server
from tests.browser.share.qr_link import coded_link
from tests.browser.visitor import Visitor

RAVINE = "?landscape=ravine&start=1,0.5"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def panel(visitor: Visitor) -> Locator:
    """The panel."""
    return visitor.page.locator("#share-panel")


def open_panel(visitor: Visitor) -> Locator:
    """Open the panel."""
    visitor.page.locator("#share").click()
    expect(panel(visitor)).to_be_visible()
    return panel(visitor)


def copied(visitor: Visitor) -> str:
    """The text in the clipboard."""
    text: str = visitor.page.evaluate("navigator.clipboard.readText()")
    return text


def test_link_and_code_are_those_of_the_experiment(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"{RAVINE}&hide=relief")
    open_panel(visitor)
    link = f"{visitor.address}/{RAVINE}&hide=relief"
    expect(panel(visitor).locator("#share-link")).to_have_value(link)
    assert coded_link(panel(visitor).locator("img")) == link
    # This server listens on one address of this machine.
    expect(panel(visitor)).to_contain_text("Only this machine can open this link")
    visitor.page.keyboard.press("Escape")
    visitor.choose("runs", "with")
    open_panel(visitor)
    link = f"{visitor.address}/{RAVINE}&runs=with&hide=relief"
    expect(panel(visitor).locator("#share-link")).to_have_value(link)
    assert coded_link(panel(visitor).locator("img")) == link


def test_the_frame_opens_with_the_main_controls(fresh_visit: Visit) -> None:
    visitor = fresh_visit(RAVINE, **CLIPBOARD)
    open_panel(visitor)
    panel(visitor).locator("#copy-frame").click()
    expect(panel(visitor).locator("#copy-frame")).to_have_text("HTML copied")
    address = html.unescape(re.findall(r'src="([^"]+)"', copied(visitor))[0])
    shown = "clipping,learning_rate,condition_number,play,step"
    assert address == f"{visitor.address}/{RAVINE}&embed&show={shown}"
    panel(visitor).locator("#copy-notebook").click()
    expect(panel(visitor).locator("#copy-notebook")).to_have_text("Code copied")
    assert f'IFrame("{address}"' in copied(visitor)
    framed = fresh_visit(address.removeprefix(f"{visitor.address}/"))
    expect(framed.page.locator("#notice")).to_be_hidden()
    expect(framed.field("landscape.condition_number")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_link_to_the_frame_is_in_its_sentence(fresh_visit: Visit, width: int) -> None:
    link = open_panel(fresh_visit(viewport={"width": width, "height": 740})).get_by_role("link", name="Open it")
    expect(link).to_be_visible()
    assert link.evaluate("(link) => getComputedStyle(link).display") == "inline"


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 720)])
def test_the_code_is_large_on_a_light_ground_in_the_dark_theme(fresh_visit: Visit, width: int, height: int) -> None:
    visitor = fresh_visit(RAVINE, color_scheme="dark", viewport={"width": width, "height": height})
    open_panel(visitor).locator("#qr-show").click()
    large = visitor.page.locator("#qr-large")
    assert coded_link(large.locator("img")) == f"{visitor.address}/{RAVINE}"
    box = large.locator("img").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 0.75 * min(width, height)
    assert large.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
    expect(large).to_contain_text(f"{visitor.address}/{RAVINE}")
    assert grave_violations(visitor) == []
    visitor.page.keyboard.press("Escape")
    expect(large).to_be_hidden()


def test_the_keyboard_opens_and_closes_the_panel(fresh_visit: Visit) -> None:
    visitor = fresh_visit(color_scheme="dark")
    button = visitor.page.locator("#share")
    button.press("Enter")
    expect(panel(visitor)).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(panel(visitor).locator("#copy-link")).to_be_focused()
    assert grave_violations(visitor) == []
    visitor.page.keyboard.press("Escape")
    expect(panel(visitor)).to_be_hidden()
    expect(button).to_be_focused()


def test_a_refused_code_is_a_sentence(fresh_visit: Visit) -> None:
    visitor = fresh_visit(RAVINE)
    visitor.page.route(
        "**/qr.svg?*", lambda route: route.fulfill(status=422, json={"detail": "text must be a link to this server"})
    )
    open_panel(visitor)
    expect(panel(visitor).locator("#qr-problem")).to_have_text("text must be a link to this server")
    expect(panel(visitor).locator("#qr-show")).to_be_hidden()
    # The browser writes the refused request to the console.
    assert all("422" in error for error in visitor.errors)
    visitor.errors.clear()


def test_a_class_gets_the_address_of_the_teachers_machine(browser: Browser) -> None:
    with run_server("--host", "0.0.0.0", "--qr") as (address, process):
        assert process.stdout is not None
        said = process.stdout.readline()
        room = re.search(r"Other machines reach it at (\S+)", said)
        page = browser.new_page()
        page.goto(f"{address}/?steps=7")
        page.locator("#share").click()
        base = room[1] if room else f"{address}/"
        if room:
            # Two sentences about names, then the code.
            code = qr_text(base).splitlines()
            lines = [process.stdout.readline().rstrip("\n") for _ in range(2 + len(code))]
            assert lines[2:] == code
        expect(page.locator("#share-link")).to_have_value(f"{base}?steps=7")
        assert coded_link(page.locator("#share-panel img")) == f"{base}?steps=7"
        page.close()

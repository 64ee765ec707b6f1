"""Forced colours: what is pressed, the stable limit and the focus are visible, and the pictures keep their colours."""

from tests.browser.conftest import Visit
from tests.browser.network.network_page import HASH

COLOURS = """(selectors) => selectors.map((one) => getComputedStyle(document.querySelector(one)).backgroundColor)"""
OUTLINE = "getComputedStyle(document.activeElement).outline"


def test_states_are_visible_and_pictures_stay(fresh_visit: Visit) -> None:
    usual, forced = fresh_visit(), fresh_visit(forced_colors="active")
    named = [f".first-controls [aria-pressed={value}]" for value in ("true", "false")]
    forced.page.locator(".marks .minimum").wait_for(state="attached")
    pressed, other, limit, paper = forced.page.evaluate(COLOURS, [*named, ".marks .minimum", "body"])
    assert pressed != other
    assert limit != paper
    forced.page.locator("#first").focus()
    forced.page.keyboard.press("Tab")
    assert "solid 3px" in forced.page.evaluate(OUTLINE)
    for picture in ("heat", "map-overlay"):
        assert forced.page.evaluate(HASH, picture) == usual.page.evaluate(HASH, picture)

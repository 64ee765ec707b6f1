"""The gallery of landscapes as a visitor uses it: every test that chooses a landscape does so here."""

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


def open_gallery(visitor: Visitor) -> Locator:
    """Press the button in the header; returns the panel."""
    visitor.page.locator("#field-landscape").click()
    panel = visitor.page.locator("#gallery")
    expect(panel).to_be_visible()
    return panel


def preset(visitor: Visitor, name: str) -> Locator:
    """A preset in the gallery, such as `himmelblau/0`."""
    return visitor.page.locator(f"[data-preset='{name}']:not(#field-landscape)")


def choose_preset(visitor: Visitor, name: str) -> None:
    """Open the gallery and press a preset."""
    panel = open_gallery(visitor)
    preset(visitor, name).click()
    expect(panel).to_be_hidden()


def chosen_preset(visitor: Visitor) -> str:
    """The preset that the page shows; empty for a changed experiment."""
    return visitor.page.locator("#field-landscape").get_attribute("data-preset") or ""


def expect_preset(visitor: Visitor, name: str) -> None:
    """Wait until the button in the header names the preset."""
    expect(visitor.page.locator("#field-landscape")).to_have_attribute("data-preset", name)


def await_pictures(visitor: Visitor) -> None:
    """Wait until all pictures of the open gallery are painted."""
    visitor.until("""() => {
      const canvases = [...document.querySelectorAll('#gallery canvas')];
      return canvases.length > 0 && canvases.every(({ dataset }) => 'painted' in dataset);
    }""")

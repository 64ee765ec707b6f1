"""The export menu: open it, choose what a figure shows, and save a file."""

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


class Saved(NamedTuple):
    """A file that the browser has saved."""

    name: str
    path: Path


def menu(visitor: Visitor) -> Locator:
    """The menu."""
    return visitor.page.locator("#export-menu")


def open_menu(visitor: Visitor) -> None:
    """Open the menu, if it is closed."""
    if menu(visitor).is_hidden():
        visitor.page.locator("#export").click()
    expect(menu(visitor)).to_be_visible()


def entry(visitor: Visitor, name: str) -> Locator:
    """A button of the menu, such as `run.csv` or `png`."""
    return menu(visitor).locator(f"[data-export='{name}']")


def save(visitor: Visitor, name: str) -> Saved:
    """Press a button of the menu, and wait for its file."""
    open_menu(visitor)
    with visitor.page.expect_download(timeout=60_000) as waiting:
        entry(visitor, name).click()
    return Saved(waiting.value.suggested_filename, waiting.value.path())


def save_figure(visitor: Visitor, part: str, format: str, *, scale: int = 2, transparent: bool = False) -> Saved:
    """Save a part of the page as a figure."""
    open_menu(visitor)
    visitor.page.locator("#figure-part").select_option(part)
    visitor.page.locator("#figure-scale").select_option(str(scale))
    visitor.page.locator("#figure-transparent").set_checked(transparent)
    return save(visitor, format)

"""Take the README's pictures: the opening page, the page of a recurrent network, and the outcome map.

python docs/picture.py [docs]
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.browser.session import ARGUMENTS, browser_path, server

NETWORK = "?landscape=recurrent_network&cell.hidden_units=16&task=adding&optimizer.learning_rate=0.1&clip.threshold=1"
# Name, link, and the columns of the finest map.
PAGES = (("cliffscape", "", 513), ("recurrent", NETWORK, 129))
OUTCOMES = "?map=outcomes&steps=300"
PATIENCE = 120_000


def open_page(browser: Browser, address: str) -> Page:
    """A page in a window of the pictures' size, in the light theme."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def take_page(browser: Browser, address: str, columns: int, target: Path) -> None:
    """A picture of one link, once map and relief are at their finest."""
    page = open_page(browser, address)
    page.wait_for_selector("#relief[data-lines='129']")
    page.wait_for_selector(f"#map[data-columns='{columns}']")
    page.wait_for_timeout(3000)  # Plotly draws the surface a moment after the data has changed
    page.screenshot(path=str(target))
    page.close()


def take_outcomes(browser: Browser, address: str, target: Path) -> None:
    """A picture of the outcome map alone, at its finest."""
    page = open_page(browser, address)
    page.wait_for_selector("#outcomes[data-columns='513']")
    page.wait_for_timeout(1000)
    page.locator("#outcomes").screenshot(path=str(target))
    page.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    with server() as started, sync_playwright() as playwright:
        address = started.split()[1]
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        for name, link, columns in PAGES:
            take_page(browser, f"{address}/{link}", columns, folder / f"{name}.png")
        take_outcomes(browser, f"{address}/{OUTCOMES}", folder / "outcomes.png")
        browser.close()


if __name__ == "__main__":
    main()

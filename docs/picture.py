"""Make the README's pictures: the real page, as it opens, on a recurrent net, and the outcome map.

python docs/picture.py [docs]
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.browser.session import ARGUMENTS, browser_path, server

NET = "?landscape=recurrent_network&cell.hidden_units=16&task=adding&optimizer.learning_rate=0.1&clip.threshold=1"
# Name, link, and the columns of the finest map.
PICTURES = (("cliffscape", "", 513), ("recurrent", NET, 129))


def take(browser: Browser, address: str, columns: int, target: Path) -> None:
    """A picture of one link, once everything on it is as fine as it gets."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page.goto(address)
    page.wait_for_selector("#relief[data-lines='129']", timeout=120_000)
    page.wait_for_selector(f"#map[data-columns='{columns}']", timeout=120_000)
    page.wait_for_timeout(3000)  # the last redraw of the surface
    page.screenshot(path=str(target))
    page.close()


def take_outcomes(browser: Browser, address: str, target: Path) -> None:
    """A picture of the outcome map alone, at its finest."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page.goto(f"{address}/?map=outcomes&steps=300")
    page.wait_for_selector("#outcomes[data-columns='513']", timeout=120_000)
    page.wait_for_timeout(1000)
    page.locator("#outcomes").screenshot(path=str(target))
    page.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    with server() as started, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        for name, link, columns in PICTURES:
            take(browser, started.split()[1] + "/" + link, columns, folder / f"{name}.png")
        take_outcomes(browser, started.split()[1], folder / "outcomes.png")
        browser.close()


if __name__ == "__main__":
    main()

"""Make the README's picture: the real page, as it opens.

python docs/picture.py [docs/cliffscape.png]
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.page import ARGUMENTS, browser_path, server


def main() -> None:
    target = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("cliffscape.png")
    with server() as started, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto(started.split()[1])
        page.wait_for_selector("#relief[data-lines='129']")
        page.wait_for_selector("#map[data-columns='513']")
        page.wait_for_timeout(1500)  # the last redraw of the surface
        page.screenshot(path=str(target))


if __name__ == "__main__":
    main()

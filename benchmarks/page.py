"""The real page in headless Chromium: navigation, dragging, playing, new surfaces, turning, cold start.

    python benchmarks/page.py [--repeat 10]

Prints median and 95th percentile beside what the page must keep to. "Painted" is the first task after the
frame in which the change was drawn. The floor of a frame is measured in the same run, on an empty page.
"""

import argparse
import time

from browser.drawing import drawing, playing, turning
from browser.handles import dragging, floor
from browser.opening import cold_start, navigation
from browser.pictures import following, nets, surfaces
from browser.session import ARGUMENTS, browser_path, opened, server, watched
from playwright.sync_api import sync_playwright


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    repeat = parser.parse_args().repeat
    print(f"{'':<58} {'median':>9} {'p95':>9}")
    cold_start(min(repeat, 5))
    with server() as started, sync_playwright() as playwright:
        address = started.split()[1]
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        time.sleep(3)
        floor(browser)
        navigation(browser, address, repeat)
        page = watched(browser)
        opened(page, address)
        page.wait_for_timeout(1500)
        drawing(page)
        dragging(page)
        playing(page)
        turning(page)
        surfaces(page, repeat)
        following(page, repeat)
        browser.close()
    # A server that forgets: a net seen once would be there at once the second time.
    with server(cache_bytes="0", view_bytes="0") as started, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = watched(browser)
        opened(page, started.split()[1])
        nets(page, min(repeat, 5))
        browser.close()


if __name__ == "__main__":
    main()

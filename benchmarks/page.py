"""The real page in headless Chromium: navigation, dragging, playing, new surfaces, large windows, turning, cold
start.

    python benchmarks/page.py [--repeat 10] [--maps] [--log] [--windows [linear_recurrence ...]] [--links]

Prints median and 95th percentile beside what the page must keep to. "Painted" is the first task after the
frame in which the change was drawn. The floor of a frame is measured in the same run, on an empty page.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial

from browser.animations import measure_animations
from browser.contours import measure_contours
from browser.drawing import measure_animation, measure_paths, measure_turning
from browser.gallery import measure_gallery
from browser.handles import measure_dragging, measure_floor, measure_long_runs
from browser.logs import measure_log
from browser.maps import measure_maps
from browser.pictures import measure_formulas, measure_networks, measure_surfaces
from browser.session import ARGUMENTS, browser_path, open_page, server, watched_page
from browser.starts.opening import measure_cold_start, measure_navigation
from browser.starts.restart import measure_restarts
from browser.starts.unwatched import measure_opened_links
from browser.windows import measure_windows
from playwright.sync_api import Page, sync_playwright


def measure_opened(measure: Callable[[Page, int], None], repeat: int, **settings: str) -> None:
    """One measurement on the page of a server of its own."""
    with server(**settings) as started, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = watched_page(browser)
        open_page(page, started.split()[1])
        measure(page, repeat)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--maps", action="store_true", help="measure only outcome maps")
    parser.add_argument("--log", action="store_true", help="measure only a report on a log of 3 million records")
    parser.add_argument("--windows", nargs="*", help="measure only the slowest windows, of all landscapes or of these")
    parser.add_argument("--links", action="store_true", help="measure only freshly opened links")
    given = parser.parse_args()
    print(f"{'':<58} {'median':>9} {'p95':>9}")
    if given.maps:
        measure_opened(measure_maps, given.repeat)
    elif given.log:
        measure_reports(given.repeat)
    elif given.links:
        with server() as started:
            measure_opened_links(started.split()[1], given.repeat)
    elif given.windows is not None:
        measure_opened(partial(measure_windows, kinds=given.windows), given.repeat)
    else:
        measure_all(given.repeat)


def measure_reports(repeat: int) -> None:
    """The page "Your run"."""
    with server() as started, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        measure_log(browser, started.split()[1], repeat)
        browser.close()


def measure_all(repeat: int) -> None:
    """The whole table."""
    measure_cold_start(min(repeat, 5))
    with server() as started, sync_playwright() as playwright:
        address = started.split()[1]
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        time.sleep(3)
        measure_floor(browser)
        measure_navigation(browser, address, repeat)
        page = watched_page(browser)
        open_page(page, address)
        page.wait_for_timeout(1500)
        measure_gallery(page, repeat)
        measure_animations(page, min(repeat, 3))
        measure_paths(page)
        measure_contours(page)
        measure_dragging(page)
        measure_animation(page)
        measure_turning(page)
        measure_surfaces(page, repeat)
        measure_formulas(page, repeat)
        measure_maps(page, repeat)
        page.click("#outcome-map")
        measure_windows(page)
        measure_long_runs(page, address)
        measure_restarts(browser, min(repeat, 3))
        browser.close()
    # A server that forgets: a net seen once would be there at once the second time.
    measure_opened(measure_networks, min(repeat, 5), cache_bytes="0", view_bytes="0")
    with server() as started:
        measure_opened_links(started.split()[1], min(repeat, 3))
    measure_reports(min(repeat, 2))


if __name__ == "__main__":
    main()

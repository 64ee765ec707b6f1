"""Dragging: from a pointermove to the painted frame, on the page and on an empty one."""

import itertools

from playwright.sync_api import Page

from browser.report import row
from browser.session import watched_page


def swing(page: Page, x: float, y: float, radius: float, moves: int) -> None:
    """Move the mouse around, one move per frame at most."""
    for k in range(moves):
        page.mouse.move(x + radius * ((k * 7) % 23 - 11) / 11, y + radius * ((k * 5) % 19 - 9) / 9)
        page.wait_for_timeout(12)


def drag(page: Page, selector: str) -> tuple[list[float], list[float], int, int]:
    """Drag a handle about; event to painted frame, script per frame, requests and tasks over 50 ms."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    box = page.locator(selector).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3, y + 3)
    page.wait_for_timeout(500)
    page.evaluate("records.painted = [], records.callbacks = [], records.longTasks = []")
    swing(page, x - 10, y + 10, 24, 100)
    painted, script, tasks = page.evaluate(
        "[records.painted, records.callbacks.filter((t) => t > 0.3), records.longTasks.length]"
    )
    count = len(requests)
    page.mouse.up()
    page.wait_for_timeout(1500)
    return painted, script, count, tasks


def measure_dragging(page: Page, rounds: int = 4) -> None:
    """Both handles, in turn: what else the machine does meanwhile falls on both alike."""
    drags = {name: [drag(page, f"#{name}-handle")] for name in ("map", "relief")}
    for name in list(drags) * (rounds - 1):
        drags[name].append(drag(page, f"#{name}-handle"))
    for name, runs in drags.items():
        painted, script, requests, tasks = zip(*runs, strict=True)
        moves = [*itertools.chain(*painted)]
        row(f"drag on the {name}, pointermove to painted frame", moves, "ms", "median 17, p95 <= 33")
        row("  script per frame (kernels, map, relief, curves, words)", [*itertools.chain(*script)], "ms", "")
        print(f"  requests during the drags: {sum(requests)} (must be 0); tasks over 50 ms: {sum(tasks)} (must be 0)")


def measure_long_runs(page: Page, address: str) -> None:
    """Dragging and playing runs of 100,000 steps, next to runs of 1,000: a smooth one, and one all over the window."""
    for name, query in (
        ("", ""),
        (", random steps", "clip=random_step&clip.threshold=0.05&optimizer.learning_rate=0.5&"),
    ):
        for steps in (1000, 100_000):
            page.goto(f"{address}/?{query}steps={steps}")
            page.wait_for_selector("#relief[data-lines='129']", timeout=60_000)
            page.wait_for_selector("#verdicts[aria-busy='false']", timeout=60_000)
            page.wait_for_timeout(1500)
            painted, script, _, _ = drag(page, "#map-handle")
            longest = page.evaluate("Math.max(0, ...records.longTasks.map(([, duration]) => duration))")
            row(f"drag with {steps} steps{name}, to painted frame", painted, "ms", "")
            row("  script per frame", script, "ms", "")
            row("  longest task, the end of the drag included", [longest], "ms", "")
            page.click("#play")
            page.evaluate("records.callbacks = []")
            page.wait_for_timeout(2000)
            row("  play: script per frame", page.evaluate("records.callbacks.filter((t) => t > 0.3)"), "ms", "")
            page.click("#play")


def measure_floor(browser) -> None:
    """Pointermove to painted frame on an empty page: what the browser itself needs here."""
    page = watched_page(browser)
    page.goto("data:text/html,<body style='height:700px'>")
    swing(page, 400, 300, 100, 100)
    row("floor: pointermove to painted frame, empty page", page.evaluate("records.painted"), "ms", "")
    page.close()

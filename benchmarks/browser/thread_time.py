"""Thread time: how long tasks of the page's main thread ran on a core, by Chrome's tracing.

The time on the clock also has the waits for a core that other programs used, so it says little on a busy machine.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Page

CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
TASKS = ("RunTask", "ThreadControllerImpl::RunTask")  # the second name is that of older releases


class Task(NamedTuple):
    """Milliseconds of a task: on a core, and by the clock."""

    thread: float
    clock: float


@contextlib.contextmanager
def traced_tasks(page: Page) -> Iterator[list[Task]]:
    """Trace the browser within the block; afterwards the list has the tasks of the busiest page's main thread."""
    client = page.context.browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    complete: list[bool] = []
    client.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    client.on("Tracing.tracingComplete", lambda _: complete.append(True))
    config = {"includedCategories": CATEGORIES, "excludedCategories": ["*"]}
    client.send("Tracing.start", {"traceConfig": config, "transferMode": "ReportEvents"})
    found: list[Task] = []
    yield found
    client.send("Tracing.end")
    while not complete:
        page.wait_for_timeout(20)
    client.detach()
    found += main_thread_tasks(events)


def main_thread_tasks(events: list[dict[str, Any]]) -> list[Task]:
    """The tasks of the main thread, of all pages, that was on a core for the longest time."""
    threads = {
        (one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    tasks = [one for one in events if one["name"] in TASKS and (one["pid"], one["tid"]) in threads and "tdur" in one]
    total: Counter[tuple[int, int]] = Counter()
    for one in tasks:
        total[one["pid"], one["tid"]] += one["tdur"]
    busiest = total.most_common(1)[0][0] if total else None
    return [Task(one["tdur"] / 1000, one["dur"] / 1000) for one in tasks if (one["pid"], one["tid"]) == busiest]

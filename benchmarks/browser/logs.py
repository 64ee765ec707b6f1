"""The page "Your run" with a log of millions of records, which a worker reads and reports on."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from browser.report import row
from browser.session import watched_page
from browser.thread_time import traced_tasks

RECORDS, BLOCK = 3_000_000, 10_000
# One record in so many is a spike, and so many records after it the loss is higher.
APART, RAISED = 10_000, 60
FLOOR = """async () => {
  const began = performance.now();
  const [file] = document.getElementById("log-file").files;
  for (const line of (await file.text()).split("\\n")) if (line) JSON.parse(line);
  return performance.now() - began;
}"""


def lines(count: int) -> Iterator[str]:
    """Blocks of JSON lines: a loss that falls, norms with heavy tails, and spikes that raise the loss."""
    rng = np.random.default_rng(1)
    steps = np.arange(count)
    norms = np.exp(0.3 * rng.standard_normal(count)) * (1 + 9 / (1 + steps / 2000))
    losses = 2 + 3 * np.exp(-5 * steps / count) + 0.1 * rng.standard_normal(count)
    spikes = rng.choice(count, count // APART, replace=False)
    norms[spikes] *= rng.uniform(8, 40, len(spikes))
    for spike in spikes:
        losses[spike + 1 : spike + 1 + RAISED] += 0.3
    for first in range(0, count, BLOCK):
        rows = zip(losses[first : first + BLOCK].tolist(), norms[first : first + BLOCK].tolist(), strict=True)
        texts = (
            f'{{"step": {step}, "loss": {loss:.6g}, "lr": 0.0003, "grad_norm": {norm:.6g}}}\n'
            for step, (loss, norm) in enumerate(rows, first + 1)
        )
        yield "".join(texts)


def peak_megabytes(browser: Browser) -> float:
    """The largest memory so far of any page with its workers, which are threads of one process."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    statuses = [Path(f"/proc/{one['id']}/status").read_text("utf-8") for one in processes if one["type"] == "renderer"]
    peaks = [line.split()[1] for status in statuses for line in status.splitlines() if line.startswith("VmHWM")]
    return max(map(int, peaks)) / 1024


def measure_log(browser: Browser, address: str, repeat: int, count: int = RECORDS) -> None:
    """From the choice of the log to its report, the longest tasks of the main thread, and the memory.

    The floor is a script that only splits the file into lines and parses each of them.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(lines(count))
        file.flush()
        size = Path(file.name).stat().st_size >> 20
        found = [measure_report(browser, address, file.name) for _ in range(repeat)]
    times, tasks, moves, memory, floor = ([*column] for column in zip(*found, strict=True))
    row(f"log of {count:,} records, {size} MB: to the report", times, "s", "")
    row("  its lines alone, split and parsed", floor, "s", "")
    row("  longest task of the main thread, on a core", tasks, "ms", "<= 50")
    row("  the same while the threshold is moved", moves, "ms", "<= 50")
    row("  most memory of the page with its worker", memory, "MB", "")


def measure_report(browser: Browser, address: str, name: str) -> tuple[float, float, float, float, float]:
    """The numbers of one report, on a page of its own."""
    page = watched_page(browser)
    page.set_default_timeout(300_000)
    page.goto(f"{address}/your-run", wait_until="networkidle")
    with traced_tasks(page) as reading:
        began = page.evaluate("performance.now()")
        page.locator("#log-file").set_input_files(name)
        page.locator("#log-report:not([hidden])").wait_for()
        seconds = (page.evaluate("performance.now()") - began) / 1000
    with traced_tasks(page) as moving:
        page.locator("#threshold").press("ArrowRight")
        page.wait_for_timeout(200)
    memory, floor = peak_megabytes(browser), page.evaluate(FLOOR) / 1000
    page.close()
    longest = [max((task.thread for task in traced), default=0.0) for traced in (reading, moving)]
    return seconds, *longest, memory, floor

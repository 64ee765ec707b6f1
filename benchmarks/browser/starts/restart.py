"""An open page after a restart of the server: the time until its frames or its training go on, without a click.

The clock starts when the new server answers ``/healthz``. The server is away for a time between 1 and 15 seconds,
because the page asks again after pauses that grow to 8 seconds.
"""

import time
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from browser.report import row
from browser.session import server

NOTICE = "!document.getElementById('notice').hidden"
FIELD = "#field-landscape-sequence_length"
CHANGED = "(key) => document.getElementById('map').dataset.key !== key"
LONGEST, PATIENCE = 15, 120_000
# A training run that lasts longer than the measurement, and the updates on the page.
NETWORK = "/?landscape=recurrent_network&updates=100000"
TRAIN, STATUS = "#train", "parseInt(document.getElementById('training-status').textContent.replaceAll(',', ''))"


def restart(page: Page, away: float) -> float:
    """Milliseconds from the server's return to the frames of a landscape that was changed while it was away."""
    with server() as started:
        address = started.split()[1]
        page.goto(address)
        page.wait_for_selector("#map[data-columns='129'], #map[data-columns='513']", timeout=PATIENCE)
    page.fill(FIELD, "80")
    page.press(FIELD, "Enter")
    page.wait_for_function(NOTICE, timeout=PATIENCE)
    page.wait_for_timeout(1000 * away)
    before = page.evaluate("document.getElementById('map').dataset.key")
    with server(port=urlsplit(address).port or 0):
        began = time.perf_counter()
        page.wait_for_function(CHANGED, arg=before, timeout=PATIENCE)
        return 1000 * (time.perf_counter() - began)


def restart_training(page: Page, away: float) -> float:
    """Milliseconds from the server's return to the next update on the page. The run is computed again from its seed."""
    with server() as started:
        address = started.split()[1]
        page.goto(address + NETWORK)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        page.click(TRAIN, timeout=PATIENCE)
        page.wait_for_function(f"{STATUS} > 100", timeout=PATIENCE)
    page.wait_for_function(NOTICE, timeout=PATIENCE)
    page.wait_for_timeout(1000 * away)
    before = page.evaluate(STATUS)
    with server(port=urlsplit(address).port or 0):
        began = time.perf_counter()
        page.wait_for_function(f"(before) => {STATUS} > before", arg=before, timeout=PATIENCE)
        return 1000 * (time.perf_counter() - began)


def measure_restarts(browser: Browser, repeat: int) -> None:
    """Restarts after pauses that are spread evenly."""
    works = {"frames of a changed landscape": restart, "the next update of a training run": restart_training}
    for name, work in works.items():
        found = []
        for k in range(repeat):
            # Waiting for an expression evaluates a text, which the policy of the page forbids.
            page = browser.new_page(bypass_csp=True)
            found.append(work(page, 1 + (LONGEST - 1) * k / max(1, repeat - 1)))
            page.close()
        row(f"server back to {name}", found, "ms", "<= 10000")

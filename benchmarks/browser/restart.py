"""An open page after a restart of the server: the time until it has its frames again, without a click.

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


def measure_restarts(browser: Browser, repeat: int) -> None:
    """Restarts after pauses that are spread evenly."""
    found = []
    for k in range(repeat):
        # Waiting for an expression evaluates a text, which the policy of the page forbids.
        page = browser.new_page(bypass_csp=True)
        found.append(restart(page, 1 + (LONGEST - 1) * k / max(1, repeat - 1)))
        page.close()
    row("server back to the frames of a changed landscape", found, "ms", "<= 10000")

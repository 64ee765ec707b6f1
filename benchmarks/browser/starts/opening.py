"""Start of the server, and navigation to the page."""

import subprocess
import sys
import time

from browser.report import row
from browser.session import WATCH, open_page, server


def measure_cold_start(repeat: int) -> None:
    """Start the server several times, and import torch alone as often."""
    starts, imports = [], []
    for _ in range(repeat):
        with server() as started:
            starts.append(1000 * float(started.split()[0]))
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        imports.append(1000 * (time.perf_counter() - began))
    row("cold start: serve to 200 from /healthz", starts, "ms", "<= 4000")
    row("  of which a bare 'import torch' takes", imports, "ms", "")


def measure_navigation(browser, address: str, repeat: int) -> None:
    """Cold and warm browser cache against a warm server."""
    cold, warm, relief = [], [], []
    for _ in range(repeat):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_init_script(WATCH)
        page = context.new_page()
        first, mesh = open_page(page, address)
        cold.append(first)
        relief.append(mesh)
        warm.append(open_page(context.new_page(), address)[0])
        context.close()
    row("navigation to a draggable map, cold cache", cold, "ms", "<= 1500")
    row("navigation to a draggable map, warm cache", warm, "ms", "<= 1000")
    row("navigation to the relief, cold cache", relief, "ms", "<= 3000")

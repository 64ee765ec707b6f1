"""A server and a browser of their own, and the page with what watches it.

"Painted" is the first task after the frame in which a change was drawn.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

WATCH = """
window.records = {callbacks: [], longTasks: [], painted: [], surfaces: [], reliefs: []};
const native = requestAnimationFrame;
window.requestAnimationFrame = (callback) => native((time) => {
  const before = performance.now();
  callback(time);
  records.callbacks.push(performance.now() - before);
});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) records.longTasks.push([entry.startTime, entry.duration]);
}).observe({type: 'longtask', buffered: true});
const afterPaint = (then) => native(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = then;
  channel.port2.postMessage(0);
});
addEventListener('pointermove', (event) => {
  afterPaint(() => records.painted.push(performance.now() - event.timeStamp));
}, {capture: true});
addEventListener('DOMContentLoaded', () => {
  for (const [id, list, size] of [['map', 'surfaces', 'columns'], ['relief', 'reliefs', 'lines']]) {
    const element = document.getElementById(id);
    if (element) new MutationObserver(() => {
      const {key, [size]: points} = element.dataset;
      afterPaint(() => records[list].push([points, key, performance.now()]));
    }).observe(element, {attributeFilter: ['data-key']});
  }
});
"""
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader"]


def browser_path() -> str:
    """A Chromium on this machine."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CLIFFSCAPE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit("no Chromium on PATH; set CLIFFSCAPE_CHROMIUM")
    return found


@contextlib.contextmanager
def server(port: int = 0, **settings: str) -> Iterator[str]:
    """A fresh server on a loopback port, by default a free one; gives its cold start and its address."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    began = time.perf_counter()
    command = [str(Path(sys.executable).with_name("cliffscape")), "serve", "--port", str(port)]
    environment = {**os.environ, **{f"CLIFFSCAPE_{name.upper()}": value for name, value in settings.items()}}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/healthz", timeout=1)
                break
            time.sleep(0.01)
        yield f"{time.perf_counter() - began} {address}"
    finally:
        process.terminate()
        process.wait(10)


def watched_page(browser: Browser) -> Page:
    """An empty page that will be watched."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(WATCH)
    return page


def open_page(page: Page, address: str) -> tuple[float, float]:
    """Navigate; milliseconds to the painted, draggable map and to the relief."""
    page.goto(address)
    page.wait_for_selector("#relief[data-lines='129']", timeout=60_000)
    page.wait_for_timeout(300)
    marks = page.evaluate("[performance.getEntriesByName('painted')[0].startTime, records.reliefs[0][2]]")
    return marks[0], marks[1]

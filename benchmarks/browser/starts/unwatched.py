"""Freshly opened links in a browser that no debugger is connected to.

While a debugger is connected, Chromium records a stack trace for every exception of a script, also for those that the
script catches. It parses the functions on the stack again for that, which takes 0.2 s of the load of Plotly.js. So the
page measures its tasks itself: a small proxy between browser and server adds a script to it that reports them.
"""

import json
import os
import queue
import re
import signal
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from browser.report import row
from browser.session import ARGUMENTS, browser_path

# The floor: a page with Plotly.js and a surface of four points alone, for which software graphics compiles the same
# shaders.
BARE = "/bare"
# The default link, and those that took longest to draw of all landscapes and windows.
LINKS = {
    "four points by Plotly.js alone (floor)": BARE,
    "the default": "/",
    "product of weights, n = 10, ±100": "/?landscape=product_of_weights&landscape.repetitions=10"
    "&window=-100,100,-100,100",
    "linear recurrence, T = 100": "/?landscape=linear_recurrence&landscape.sequence_length=100&window=-20,20,-2,2",
    "recurrent network": "/?landscape=recurrent_network",
}
# Seconds until a page has reported, and milliseconds that it is watched after its relief is there.
PATIENCE, AFTER = 60.0, 1500
WATCH = f"""<script>
const tasks = [];
new PerformanceObserver((list) => {{
  for (const {{ duration }} of list.getEntries()) tasks.push(duration);
}}).observe({{ type: "longtask", buffered: true }});
const wait = setInterval(() => {{
  if (!document.querySelector("#relief[data-key]")) return;
  clearInterval(wait);
  setTimeout(() => fetch("tasks", {{ method: "POST", body: JSON.stringify(tasks) }}), {AFTER});
}}, 50);
</script>"""
DRAW = """<div id="relief" style="width: 600px; height: 500px"></div><script>
document.querySelector("script[src]").onload = async () => {
  await Plotly.newPlot("relief", [{ type: "surface", z: [[0, 1], [1, 0]] }], {});
  document.querySelector("#relief").dataset.key = "drawn";
};</script>"""
# The first page of a browser, which leaves it the time to start all of its processes before it opens the link.
IDLE = "<script>setTimeout(() => location.replace(decodeURIComponent(location.search.slice(1))), 4000);</script>"
# Headers of one connection, those that forbid the added script, and those whose content changes.
DROPPED = {"connection", "content-length", "content-security-policy", "date", "server", "transfer-encoding"}


def bare_page(server: str) -> str:
    """The page of the floor, with the Plotly.js of this server."""
    with urllib.request.urlopen(server, timeout=PATIENCE) as answer:
        script = re.search(r'href="([^"]*plotly[^"]*\.js)"', answer.read().decode())
    assert script is not None
    return f'{WATCH}<script src="{script[1]}" async></script>{DRAW}'


class WatchingProxy(BaseHTTPRequestHandler):
    """Passes requests on to the server at ``origin``; ``reports`` are milliseconds of long tasks, page by page."""

    origin: str
    reports: "queue.Queue[list[float]]"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Send the first page of a browser or that of the floor, or pass a request on."""
        if self.path.startswith("/idle"):
            self.send_page(IDLE)
        elif self.path == BARE:
            self.send_page(bare_page(self.origin))
        else:
            self.pass_on(None)

    def do_POST(self) -> None:
        """Take a report, or pass a request on."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/tasks":
            self.send_response(204)
            self.end_headers()
            self.reports.put(json.loads(body))
        else:
            self.pass_on(body)

    def send_page(self, text: str) -> None:
        """Send a page of this benchmark."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(text.encode())

    def pass_on(self, body: bytes | None) -> None:
        """Answer with what the server answers, chunk by chunk."""
        headers = {"Content-Type": self.headers.get("Content-Type", ""), "Accept": self.headers.get("Accept", "")}
        request = urllib.request.Request(self.origin + self.path, body, headers)
        try:
            answer = urllib.request.urlopen(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in DROPPED:
                    self.send_header(name, value)
            self.end_headers()
            if answer.headers.get_content_type() == "text/html":
                self.wfile.write(answer.read().replace(b"<head>", b"<head>" + WATCH.encode(), 1))
            while chunk := answer.read1(1 << 16):
                self.wfile.write(chunk)


@contextmanager
def watching_proxy(server: str) -> Iterator[tuple[str, "queue.Queue[list[float]]"]]:
    """A proxy of the server at this address: its own address, and the reports of the pages."""
    reports: queue.Queue[list[float]] = queue.Queue()
    handler = type("Handler", (WatchingProxy,), {"origin": server, "reports": reports})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}", reports
    finally:
        proxy.shutdown()
        proxy.server_close()


def open_link(address: str, link: str, reports: "queue.Queue[list[float]]") -> list[float]:
    """Milliseconds of the long tasks of a page that a new browser opens."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # The open port keeps the browser running, though nobody connects to it.
        options = [*ARGUMENTS, f"--user-data-dir={folder}", "--remote-debugging-port=0", "--window-size=1280,800"]
        command = [browser_path(), *options, f"{address}/idle?{quote(link, '')}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # The browser may be started by a script, which would end alone.
        process = subprocess.Popen(command, **quiet, start_new_session=True)
        try:
            return reports.get(timeout=PATIENCE)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)


def measure_opened_links(server: str, repeat: int) -> None:
    """The longest task of each link, by the clock, in a new browser every time."""
    with watching_proxy(server) as (address, reports):
        found: dict[str, list[float]] = {name: [] for name in LINKS}
        # In turn, so that all links share the load of the machine.
        for _ in range(repeat):
            for name, link in LINKS.items():
                found[name].append(max(open_link(address, link, reports), default=0.0))
    for name, times in found.items():
        row(f"opened: {name}", times, "ms", "the floor" if LINKS[name] != BARE else "")

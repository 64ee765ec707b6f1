"""The real page in headless Chromium: navigation, dragging, playing, new surfaces, turning, cold start.

    python benchmarks/page.py [--repeat 10]

Prints median and 95th percentile beside what the page must keep to. "Painted" is the first task after the
frame in which the change was drawn. The floor of a frame is measured in the same run, on an empty page.
"""

import argparse
import contextlib
import itertools
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WATCH = """
window.engine = {callbacks: [], longTasks: [], painted: [], surfaces: [], reliefs: []};
const native = requestAnimationFrame;
window.requestAnimationFrame = (callback) => native((time) => {
  const before = performance.now();
  callback(time);
  engine.callbacks.push(performance.now() - before);
});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) engine.longTasks.push([entry.startTime, entry.duration]);
}).observe({type: 'longtask', buffered: true});
const afterPaint = (then) => native(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = then;
  channel.port2.postMessage(0);
});
addEventListener('pointermove', (event) => {
  afterPaint(() => engine.painted.push(performance.now() - event.timeStamp));
}, {capture: true});
addEventListener('DOMContentLoaded', () => {
  for (const [id, list, size] of [['map', 'surfaces', 'columns'], ['relief', 'reliefs', 'lines']]) {
    const element = document.getElementById(id);
    if (element) new MutationObserver(() => {
      const {key, [size]: points} = element.dataset;
      afterPaint(() => engine[list].push([points, key, performance.now()]));
    }).observe(element, {attributeFilter: ['data-key']});
  }
});
"""
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader"]


def browser_path() -> str:
    """A Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CLIFFSCAPE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit("no Chromium on PATH; set CLIFFSCAPE_CHROMIUM")
    return found


def row(name: str, values: list[float], unit: str, bound: str) -> None:
    """Print one measurement."""
    ordered = sorted(values)
    tail = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{name:<58} {statistics.median(values):>9.1f} {tail:>9.1f} {unit:<5} {bound}", flush=True)


@contextlib.contextmanager
def server(**settings: str) -> Iterator[str]:
    """A fresh server on a free loopback port; gives its cold start and its address."""
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


def cold_start(repeat: int) -> None:
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


def opened(page: Page, address: str) -> tuple[float, float]:
    """Navigate; milliseconds to the painted, draggable map and to the relief."""
    page.goto(address)
    page.wait_for_selector("#relief[data-lines='129']", timeout=60_000)
    page.wait_for_timeout(300)
    marks = page.evaluate("[performance.getEntriesByName('painted')[0].startTime, engine.reliefs[0][2]]")
    return marks[0], marks[1]


def navigation(browser, address: str, repeat: int) -> None:
    """Cold and warm browser cache against a warm server."""
    cold, warm, relief = [], [], []
    for _ in range(repeat):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_init_script(WATCH)
        page = context.new_page()
        first, mesh = opened(page, address)
        cold.append(first)
        relief.append(mesh)
        warm.append(opened(context.new_page(), address)[0])
        context.close()
    row("navigation to a draggable map, cold cache", cold, "ms", "<= 1500")
    row("navigation to a draggable map, warm cache", warm, "ms", "<= 1000")
    row("navigation to the relief, cold cache", relief, "ms", "<= 3000")


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
    page.evaluate("engine.painted = [], engine.callbacks = [], engine.longTasks = []")
    swing(page, x - 10, y + 10, 24, 100)
    painted, script, tasks = page.evaluate(
        "[engine.painted, engine.callbacks.filter((t) => t > 0.3), engine.longTasks.length]"
    )
    count = len(requests)
    page.mouse.up()
    page.wait_for_timeout(1500)
    return painted, script, count, tasks


def dragging(page: Page, rounds: int = 4) -> None:
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


def drawing(page: Page) -> None:
    """Kernels and path drawing alone, called a hundred times with what is on the page."""
    times = page.evaluate("""async () => {
      const script = document.querySelector('script[type=module]').src;
      const load = (name) => import(script.replace('main.js', name));
      const [{laneKeeper}, {drawMapOverlay}, {kernelSignature}] = await Promise.all(
        ['state/lanes.js', 'views/map.js', 'state/scene.js'].map(load));
      const {loadKernels} = await load('api/kernels.js');
      const {decodeBase64} = await load('api/frames.js');
      const opening = JSON.parse(document.getElementById('opening').textContent);
      const [kernel, surface] = opening.frames.map(decodeBase64);
      const {catalogue, scene} = opening;
      const kernels = await loadKernels(kernel);
      const lanes = laneKeeper(catalogue);
      const picture = {...surface, landscape: scene.landscape.kind};
      const canvas = document.getElementById('map-overlay');
      return Array.from({length: 100}, (_, k) => {
        const now = {...scene, start: [4.6 + k * 1e-4, -1.7]};
        const state = {scene: now, kernels, kernelsFor: kernelSignature(catalogue, now), surface: picture};
        const before = performance.now();
        const both = lanes(state);
        drawMapOverlay(canvas, {window: surface.window, surface: picture, valley: true, lanes: both, step: 60});
        return performance.now() - before;
      });
    }""")
    row("kernels of both runs and their paths on the map", times, "ms", "<= 3")


def playing(page: Page) -> None:
    """Frames per second of the animation, with everything on screen."""
    page.select_option("#speed", "4")
    page.evaluate("""() => {
      engine.frames = [];
      const count = (time) => { engine.frames.push(time); requestAnimationFrame(count); };
      requestAnimationFrame(count);
    }""")
    page.click("#play")
    page.wait_for_timeout(2500)
    times = page.evaluate("engine.frames.slice(-100)")
    gaps = [b - a for a, b in itertools.pairwise(times)]
    print(f"{'play: frames per second':<58} {1000 / statistics.mean(gaps):>9.1f} {'':>9} fps   >= 50")
    page.click("#play")


def surfaces(page: Page, repeat: int) -> None:
    """A new sequence length: first coarse picture and the fine one, painted."""
    coarse, fine = [], []
    for k in range(repeat):
        page.wait_for_timeout(2500)
        page.evaluate("engine.surfaces = []")
        began = page.evaluate(f"""() => {{
          const box = document.getElementById('field-landscape-sequence_length');
          box.value = {52 + k};
          const now = performance.now();
          box.dispatchEvent(new Event('change'));
          return now;
        }}""")
        page.wait_for_selector("#map[data-columns='513']", timeout=20_000)
        page.wait_for_timeout(1200)
        seen = page.evaluate("engine.surfaces")
        coarse.append(seen[0][2] - began)
        fine.append(next(at for points, _, at in seen if int(points) >= 257) - began)
    row("new T: first coarse picture", coarse, "ms", "<= 200")
    row("new T: 257 x 257 on the map", fine, "ms", "<= 600")


def nets(page: Page, repeat: int) -> None:
    """A recurrent net chosen in the header: first coarse picture, the finest one, and the longest wait between."""
    first, finest, waits = [], [], []
    for _ in range(repeat):
        page.select_option("#field-landscape", "ravine/0")
        page.wait_for_selector("#map[data-landscape='ravine'][data-columns='513']", timeout=60_000)
        page.wait_for_timeout(2000)
        page.evaluate("engine.surfaces = []")
        began = page.evaluate("""() => {
          const chooser = document.getElementById('field-landscape');
          const share = document.getElementById('progress-share');
          engine.shares = [];
          new MutationObserver(() => engine.shares.push(performance.now())).observe(share, {attributes: true});
          chooser.value = 'recurrent_network/0';
          const now = performance.now();
          chooser.dispatchEvent(new Event('change'));
          return now;
        }""")
        page.wait_for_selector("#map[data-landscape='recurrent_network'][data-columns='129']", timeout=60_000)
        page.wait_for_timeout(300)
        seen, shares = page.evaluate("[engine.surfaces.map(([, , at]) => at), engine.shares]")
        first.append(seen[0] - began)
        finest.append(seen[-1] - began)
        times = sorted([began, *seen, *shares])
        waits.append(max(b - a for a, b in itertools.pairwise(times)))
    row("a net's default slice: first coarse picture", first, "ms", "<= 300")
    row("  129 x 129", finest, "ms", "")
    row("  longest wait without refinement or progress", waits, "ms", "<= 1000")


def following(page: Page, repeat: int) -> None:
    """The outcome map while the learning rate is dragged: pictures a second, and how long after it rests."""
    page.click("#outcome-map")
    page.wait_for_selector("#outcomes[data-columns='513']", timeout=60_000)
    page.evaluate("""() => {
      const outcomes = document.getElementById('outcomes');
      engine.outcomes = [];
      new MutationObserver(() => engine.outcomes.push([Number(outcomes.dataset.columns), performance.now()]))
        .observe(outcomes, {attributeFilter: ['data-columns', 'data-key']});
    }""")
    slider = page.locator("[data-field='optimizer.learning_rate'] input[type=range]")
    rates, coarse, fine = [], [], []
    for turn in range(repeat):
        box = slider.bounding_box()
        x, y = box["x"] + box["width"] * (0.72 if turn % 2 else 0.6), box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate("engine.outcomes = []")
        for k in range(180):
            page.mouse.move(x + k / 6, y)
            page.wait_for_timeout(12)
        rest = page.evaluate("performance.now()")
        page.mouse.up()
        page.wait_for_selector("#outcomes[data-columns='513']", timeout=60_000)
        page.wait_for_timeout(200)
        seen = page.evaluate("engine.outcomes")
        live = [at for columns, at in seen if at <= rest and columns >= 65]
        rates.append(1000 * len(live) / (rest - live[0]) if live else 0.0)
        coarse.append(next(at for columns, at in seen if at > rest and columns >= 65) - rest)
        fine.append(next(at for columns, at in seen if at > rest and columns >= 513) - rest)
    row("outcome map while the rate is dragged: 65 x 65 pictures", rates, "/s", "")
    row("  after the hand rests, 65 x 65", coarse, "ms", "")
    row("  after the hand rests, 513 x 513", fine, "ms", "")
    page.click("#outcome-map")


def turning(page: Page) -> None:
    """Redraws per second while the relief is turned by mouse."""
    box = page.locator("#relief").bounding_box()
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.8
    page.evaluate("""() => {
      const plot = document.getElementById('relief-plot')._fullLayout.scene._scene.glplot;
      const before = plot.onrender;
      engine.turns = [];
      plot.onrender = (...a) => { before?.(...a); engine.turns.push(performance.now()); };
    }""")
    page.mouse.move(x, y)
    page.mouse.down()
    began = page.evaluate("performance.now()")
    for k in range(120):
        page.mouse.move(x + k, y - k / 4)
        page.wait_for_timeout(16)
    turns, ended = page.evaluate("[engine.turns, performance.now()]")
    page.mouse.up()
    turns = [t for t in turns if t > began]
    print(
        f"{'turning the relief: redraws per second':<58} {1000 * len(turns) / (ended - began):>9.1f} {'':>9} /s    >= 5"
    )


def floor(browser) -> None:
    """Pointermove to painted frame on an empty page: what the browser itself needs here."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(WATCH)
    page.goto("data:text/html,<body style='height:700px'>")
    swing(page, 400, 300, 100, 100)
    row("floor: pointermove to painted frame, empty page", page.evaluate("engine.painted"), "ms", "")
    page.close()


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
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(WATCH)
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
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(WATCH)
        opened(page, started.split()[1])
        nets(page, min(repeat, 5))
        browser.close()


if __name__ == "__main__":
    main()

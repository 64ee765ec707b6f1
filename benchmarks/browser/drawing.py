"""Frames that the browser draws by itself: paths, the animation, the relief as it turns."""

import itertools
import statistics

from playwright.sync_api import Page

from browser.report import row


def measure_paths(page: Page) -> None:
    """Kernels and path drawing alone, called a hundred times with what is on the page."""
    times = page.evaluate("""async () => {
      const {needModule} = await import(document.querySelector('script[type=module]').src);
      const [{signature}, {surfaceOf}, {pairKeeper}, {drawMapOverlay}, {loadKernels}, {decodeBase64}] = [
        'state/scene/dependencies.js', 'state/scene/lookup.js', 'state/runs/pair.js', 'views/map/map.js',
        'api/kernels.js', 'api/frames.js',
      ].map(needModule);
      const {scene, frames} = JSON.parse(document.getElementById('opening').textContent);
      const [kernel, surface] = ['kernel', 'surface'].map((kind) =>
        frames.map(decodeBase64).find((frame) => frame.kind === kind));
      const kernels = await loadKernels(kernel);
      const runsOf = pairKeeper();
      const picture = {...surface, landscape: scene.landscape.kind, axes: surfaceOf(scene).axes, valley: true};
      const canvas = document.getElementById('map-overlay');
      return Array.from({length: 100}, (_, k) => {
        const now = {...scene, start: [4.6 + k * 1e-4, -1.7]};
        const state = {scene: now, kernels, kernelsFor: signature('kernel', now), surface: picture};
        const before = performance.now();
        const runs = runsOf(state);
        if (runs.length !== 2 || runs[0].of !== now) throw new Error('no runs to draw');
        drawMapOverlay(canvas, {surface: picture, runs, step: 60});
        return performance.now() - before;
      });
    }""")
    row("kernels of both runs and their paths on the map", times, "ms", "<= 3")


def measure_animation(page: Page) -> None:
    """Frames per second of the animation, with everything on screen."""
    page.select_option("#speed", "4")
    page.evaluate("""() => {
      records.frames = [];
      const count = (time) => { records.frames.push(time); requestAnimationFrame(count); };
      requestAnimationFrame(count);
    }""")
    page.click("#play")
    page.wait_for_timeout(2500)
    times = page.evaluate("records.frames.slice(-100)")
    gaps = [b - a for a, b in itertools.pairwise(times)]
    print(f"{'play: frames per second':<58} {1000 / statistics.mean(gaps):>9.1f} {'':>9} fps   >= 50")
    page.click("#play")


def measure_turning(page: Page) -> None:
    """Redraws per second while the relief is turned by mouse."""
    box = page.locator("#relief").bounding_box()
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.8
    page.evaluate("""() => {
      const plot = document.getElementById('relief-plot')._fullLayout.scene._scene.glplot;
      const before = plot.onrender;
      records.turns = [];
      plot.onrender = (...a) => { before?.(...a); records.turns.push(performance.now()); };
    }""")
    page.mouse.move(x, y)
    page.mouse.down()
    began = page.evaluate("performance.now()")
    for k in range(120):
        page.mouse.move(x + k, y - k / 4)
        page.wait_for_timeout(16)
    turns, ended = page.evaluate("[records.turns, performance.now()]")
    page.mouse.up()
    turns = [t for t in turns if t > began]
    print(
        f"{'turning the relief: redraws per second':<58} {1000 * len(turns) / (ended - began):>9.1f} {'':>9} /s    >= 5"
    )

"""Outcome maps of 65 x 65 cells per second: by 1 and by 2 workers of the page, and by the server, in one run.

    python benchmarks/outcome_maps.py [--pictures 8] [--steps 60]

Every picture shows both runs on the default cliff with another learning rate, 33 x 33 cells first. The three are
measured in turn, so that a busy machine slows down all of them.
"""

import argparse
import statistics
from typing import Any

from browser.session import ARGUMENTS, browser_path, open_page, server, watched_page
from playwright.sync_api import Page, sync_playwright

SIDES = (33, 65)
PREPARE = """async () => {
  const address = [...document.scripts].find(({ src }) => src.endsWith("main.js")).src;
  const load = (path) => import(new URL(path, address).href);
  const [pool, sweep, axes, lookup, frames] = await Promise.all([
    "api/sweep_pool.js", "state/runs/sweep.js", "state/scene/sweep_axes.js", "state/scene/lookup.js", "api/frames.js",
  ].map(load));
  const scene = { ...history.state.scene, map: "outcomes" };
  const post = (body, signal) => fetch("frames", {
    method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  let addresses = null;
  await frames.readFrames(await post({ scene, kinds: ["sweep_kernel"] }), (frame) => {
    const url = (run) => new URL(frame[run].url, document.baseURI).href;
    addresses = { without: url("without"), with: url("with") };
  });
  window.maps = { pool, sweep, axes, lookup, frames, scene, post, addresses, pools: {} };
}"""
BY_WORKERS = """async ([count, rate, sides]) => {
  const { pool, sweep, axes, lookup, scene, addresses, pools } = maps;
  const known = (pools[count] ??= { receive: null });
  known.pool ??= pool.sweepPool({ count, receive: (side) => known.receive(side), fail: console.error });
  const own = { ...scene, optimizer: { ...scene.optimizer, learning_rate: rate } };
  const task = sweep.sweepTask(own, axes.mapAxes(own), lookup.startOf(own), sides);
  const began = performance.now();
  await new Promise((resolve) => {
    known.receive = (side) => side === sides.at(-1) && resolve();
    known.pool.begin(addresses, task);
  });
  return performance.now() - began;
}"""
BY_SERVER = """async ([_, rate, sides]) => {
  const { frames, scene, post } = maps;
  const own = { ...scene, optimizer: { ...scene.optimizer, learning_rate: rate } };
  const controller = new AbortController();
  const began = performance.now();
  let end = 0;
  try {
    await frames.readFrames(await post({ scene: own, kinds: ["outcomes"] }, controller.signal), ({ columns }) => {
      if (columns !== sides.at(-1)) return;
      end = performance.now();
      controller.abort();
    });
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
  return end - began;
}"""


def measure(page: Page, pictures: int) -> dict[str, list[float]]:
    """Milliseconds of every picture, by who computes it."""
    ways: dict[str, tuple[str, int]] = {
        "1 worker": (BY_WORKERS, 1),
        "2 workers": (BY_WORKERS, 2),
        "the server": (BY_SERVER, 0),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    # The first pictures start the workers, compile the server's routine, and optimise the kernels.
    for number in range(-3, pictures):
        for k, (name, (program, count)) in enumerate(ways.items()):
            given: list[Any] = [count, 0.3 + 0.01 * number + 0.001 * k, SIDES]
            took = page.evaluate(program, given)
            if number >= 0:
                found[name].append(took)
        page.wait_for_timeout(1000 if number < 0 else 0)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Outcome maps of 65 x 65 cells per second.")
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--steps", type=int, default=60)
    given = parser.parse_args()
    with server() as started, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = watched_page(browser)
        open_page(page, f"{started.split()[1]}?steps={given.steps}")
        page.wait_for_timeout(2000)
        page.evaluate(PREPARE)
        print(f"{'65 x 65 cells, both runs, ' + str(given.steps) + ' steps':<40}{'median':>10}{'pictures':>14}")
        for name, times in measure(page, given.pictures).items():
            middle = statistics.median(times)
            print(f"{name:<40}{middle:>7.0f} ms{1000 / middle:>12.1f}/s")
        browser.close()


if __name__ == "__main__":
    main()

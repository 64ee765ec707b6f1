"""Outcome maps of 65 x 65 cells per second: by 1 and by 2 workers of the page, and by the server, in one run.

Every picture shows both runs on the default cliff with another learning rate, 33 x 33 cells first. The three are
measured in turn, so that a busy machine slows down all of them.
"""

from typing import Any

from playwright.sync_api import Page

from browser.report import row

SIDES = (33, 65)
PREPARE = """async () => {
  const address = [...document.scripts].find(({ src }) => src.endsWith("main.js")).src;
  const { needModule } = await import(address);
  const [pool, sweep, axes, lookup, frames] = [
    "api/maps/sweep_pool.js", "state/runs/sweep.js", "state/scene/sweep_axes.js", "state/scene/lookup.js",
    "api/frames.js",
  ].map(needModule);
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


def measure_maps(page: Page, pictures: int) -> None:
    """Pictures a second, by who computes them. The page shows the default Scene."""
    page.evaluate(PREPARE)
    ways: dict[str, tuple[str, int]] = {
        "1 worker": (BY_WORKERS, 1),
        "2 workers": (BY_WORKERS, 2),
        "the server": (BY_SERVER, 0),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    # The first pictures start the workers, compile the server's routine, and optimise the kernels.
    for number in range(-3, pictures):
        for k, (name, (program, count)) in enumerate(ways.items()):
            given: list[Any] = [count, 0.3 + 0.01 * number + 0.001 * k, SIDES]
            took = page.evaluate(program, given)
            if number >= 0:
                rates[name].append(1000 / took)
        page.wait_for_timeout(1000 if number < 0 else 0)
    for name, found in rates.items():
        row(f"outcome maps of 65 x 65 cells by {name}", found, "/s", "")

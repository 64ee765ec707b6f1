"""Outcome maps of the default cliff: of 65 x 65 cells per second, by who computes them, and while a slider is dragged.

1 and 2 workers of the page and the server compute in turn, so that a busy machine slows down all three. Every picture
shows both runs with another learning rate, 33 x 33 cells first.
"""

from typing import Any

from playwright.sync_api import Page

from browser.gallery import choose_preset
from browser.report import row

SIDES = (33, 65)
PREPARE = """async () => {
  const address = [...document.scripts].find(({ src }) => src.endsWith("main.js")).src;
  const { needModule } = await import(address);
  const [pool, sweep, axes, lookup, frames] = [
    "api/maps/sweep_pool.js", "state/maps/sweep.js", "state/scene/sweep_axes.js", "state/scene/lookup.js",
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


def show_cliff(page: Page) -> None:
    """Show the default Scene, whatever was measured before."""
    choose_preset(page, "one_unit_rnn/0")
    page.wait_for_selector("#map[data-landscape='one_unit_rnn'][data-columns='513']", timeout=60_000)
    page.wait_for_timeout(500)
    assert page.evaluate("location.search") == ""


def measure_maps(page: Page, pictures: int) -> None:
    """Outcome maps of the default cliff: by who computes them, and while the learning rate is dragged."""
    show_cliff(page)
    measure_computers(page, pictures)
    measure_dragged_map(page, pictures)


def measure_computers(page: Page, pictures: int) -> None:
    """Pictures a second, by who computes them."""
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


def measure_dragged_map(page: Page, repeat: int) -> None:
    """The outcome map while the learning rate is dragged: pictures a second, and how long after it rests."""
    page.click("#outcome-map")
    page.wait_for_selector("#outcomes[data-columns='513']", timeout=60_000)
    page.evaluate("""() => {
      const outcomes = document.getElementById('outcomes');
      records.outcomes = [];
      new MutationObserver(() => records.outcomes.push([Number(outcomes.dataset.columns), performance.now()]))
        .observe(outcomes, {attributeFilter: ['data-columns', 'data-key']});
    }""")
    slider = page.locator("[data-field='optimizer.learning_rate'] input[type=range]")
    rates, coarse, fine = [], [], []
    for turn in range(repeat):
        box = slider.bounding_box()
        x, y = box["x"] + box["width"] * (0.72 if turn % 2 else 0.6), box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate("records.outcomes = []")
        for k in range(180):
            page.mouse.move(x + k / 6, y)
            page.wait_for_timeout(12)
        rest = page.evaluate("performance.now()")
        page.mouse.up()
        page.wait_for_selector("#outcomes[data-columns='513']", timeout=60_000)
        page.wait_for_timeout(200)
        seen = page.evaluate("records.outcomes")
        live = [at for columns, at in seen if at <= rest and columns >= 65]
        rates.append(1000 * len(live) / (rest - live[0]) if live else 0.0)
        coarse.append(next(at for columns, at in seen if at > rest and columns >= 65) - rest)
        fine.append(next(at for columns, at in seen if at > rest and columns >= 513) - rest)
    row("outcome map while the rate is dragged: 65 x 65 pictures", rates, "/s", "")
    row("  after the hand rests, 65 x 65", coarse, "ms", "")
    row("  after the hand rests, 513 x 513", fine, "ms", "")
    page.click("#outcome-map")

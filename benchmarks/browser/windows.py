"""Windows: the slowest picture that a link may ask for, landscape by landscape.

Large windows hold losses beyond float32, Inf and NaN. Every landscape has its largest structural parameters here.
"""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from browser.report import row
from cliffscape.app.frames.plan import frame
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.loss import LANDSCAPES, Landscape

HALF_WIDTHS = (1e2, 1e4, 1e6)  # 1e6 is the largest coordinate of a window
TURN = """([scene, address]) => {
  records.longTasks = [];
  history.replaceState({ scene }, '', address);
  dispatchEvent(new PopStateEvent('popstate', { state: { scene } }));
  return performance.now();
}"""


def scenes(entry: Landscape) -> Iterator[tuple[str, Scene]]:
    """Scenes of a landscape: its default window and large ones, with small and with large structural parameters."""
    largest = {one.name: one.range.high for one in entry.parameters if one.name in entry.structural}
    for parameters in ({}, largest) if largest else ({},):
        for half in (None, *HALF_WIDTHS):
            window = {} if half is None else {"window": (-half, half, -half, half), "start": (half / 2, half / 2)}
            name = "default window" if half is None else f"±{half:.0e}"
            name += ", largest" if parameters else ""
            yield name, Scene.model_validate({"landscape": {"kind": entry.kind, **parameters}, **window})


def measure(page: Page, scene: Scene) -> tuple[float, float]:
    """Milliseconds of the longest task, and to the relief, of a page that turns to a Scene."""
    form: dict[str, Any] = scene.model_dump(mode="json")
    began = page.evaluate(TURN, [form, "/"])
    key = frame(scene, "relief", 129).key
    page.wait_for_selector(f"#relief[data-key='{key}']", timeout=120_000)
    page.wait_for_timeout(500)
    tasks, painted = page.evaluate("[records.longTasks.map(([, length]) => length), records.reliefs.at(-1)[2]]")
    # The relief may have been that of this Scene already.
    return max(tasks, default=0.0), max(0.0, painted - began)


def measure_windows(page: Page) -> None:
    """The slowest window of each landscape, with the default window's numbers next to it."""
    for entry in LANDSCAPES:
        found = {name: measure(page, scene) for name, scene in scenes(entry)}
        usual = found["default window"]
        name = max(found, key=lambda one: found[one])
        row(f"{entry.kind}, longest task at {name}", [found[name][0]], "ms", f"default window: {usual[0]:.0f}")
        slowest = max(found, key=lambda one: found[one][1])
        row(f"  to the relief at {slowest}", [found[slowest][1]], "ms", f"default window: {usual[1]:.0f}")

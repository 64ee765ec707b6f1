"""Windows: the slowest picture that a link may ask for, landscape by landscape.

Large windows hold losses beyond float32, Inf and NaN. Every landscape has its largest structural parameters here.
Tasks are measured by the time of the main thread on a core, since other programs make them longer by the clock.
"""

import statistics
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Page

from browser.report import row
from browser.thread_time import traced_tasks
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
    # A text has no largest value.
    structural = [one for one in entry.parameters if one.name in entry.structural and one.type is not str]
    largest = {one.name: one.range.high for one in structural}
    for parameters in ({}, largest) if largest else ({},):
        for half in (None, *HALF_WIDTHS):
            window = {} if half is None else {"window": (-half, half, -half, half), "start": (half / 2, half / 2)}
            name = "default window" if half is None else f"±{half:.0e}"
            name += ", largest" if parameters else ""
            yield name, Scene.model_validate({"landscape": {"kind": entry.kind, **parameters}, **window})


class Turn(NamedTuple):
    """Milliseconds of the longest task on a core and by the clock, and to the relief, after a turn to a Scene."""

    thread: float
    clock: float
    relief: float


def measure(page: Page, scene: Scene) -> Turn:
    """Turn the page to a Scene."""
    form: dict[str, Any] = scene.model_dump(mode="json")
    with traced_tasks(page) as tasks:
        began = page.evaluate(TURN, [form, "/"])
        key = frame(scene, "relief", 129).key
        page.wait_for_selector(f"#relief[data-key='{key}']", timeout=120_000)
        page.wait_for_timeout(500)
        painted = page.evaluate("records.reliefs.at(-1)[2]")
    longest = [max((task[k] for task in tasks), default=0.0) for k in (0, 1)]
    # The relief may have been that of this Scene already.
    return Turn(*longest, max(0.0, painted - began))


def measure_windows(page: Page, repeat: int = 1, kinds: Collection[str] = ()) -> None:
    """The slowest window of each landscape, or of some, with the default window's numbers next to it."""
    for entry in LANDSCAPES:
        if kinds and entry.kind not in kinds:
            continue
        turns: dict[str, list[Turn]] = {}
        # In turn, so that no window is on the page already, and all share the load of the machine.
        for _ in range(repeat):
            for name, scene in scenes(entry):
                turns.setdefault(name, []).append(measure(page, scene))
        for part, label in (
            ("thread", "longest task on a core"),
            ("clock", "  by the clock"),
            ("relief", "  to the relief"),
        ):
            found = {name: [getattr(one, part) for one in ones] for name, ones in turns.items()}
            name = max(found, key=lambda one, found=found: statistics.median(found[one]))
            usual = statistics.median(found["default window"])
            shown = f"{entry.kind}, {label}" if part == "thread" else label
            row(f"{shown} at {name}", found[name], "ms", f"default window: {usual:.0f}")

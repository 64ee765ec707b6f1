"""Contours: lines and axes of the map on its canvas, against the heat image of the same surface."""

import base64

from playwright.sync_api import Page

from browser.report import row
from cliffscape.landscapes.catalogue import LANDSCAPES

SIDES = (65, 129, 257, 513)
KINDS = ("rastrigin", "one_unit_rnn", "wall_and_floor", "linear_recurrence")
# Milliseconds of the heat image and of contours with axes, each with the time to fill in the pixels.
DRAW = """async ([{text, side, window, axes, height}, turns]) => {
  const {needModule} = await import(document.querySelector('script[type=module]').src);
  const [{paintHeat}, {drawContours}, {drawMapAxes}, {boxOf}, {sharesOf}, {mapping}] = [
    'views/map/heat.js', 'views/map/contours.js', 'views/map/map_axes.js', 'views/map/map.js',
    'views/canvas/value_scale.js', 'views/canvas/geometry.js',
  ].map(needModule);
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const surface = {window, columns: side, rows: side, loss: new Float64Array(bytes.buffer)};
  const canvas = document.body.appendChild(document.createElement('canvas'));
  Object.assign(canvas.style, {position: 'fixed', left: '0', top: '0', width: '462px', height: '434px'});
  const box = boxOf(canvas);
  const seen = sharesOf(surface.loss, height);
  const context = canvas.getContext('2d');
  const timed = (draw) => {
    const before = performance.now();
    draw();
    context.getImageData(0, 0, 1, 1);
    return performance.now() - before;
  };
  const found = Array.from({length: turns}, () => [
    timed(() => paintHeat(canvas, surface, box, seen, 'loss')),
    timed(() => {
      drawContours(context, surface, seen.shares, box);
      drawMapAxes(context, box, {window, axes, toPixel: mapping(window, box).toPixel});
    }),
  ]);
  canvas.remove();
  return found;
}"""


def measure_contours(page: Page, turns: int = 30) -> None:
    """The default window of some landscapes on grids of several sizes.

    Of the turns, the fastest third counts: other programs make the rest longer.
    """
    for kind in KINDS:
        entry = LANDSCAPES[kind]
        for side in SIDES:
            losses = entry.loss()(entry.window.grid(side, side)).numpy()
            given = {"window": list(entry.window), "axes": list(entry.axes), "height": entry.height, "side": side}
            text = base64.b64encode(losses.astype("<f8").tobytes()).decode()
            heat, lines = zip(*page.evaluate(DRAW, [{**given, "text": text}, turns]), strict=True)
            row(
                f"contours and axes of {kind}, {side} x {side}",
                sorted(lines)[: turns // 3],
                "ms",
                "<= 10 for 513 x 513",
            )
            row("  the heat image", sorted(heat)[: turns // 3], "ms", "")

"""Where Plotly's own scene sees the start, as a second opinion to the page's projection."""

import math
import re

from tests.browser import expected
from tests.browser.visitor import Visitor

HANDLE = "#relief-handle"
COUNT_DRAWINGS = """() => {
  window.drawings = 0;
  document.getElementById('relief-plot').on('plotly_afterplot', () => { window.drawings++; });
}"""
# Plotly draws an annotation where its own camera projects a point of the scene. This checks our projection
# independently. Both follow a rotated camera within a few frames.
ANNOTATED = """async ([x, y, z]) => {
  const plot = document.getElementById('relief-plot');
  const note = { x, y, z, text: '<b>+</b>', showarrow: false, xanchor: 'center', yanchor: 'middle' };
  const camera = plot._fullLayout.scene._scene.getCamera();
  await Plotly.relayout(plot, { 'scene.annotations': [note], 'scene.camera': camera });
  let both;
  for (let k = 0; k < 100; k++) {
    await new Promise(requestAnimationFrame);
    both = ['.annotation-text', '#relief-handle']
      .map((selector) => document.querySelector(`#relief ${selector}`).getBoundingClientRect())
      .map(({ left, top, width, height }) => [left + width / 2, top + height / 2]);
    if (k > 4 && Math.hypot(both[0][0] - both[1][0], both[0][1] - both[1][1]) < 2) break;
  }
  await Plotly.relayout(plot, { 'scene.annotations': [] });
  return both;
}"""
TICKS = """() => {
  const { tickvals, ticktext } = document.getElementById('relief-plot')._fullLayout.meta.zaxis;
  return [tickvals, ticktext];
}"""
POWER = re.compile("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def value(label: str) -> float:
    """The number that a tick's label stands for."""
    power = POWER.fullmatch(label)
    return 10.0 ** int(power[1].translate(SUPERSCRIPTS)) if power else float(label.replace("−", "-"))


def height(loss: float, log: bool) -> float:
    """The symmetric log scale of the relief's axis, linear below a thousandth."""
    return math.log10(1 + loss / 1e-3) if log else loss


def opinions(visitor: Visitor) -> tuple[tuple[float, float], tuple[float, float]]:
    """The pixel where Plotly's camera projects the start, and the pixel of the handle."""
    scene = expected.scene(visitor.link())
    loss = float(expected.trajectories(visitor.link())["with"].loss[0])
    log = "log" in (scene.height, scene.surface.height)
    left, right, bottom, top = scene.resolved_window
    x, y = scene.resolved_start
    # The axes are shares of their ranges; the losses' range is read from the ticks at both ends.
    places, labels = visitor.page.evaluate(TICKS)
    (first, last), (low, high) = [(height(value(labels[k]), log) for k in (0, -1)), (places[0], places[-1])]
    share = low + (height(loss, log) - first) / (last - first) * (high - low)
    theirs, ours = visitor.page.evaluate(ANNOTATED, [(x - left) / (right - left), (y - bottom) / (top - bottom), share])
    return tuple(theirs), tuple(ours)

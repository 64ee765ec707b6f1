"""The threshold on the page: its box, and its line over a curve."""

from tests.browser.visitor import Visitor

CURVE = "gradient_norm"
# The height of the threshold's line on a curve's canvas: the middle of the rows that its label fills. The label is
# drawn in the colour of ink at the right end of the axis, 12 pixels from the canvas's edge.
THRESHOLD_HEIGHT = """(curve) => {
  const canvas = document.getElementById(`curve-${curve}`);
  const ratio = canvas.width / canvas.clientWidth;
  const x = Math.round((canvas.clientWidth - 12 - 3) * ratio);
  const { data } = canvas.getContext('2d').getImageData(x, 0, 1, canvas.height);
  const ink = getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
  const wanted = [1, 3, 5].map((k) => parseInt(ink.slice(k, k + 2), 16));
  const rows = [];
  for (let y = 0; y < canvas.height; y++) {
    if (wanted.every((value, c) => Math.abs(data[4 * y + c] - value) < 12) && data[4 * y + 3] > 250) rows.push(y);
  }
  return rows.length < 14 ? null : (rows[0] + rows.at(-1) + 1) / 2 / ratio;
}"""


def line_place(visitor: Visitor, curve: str = CURVE) -> tuple[float, float]:
    """A place on the threshold's line on screen, found in the curve's pixels."""
    canvas = visitor.page.locator(f"#curve-{curve}")
    canvas.scroll_into_view_if_needed()
    y = visitor.page.evaluate(THRESHOLD_HEIGHT, curve)
    assert y is not None, "there is no threshold line"
    box = canvas.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + y


def threshold(visitor: Visitor) -> float:
    """The threshold in its box."""
    return float(visitor.field("clip.threshold").input_value())

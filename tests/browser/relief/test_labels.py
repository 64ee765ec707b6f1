"""The labels of the axes around the relief."""

from tests.browser.conftest import Visit

# A run that is thrown many times, so that its labels lie at the left edge of the surface.
THROWN = "?landscape=ravine&steps=7"
# What the overlay draws at the last step: plates of labels as left, top, width and height, and texts.
RECORD = """() => new Promise((resolve) => {
  const drawn = { plates: [], texts: [] };
  const { fillRect, fillText } = CanvasRenderingContext2D.prototype;
  const own = (context) => context.canvas.id === "relief-overlay";
  CanvasRenderingContext2D.prototype.fillRect = function (...box) {
    if (own(this)) drawn.plates.push(box);
    return fillRect.apply(this, box);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { width } = this.measureText(text);
    if (own(this)) drawn.texts.push({ text, x, y, width, centred: this.textAlign === "center" });
    return fillText.apply(this, [text, x, y]);
  };
  document.getElementById("last").click();
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(drawn)));
})"""


def test_labels_of_the_runs_leave_those_of_the_axes_free(fresh_visit: Visit) -> None:
    visitor = fresh_visit(THROWN, relief=True, viewport={"width": 1000, "height": 600})
    visitor.page.locator("#back").click()
    drawn = visitor.page.evaluate(RECORD)
    axes = [text for text in drawn["texts"] if text["centred"]]
    assert "loss, log scale" in [text["text"] for text in axes]
    assert any("thrown" in text["text"] for text in drawn["texts"])
    for left, top, width, height in drawn["plates"]:
        for text in axes:
            beside = text["x"] + text["width"] / 2 <= left or text["x"] - text["width"] / 2 >= left + width
            assert beside or not top < text["y"] < top + height, text

"""Gradient flow: gradients that vanish below the plot's axis are said to."""

import itertools

from playwright.sync_api import expect

from tests.browser.conftest import Visit

# Weights of 0.01 shrink a gradient by more than 24 powers of ten within 40 steps.
VANISHING = (
    "?landscape=recurrent_network&landscape.batch_size=2&cell.hidden_units=4&task.sequence_length=40&steps=5"
    "&initialisation=normal&initialisation.std=0.01&start=0.01,0"
)
CLOSE = (
    "?landscape=recurrent_network&landscape.batch_size=2&cell.hidden_units=16&task=adding&task.sequence_length=50&steps=5"
    "&initialisation=normal&slice=scaled_recurrence"
)
# What is written on a canvas from now on.
RECORD_TEXTS = """() => {
  const own = CanvasRenderingContext2D.prototype.fillText;
  window.texts = [];
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    if (this.canvas.id === 'gradient-flow-norms') texts.push(text);
    return own.call(this, text, ...rest);
  };
}"""
TEXTS = "() => window.texts.filter((text) => text.startsWith('continues below the axis'))"


def test_gradients_below_the_axis_are_named(fresh_visit: Visit) -> None:
    visitor = fresh_visit(VANISHING)
    visitor.until("() => !document.getElementById('gradient-flow').hidden")
    visitor.page.evaluate(RECORD_TEXTS)
    visitor.page.locator("#theme").click()
    visitor.until("() => window.texts.length > 0")
    (said,) = set(visitor.page.evaluate(TEXTS))
    expect(visitor.page.locator("#gradient-flow-words")).to_contain_text("is 1/")
    assert float(said.rpartition(" ")[2].replace("−", "-")) < 1e-30


# Tops and bottoms of the labels on the canvas of singular values.
LABELS = """() => {
  const own = CanvasRenderingContext2D.prototype.fillText;
  window.labels = {};
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const named = this.canvas.id === 'gradient-flow-values' && /^[a-z]+$/.test(text);
    if (named) labels[text] = [y - parseFloat(this.font), y];
    return own.call(this, text, x, y, ...rest);
  };
}"""


def test_the_names_of_singular_values_do_not_cover_each_other(fresh_visit: Visit) -> None:
    """The median and the smallest value start close together."""
    visitor = fresh_visit(CLOSE)
    visitor.until("() => !document.getElementById('gradient-flow').hidden")
    visitor.page.evaluate(LABELS)
    visitor.page.locator("#theme").click()
    visitor.until("() => 'smallest' in window.labels")
    places = sorted(visitor.page.evaluate("Object.values(window.labels)"))
    assert len(places) == 3
    assert all(above[1] <= below[0] + 2 for above, below in itertools.pairwise(places))

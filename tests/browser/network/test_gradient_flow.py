"""Gradient flow: gradients that vanish below the plot's axis are said to."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit

# Weights of 0.01 shrink a gradient by more than 24 powers of ten within 40 steps.
VANISHING = (
    "?landscape=recurrent_network&landscape.batch_size=2&cell.hidden_units=4&task.sequence_length=40&steps=5"
    "&initialisation=normal&initialisation.std=0.01&start=0.01,0"
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

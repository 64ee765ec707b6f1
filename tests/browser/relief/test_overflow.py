"""Losses above float32: drawn like any other, and the relief comes back whatever happened to it."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

RECURRENCE = "landscape=linear_recurrence&landscape.sequence_length=100"
WINDOWS = {
    "1e259": (f"?{RECURRENCE}&window=-20,20,-2,2", "loss 0 ... ≥ 3.67e259, log"),
    "1e78": (
        "?landscape=product_of_weights&landscape.repetitions=10&window=-100,100,-100,100",
        "loss 0 ... ≥ 6.74e78, log",
    ),
    "partly Inf": (f"?{RECURRENCE}&window=-10,50,-30,30&start=36,0", "loss 0 ... ≥ 4.32e307 to Inf, log"),
    "Inf": (f"?{RECURRENCE}&window=1e5,2e5,1,2&start=1.5e5,1.5", "loss: Inf in the whole window"),
    "NaN": (
        f"?{RECURRENCE}&landscape.initial_state=0&window=-1e6,1e6,-1,1&start=1,0.5",
        "loss 0.5 ... ≥ 4.48, log; NaN hatched",
    ),
    "far from 0": (
        "?landscape=formula&landscape.text=1e160*exp(x**2%2By**2)&window=-10,10,-10,10&start=1,1&height=log",
        "loss 1.00e160 ... ≥ 5.74e238, log",
    ),
    "next to 0": (
        "?landscape=ravine&window=-1e-7,1e-7,-1e-7,1e-7&start=5e-8,5e-8",
        "loss 0 ... ≥ 1.01e−13",
    ),
    "flat": ("?window=-1000,-900,100,200&start=-950,150", "loss 0.09, flat"),
}
# By how much Plotly multiplies the points of the mesh, along its rows and from row to row.
MULTIPLES = """() => {
  const [{ dataScaleX, dataScaleY }] =
    Object.values(document.getElementById('relief-plot')._fullLayout.scene._scene.traces);
  return [dataScaleX, dataScaleY];
}"""
COLOURS = 20  # at least, of a drawn surface with its shades
LOSE = """() => document.querySelector('#relief-plot canvas').getContext('webgl').getExtension('WEBGL_lose_context')
  .loseContext()"""
BREAK = """() => {
  const { react } = Plotly;
  Plotly.react = (element, ...rest) => {
    Plotly.react = react;
    return Promise.reject(new Error('broken on purpose'));
  };
}"""


@pytest.fixture(scope="module")
def stayer(long_visit: Visit) -> Visitor:
    """A visitor with the relief, which takes seconds to draw."""
    return long_visit(relief=True)


@pytest.mark.parametrize("name", WINDOWS)
def test_large_losses_are_drawn_and_named(name: str, stayer: Visitor) -> None:
    query, legend = WINDOWS[name]
    stayer.page.emulate_media(color_scheme="dark" if name == "partly Inf" else "light")
    stayer.turn_to(query)
    expect(stayer.page.locator("#map")).to_have_attribute("data-legend", legend)
    stayer.until("(key) => document.getElementById('relief').dataset.key === key", expected.relief(query))
    stayer.frames(5)
    assert stayer.colours("#relief") > COLOURS
    assert stayer.page.evaluate(MULTIPLES) == [1, 1]


@pytest.mark.parametrize("harm", [LOSE, BREAK], ids=["the graphics card drops it", "an error inside Plotly"])
def test_the_relief_comes_back(harm: str, stayer: Visitor) -> None:
    before, after = "?landscape=himmelblau", "?landscape=ravine"
    stayer.turn_to(before)
    stayer.until("(key) => document.getElementById('relief').dataset.key === key", expected.relief(before))
    stayer.page.evaluate(harm)
    stayer.turn_to(after)
    stayer.until("(key) => document.getElementById('relief').dataset.key === key", expected.relief(after))
    stayer.frames(5)
    assert stayer.colours("#relief-plot") > COLOURS


def test_hills_that_are_finer_than_the_points_are_named(stayer: Visitor) -> None:
    note = stayer.page.locator("#thinned")
    stayer.turn_to("?landscape=ackley&window=-10000,10000,-10000,10000&start=5,5")
    expect(note).to_have_text("Its hills are finer than the points that are drawn.")
    expect(note).to_be_visible()
    stayer.turn_to("?landscape=ackley")
    expect(note).to_be_hidden()

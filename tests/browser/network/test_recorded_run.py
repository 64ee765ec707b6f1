"""A run of a user's own training loop, on the map and in the relief of a plane through their model."""

from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, Page

from cliffscape.app.notebook.show import show
from cliffscape.landscapes.models.model_landscape import VIEWS
from cliffscape.landscapes.models.trainings.recorded_run import record
from tests.landscapes.models.small_models import cross_entropy, perceptron, perceptron_view, vectors

# How many pixels of an overlay are ink: the dots of the run, and its name. Paths have other colours.
INK = """(id) => {
  const canvas = document.getElementById(id);
  const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
  const wanted = document.createElement("canvas").getContext("2d");
  wanted.fillStyle = ink;
  wanted.fillRect(0, 0, 1, 1);
  const [r, g, b] = wanted.getImageData(0, 0, 1, 1).data;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let k = 0; k < data.length; k += 4)
    if (data[k] === r && data[k + 1] === g && data[k + 2] === b && data[k + 3] === 255) count++;
  return count > 40;
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The page of a view with a recorded run."""
    model = perceptron()
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    with record(model, optimizer, every=2) as run:
        for _ in range(20):
            optimizer.zero_grad()
            cross_entropy(model, vectors()[0]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    shown = show(perceptron_view().with_run(run), open_tab=False)
    page = browser.new_page()
    page.goto(shown.url)
    yield page
    page.close()
    shown.stop()
    VIEWS.clear()


def test_a_recorded_run_is_drawn_on_the_map_and_in_the_relief(page: Page) -> None:
    for overlay in ("map-overlay", "relief-overlay"):
        page.wait_for_function(INK, arg=overlay)

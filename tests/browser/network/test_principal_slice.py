"""A slice through a training run: map, relief and paths always show the same plane when the run changes."""

from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.network.network_page import await_finest_picture, await_link_with, expect_verdicts
from tests.browser.visitor import Visitor

PRINCIPAL = (
    "?landscape=recurrent_network&slice=principal&landscape.batch_size=4&cell.hidden_units=4"
    "&task.sequence_length=10&steps=20&updates=30"
)
# The planes of map, relief and both paths as they are drawn, frame by frame; a path that is not drawn has none.
WATCH = """() => {
  window.planes = [];
  const plane = (id) => document.getElementById(id).dataset.plane ?? '';
  const look = () => {
    const stale = document.getElementById('relief').dataset.stale === 'true';
    planes.push([plane('map'), plane('map-overlay'), plane('relief'), plane('relief-overlay'), stale]);
    requestAnimationFrame(look);
  };
  look();
}"""


def planes(visitor: Visitor) -> list[list[Any]]:
    """What was drawn in every frame since the page was first watched."""
    found: list[list[Any]] = visitor.page.evaluate("planes.splice(0)")
    return found


@pytest.mark.parametrize(("field", "value"), [("optimizer.learning_rate", "0.05"), ("updates", "60")])
def test_another_run_moves_map_relief_and_paths_to_its_plane(fresh_visit: Visit, field: str, value: str) -> None:
    visitor = fresh_visit(PRINCIPAL, relief=True)
    await_finest_picture(visitor)
    visitor.page.locator("#train").click()
    visitor.until("() => document.getElementById('training-status').textContent.startsWith('30 of 30')")
    visitor.page.evaluate(WATCH)
    visitor.frames(3)
    before = planes(visitor)[-1][0]
    visitor.type(field, value)
    await_link_with(visitor, f"{field}={value}")
    await_finest_picture(visitor)
    expect_verdicts(visitor)
    visitor.until(
        """(before) => ['map', 'map-overlay', 'relief', 'relief-overlay']
          .every((id) => ![before, '', undefined].includes(document.getElementById(id).dataset.plane))""",
        before,
    )
    # The newest row may be of the frame before.
    visitor.frames(2)
    seen = planes(visitor)
    for on_map, path, on_relief, path_on_relief, stale in seen:
        assert path in ("", on_map)
        assert path_on_relief in ("", on_relief)
        assert stale or on_relief in ("", on_map)
    last = seen[-1]
    assert last[0] != before and set(last[:4]) == {last[0]} and not last[4]

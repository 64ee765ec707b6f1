"""The table of the current step: it fits at every width, turned where it has no room, and keeps its height."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

# The longest numbers of each column, as a run near a minimum has them.
LONGEST = ["−0.000123, −1.23e−10", "−1.23e−10", "1.23e−10", "99.9 %", "1.23e−10", "−1.23e−10", "−1.23e−10"]
FILL = """(texts) => {
  for (const row of document.querySelectorAll('#readout tbody tr'))
    row.querySelectorAll('td').forEach((cell, k) => (cell.textContent = texts[k]));
  const table = document.getElementById('readout');
  return [table.scrollWidth - table.clientWidth, document.documentElement.scrollWidth - innerWidth];
}"""
BOXES = """(cells) => cells.map((cell) => {
  const { left, top } = cell.getBoundingClientRect();
  return [left, top];
})"""


def boxes(visitor: Visitor, selector: str) -> list[tuple[float, float]]:
    """Left and top of every cell."""
    found: list[list[float]] = visitor.page.locator(f"#readout {selector}").evaluate_all(BOXES)
    return [(left, top) for left, top in found]


def test_the_longest_numbers_fit_without_scrolling(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    for width in (360, 768, 865, 1024, 1200, 1280):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.frames()
        assert visitor.page.evaluate(FILL, LONGEST) == [0, 0], width


def test_it_fits_beside_a_lesson(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=07-clipping-by-norm", predicting=True)
    assert visitor.page.evaluate(FILL, LONGEST) == [0, 0]


def test_on_a_phone_every_quantity_is_a_row_with_both_runs(visit: Visit) -> None:
    visitor = visit(viewport={"width": 360, "height": 740})
    names, without, with_clipping = (boxes(visitor, one) for one in ("thead th", ".without td", ".with td"))
    assert len(names) == len(without) == len(with_clipping) == len(LONGEST)
    for name, first, second in zip(names, without, with_clipping, strict=True):
        assert name[1] == first[1] == second[1]
        assert name[0] < first[0] < second[0]
    visitor.choose("runs", "with")
    expect(visitor.page.locator("#readout .without")).to_be_hidden()
    assert boxes(visitor, ".with td")[0][0] < second[0]


@pytest.mark.parametrize("width", [360, 1024])
def test_the_table_keeps_its_height_over_all_steps(visit: Visit, width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 800})
    heights = set()
    for step in range(0, 61, 4):
        visitor.scrub(step)
        visitor.frames(1)
        heights.add(visitor.page.locator("#readout").evaluate("(table) => table.offsetHeight"))
    assert len(heights) == 1

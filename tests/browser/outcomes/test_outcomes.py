"""The outcome map on the page: both runs from every start, the sweep of two quantities, and their sentences."""

import re

import pytest
from playwright.sync_api import expect

from cliffscape.app.frames.outcomes import LEVELS, outcomes_frame
from cliffscape.app.scene.metadata import version
from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_network import workspace
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.export.png import named_texts
from tests.browser.outcomes.outcome_map import FINEST, await_outcome_map

SADDLE = "landscape=saddle&steps=30&map=outcomes"
CELL = r"x (\S+), y (\S+): without clipping"


def words_of(query: str, side: int = 65) -> str:
    """The sentence of a sweep, from its frame."""
    scene = expected.scene(query)
    frame = run_to_end(outcomes_frame(scene, side, "", workspace()))
    parts = []
    for run in ("with", "without"):
        shares = frame.fields["shares"][run]
        lost = shares["outcomes"][OUTCOMES.index("diverged")]
        ends = [f"{percent(shares['thrown'])} are thrown at some step"] if shares["thrown"] else []
        ends += [f"{percent(lost)} diverge"] if lost else []
        share = percent(shares["converged"])
        lead = f"With clipping {share} of the starts in this window converge within {scene.steps} steps"
        parts.append(" and ".join([lead if run == "with" else f"without, {share} do", *ends]))
    return "; ".join(parts) + "."


def percent(share: float) -> str:
    """Whole percents; 0 % and 100 % only if they are exact."""
    if 0 < share < 0.01:
        return "less than 1 %"
    return "more than 99 %" if 0.99 < share < 1 else f"{int(100 * share + 0.5)} %"


def test_the_outcome_map_shows_the_outcome_of_every_start(visit: Visit) -> None:
    visitor = visit(f"?{SADDLE}&clip.threshold=0.05")
    await_outcome_map(visitor, FINEST)
    expect(visitor.page.locator("#outcomes-words")).to_have_text(words_of(f"{SADDLE}&clip.threshold=0.05", 513))
    expect(visitor.page.locator("#outcome-map")).to_have_attribute("aria-pressed", "true")
    assert visitor.colours("#outcomes-without") > 20
    visitor.page.locator("#outcome-map").click()
    expect(visitor.page.locator("#outcomes")).to_be_hidden()
    visitor.until("() => !location.search.includes('map=')")


def test_the_page_scrolls_to_a_map_that_the_visitor_asks_for_and_not_to_that_of_a_link(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"?{SADDLE}")
    expect(visitor.page.locator("#outcomes")).to_be_visible()
    visitor.frames()
    assert visitor.page.evaluate("scrollY") == 0
    for _ in range(2):
        visitor.page.locator("#outcome-map").click()
    visitor.until("() => scrollY > 0")


def test_a_click_on_a_cell_plays_that_run(visit: Visit) -> None:
    visitor = visit(f"?{SADDLE}")
    await_outcome_map(visitor, FINEST)
    overlay = visitor.page.locator("#outcomes-with-overlay")
    overlay.scroll_into_view_if_needed()
    overlay.click(position={"x": 200, "y": 150})
    visitor.until("() => history.state.scene.start !== null")
    shown = visitor.page.locator("#outcomes-cell").inner_text()
    # The exact numbers of the cell: near the border of two outcomes a rounded start may have the other one.
    x, y = visitor.page.evaluate("history.state.scene.start")
    found = re.match(CELL, shown)
    assert found, shown
    assert [float(part.replace("−", "-")) for part in found.groups()] == pytest.approx([x, y], rel=5e-3)
    # The run plays from its start, so it has not reached its last step.
    assert visitor.step() < 30
    expect(visitor.page.locator("#play")).to_have_attribute("aria-pressed", "true")


def test_two_quantities_are_swept_and_a_click_sets_them(visit: Visit) -> None:
    visitor = visit("?landscape=ravine&steps=20&map=sweep")
    # Wait until the lists belong to this Scene. Before that, the number of columns is that of the previous map.
    lists = visitor.page.locator("#outcomes-axes select")
    for k, name in enumerate(("optimizer.learning_rate", "clip.threshold")):
        expect(lists.nth(k)).to_have_value(name)
    await_outcome_map(visitor)
    overlay = visitor.page.locator("#outcomes-with-overlay")
    overlay.scroll_into_view_if_needed()
    overlay.click(position={"x": 180, "y": 90})
    visitor.until("() => location.search.includes('optimizer.learning_rate')")
    before = visitor.link()
    # A new axis must not change the values that the click has set.
    lists.nth(1).select_option("landscape.condition_number")
    visitor.until("() => location.search.includes('sweep=optimizer.learning_rate,landscape.condition_number')")
    assert before in visitor.link()


def test_a_press_on_a_cell_plays_the_run_under_the_pointer(visit: Visit) -> None:
    """The map and the sentence about the cell under the pointer stay as they are. Few steps: the map is fine sooner."""
    visitor = visit("?map=sweep&steps=8")
    await_outcome_map(visitor)
    overlay, cell = visitor.page.locator("#outcomes-with-overlay"), visitor.page.locator("#outcomes-cell")
    overlay.scroll_into_view_if_needed()
    ends = visitor.page.locator("#outcomes-axes .axis input")
    before = ["0.005", "10", "0.002", "20"]
    for k, value in enumerate(before):
        # Before that, the picture is that of the previous visit.
        expect(ends.nth(k)).to_have_value(value)
    # Wait for the finest map: before that, the cells become smaller, and the one under the pointer changes.
    await_outcome_map(visitor, FINEST)
    box = overlay.bounding_box()
    assert box is not None
    visitor.page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.2 * box["height"])
    visitor.frames()
    shown = re.match(r"Learning rate ε (\S+), Threshold v (\S+): ", cell.inner_text())
    assert shown, cell.inner_text()
    asked = visitor.asked()
    visitor.page.mouse.down()
    # Long enough for a request, if the press caused one.
    visitor.frames(20)
    visitor.page.mouse.up()
    visitor.until("() => location.search.includes('optimizer.learning_rate')")
    chosen = expected.scene(visitor.link())
    found = [chosen.parameters("optimizer")["learning_rate"], chosen.parameters("clip")["threshold"]]
    assert [float(text) for text in shown.groups()] == pytest.approx(found, rel=5e-3)
    assert [ends.nth(k).input_value() for k in range(4)] == before
    assert visitor.requests[asked:] == []


def test_the_hovered_place_stays_the_same_while_the_map_becomes_finer(visit: Visit) -> None:
    """A finer map has other cells: the words are about the cell at the place, not about the number of the cell."""
    visitor = visit("?landscape=saddle&steps=7&map=outcomes")
    overlay, cell = visitor.page.locator("#outcomes-with-overlay"), visitor.page.locator("#outcomes-cell")
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    assert box is not None
    visitor.page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    await_outcome_map(visitor, FINEST)
    visitor.frames()
    waited = cell.inner_text()
    visitor.page.mouse.move(box["x"] + 0.75 * box["width"] + 40, box["y"] + 0.25 * box["height"])
    visitor.page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    visitor.frames()
    assert waited == cell.inner_text() != ""


def test_an_invalid_range_is_refused_and_the_picture_stays(visit: Visit) -> None:
    visitor = visit("?landscape=ravine&steps=20&map=sweep")
    await_outcome_map(visitor)
    words = visitor.page.locator("#outcomes-words").inner_text()
    high = visitor.page.locator("#outcomes-axes .axis input").nth(1)
    high.fill("0.0005")
    high.press("Enter")
    notice = visitor.page.locator("#notice")
    expect(notice).to_contain_text("the smaller one first")
    expect(notice).to_be_in_viewport()
    assert visitor.page.locator("#outcomes-words").inner_text() == words
    # The browser writes the refused request, which this test causes, to the console.
    visitor.errors.clear()
    high.fill("5")
    high.press("Enter")
    expect(notice).to_be_hidden()


def test_the_share_of_converging_starts_is_shown_for_a_cloud(visit: Visit) -> None:
    visitor = visit("?landscape=ravine&steps=20&map=sweep&cloud=4")
    await_outcome_map(visitor)
    choice = visitor.page.locator("[data-field=outcomes-quantity] [data-value=converged]")
    choice.click()
    expect(choice).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.locator("#outcomes-legend")).to_have_text("0 %100 %")
    visitor.page.locator("#outcomes-with-overlay").hover(position={"x": 150, "y": 100})
    expect(visitor.page.locator("#outcomes-cell")).to_contain_text("of 4 starts converge")


def test_the_page_says_where_float64_overflows(visit: Visit) -> None:
    # So narrow that 257 cells are closer together than two neighbouring float64 numbers.
    window = "0.3,0.30000000000001,0.2,0.20000000000001"
    visitor = visit(f"?landscape=saddle&steps=5&map=outcomes&window={window}&start=0.300000000000005,0.200000000000005")
    await_outcome_map(visitor, 257)
    expect(visitor.page.locator("#outcomes-words")).to_contain_text("This is the limit of float64")


def test_the_outcome_map_is_saved_as_a_table_and_as_a_picture(visit: Visit) -> None:
    # The server does not compute a run of over a thousand steps for a name. The page has computed it.
    link = "?landscape=saddle&clip.threshold=0.05&steps=1001&map=outcomes"
    visitor = visit(link)
    await_outcome_map(visitor)
    with visitor.page.expect_download() as waiting:
        visitor.page.locator("#outcomes-csv").click()
    assert waiting.value.suggested_filename == "saddle-converged-outcomes.csv"
    comment, header, *rows = waiting.value.path().read_text(encoding="utf-8").splitlines()
    assert comment == f"# Cliffscape {version()} {link}"
    assert header.startswith("start.x,start.y,")
    assert len(rows) in {side * side for side in LEVELS}
    with visitor.page.expect_download() as waiting:
        visitor.page.locator("#outcomes-png").click()
    assert waiting.value.suggested_filename == "saddle-converged-outcomes.png"
    texts = named_texts(waiting.value.path().read_bytes())
    assert texts["Source"] == link and texts["Software"] == f"Cliffscape {version()}"
    assert texts["Title"] == "Outcome map: Saddle between two minima"


def test_the_sentence_describes_the_cell_that_was_pressed(visit: Visit) -> None:
    """A finger does not move before it presses, and the page may scroll between a movement and a press."""
    visitor = visit(f"?{SADDLE}")
    await_outcome_map(visitor, FINEST)
    overlay = visitor.page.locator("#outcomes-with-overlay")
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    assert box
    visitor.page.mouse.move(box["x"] + 100, box["y"] + 100)
    session = visitor.page.context.new_cdp_session(visitor.page)
    press = {"x": box["x"] + 200, "y": box["y"] + 150, "button": "left", "clickCount": 1}
    for kind in ("mousePressed", "mouseReleased"):
        session.send("Input.dispatchMouseEvent", {"type": kind, **press})
    visitor.until("() => history.state.scene.start !== null")
    x, y = visitor.page.evaluate("history.state.scene.start")
    found = re.match(CELL, visitor.page.locator("#outcomes-cell").inner_text())
    assert found
    assert [float(part.replace("−", "-")) for part in found.groups()] == pytest.approx([x, y], rel=5e-3)


# The hatching has dark and light lines, here in a square of an outcome map where all starts diverge without clipping.
HATCHED = """() => {
  const canvas = document.getElementById('outcomes-without');
  const [x, y, side] = [0.75 * canvas.width, 0.25 * canvas.height, 40].map(Math.round);
  const { data } = canvas.getContext('2d').getImageData(x, y, side, side);
  const grey = Array.from({ length: side * side }, (_, k) => (data[4 * k] + data[4 * k + 1] + data[4 * k + 2]) / 3);
  return Math.max(...grey) - Math.min(...grey) > 60;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_legend_hatches_the_cells_in_which_the_runs_differ(visit: Visit, scheme: str) -> None:
    query = "?landscape=product_of_weights&optimizer.learning_rate=0.03&clip.threshold=1&steps=100&map=outcomes"
    visitor = visit(query, color_scheme=scheme)
    await_outcome_map(visitor)
    assert not visitor.page.evaluate(HATCHED)
    switch = visitor.page.get_by_label("the two runs differ: ")
    switch.check()
    # The browser may drop the pixels of a canvas at any time, and the page then draws them again.
    visitor.until(HATCHED)
    # The visitor is shared with other tests.
    switch.uncheck()

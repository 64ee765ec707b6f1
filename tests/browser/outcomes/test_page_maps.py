"""Outcome maps that workers of the page compute: the server sends only kernels, and finer maps."""

import json
from typing import Any

from playwright.sync_api import Request, expect

from cliffscape.app.frames.outcomes import IN_BROWSER
from tests.browser.conftest import Visit
from tests.browser.network.network_page import HASH
from tests.browser.outcomes.outcome_map import workers_may_compile
from tests.browser.visitor import Visitor

COLUMNS = "() => Number(document.getElementById('outcomes').dataset.columns)"
# A map with more cells than the page computes would take too long, so the server has none.
NONE_FINER = "landscape=outlier&steps=1200&clip.threshold=0.05&optimizer.learning_rate=0.1"


def requests_for(visitor: Visitor, *kinds: str) -> list[dict[str, Any]]:
    """Collects the bodies of the page's requests for frames of some kinds."""
    found: list[dict[str, Any]] = []

    def hear(request: Request) -> None:
        body = json.loads(request.post_data or "{}") if request.url.endswith("/frames") else {"kinds": []}
        if set(kinds) & set(body["kinds"]):
            found.append(body)

    visitor.page.on("request", hear)
    return found


def open_map(visitor: Visitor, columns: int) -> None:
    """Open the outcome map and wait until it has this many columns."""
    visitor.page.locator("#outcome-map").click()
    visitor.until(f"(columns) => ({COLUMNS})() >= columns", columns)


def test_the_page_asks_the_server_only_for_maps_that_are_finer_than_its_own(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?landscape=saddle&steps=31")
    asked = requests_for(visitor, "outcomes")
    open_map(visitor, 513)
    assert asked and workers_may_compile(visitor)
    assert all(body["finer_than"] == {"outcomes": IN_BROWSER} for body in asked)


def test_the_page_stays_where_it_is_while_a_map_of_the_other_kind_is_on_its_way(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?landscape=saddle&steps=31")
    open_map(visitor, 65)
    height = "() => document.getElementById('every-start').offsetHeight"
    before = visitor.page.evaluate(height)
    # The lowest height of all frames until the new map is there.
    visitor.page.evaluate(f"""() => {{
      window.lowest = Infinity;
      const look = () => {{ window.lowest = Math.min(window.lowest, ({height})()); requestAnimationFrame(look); }};
      look();
    }}""")
    visitor.page.get_by_role("button", name="Two quantities").click()
    visitor.until("() => document.querySelector('#outcomes-axes select')?.checkVisibility()")
    visitor.until(f"(columns) => ({COLUMNS})() >= columns", 65)
    assert visitor.page.evaluate("window.lowest") > 0.9 * before


def test_dragging_the_learning_rate_updates_the_map_without_the_server(fresh_visit: Visit) -> None:
    """Without workers the server computes the same picture."""
    visitor = fresh_visit(f"?{NONE_FINER}")
    asked = requests_for(visitor, "outcomes", "sweep")
    open_map(visitor, IN_BROWSER)
    words = visitor.page.locator("#outcomes-words")
    expect(words).to_contain_text("a finer map would take too long")
    pictures = [visitor.page.evaluate(HASH, f"outcomes-{run}") for run in ("with", "without")]
    visitor.slider("optimizer.learning_rate").focus()
    for _ in range(8):
        visitor.page.keyboard.press("ArrowLeft")
    visitor.until(f"(before) => ({HASH})('outcomes-with') !== before && ({COLUMNS})() === {IN_BROWSER}", pictures[0])
    assert asked == []
    with visitor.page.expect_download() as download:
        visitor.page.locator("#outcomes-csv").click()
    assert download.value.path().stat().st_size > IN_BROWSER**2

    visitor.page.close()
    without = fresh_visit(f"?{NONE_FINER}")
    asked = requests_for(without, "outcomes")
    without.page.route("**/sweep_worker.js", lambda route: route.abort())
    open_map(without, IN_BROWSER)
    assert asked
    assert "finer_than" not in asked[-1] or asked[-1]["finer_than"] == {}
    expect(without.page.locator("#notice")).to_contain_text("the server does")
    assert [without.page.evaluate(HASH, f"outcomes-{run}") for run in ("with", "without")] == pictures
    # The browser writes the worker that this test takes away to the console.
    without.errors.clear()

"""A recurrent network on the page: its slice, pictures and descents come from the server."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.accessibility_tree import OPERABLE, name, role, tree
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset, expect_preset
from tests.browser.network.network_page import (
    NET,
    UNNAMED,
    await_finest_picture,
    await_link_with,
    expect_verdicts,
    picture_key,
)

HANDLE = "#map-handle"
WATCH_PICTURES = """() => {
  const own = (window.pictures = []);
  const { dataset } = document.getElementById('map');
  new MutationObserver(() => {
    const columns = Number(dataset.columns);
    if (dataset.landscape === 'recurrent_network' && own.at(-1) !== columns) own.push(columns);
  }).observe(document.getElementById('map'), { attributes: true });
}"""
# The number of pending requests for a descent, counted in the page's calls of fetch.
COUNT_DESCENTS = """() => {
  const own = window.fetch;
  const count = (window.descents = { now: 0, most: 0, all: 0 });
  window.fetch = async (url, options) => {
    if (!JSON.parse(options.body).kinds.includes('pair')) return own(url, options);
    let under = true;
    const land = () => {
      count.now -= under ? 1 : 0;
      under = false;
    };
    count.all += 1;
    count.most = Math.max(count.most, ++count.now);
    options.signal.addEventListener('abort', land);
    try {
      const response = await own(url, options);
      const { status, headers } = response;
      return new Response(response.body.pipeThrough(new TransformStream({ flush: land })), { status, headers });
    } catch (error) {
      land();
      throw error;
    }
  };
}"""


def test_its_surface_is_shown_coarse_first_and_then_refined(visit: Visit) -> None:
    visitor = visit()
    visitor.page.evaluate(WATCH_PICTURES)
    # Other tests may have had the coarsest surface of a preset computed, and then the server sends a finer one first.
    choose_preset(visitor, "recurrent_network/3")
    expect(visitor.page).to_have_title("Recurrent network · Cliffscape")
    await_link_with(visitor, "landscape=recurrent_network")
    expect_verdicts(visitor)
    expect_preset(visitor, "recurrent_network/3")
    visitor.until("() => pictures.length > 1")
    first, second = visitor.page.evaluate("pictures.slice(0, 2)")
    assert 17 <= first < second
    # No other test has this network, and its finest surface takes less time.
    visitor.type("cell.hidden_units", "6")
    await_link_with(visitor, "cell.hidden_units=6")
    await_finest_picture(visitor)
    assert visitor.page.evaluate("pictures.slice(-4)") == [17, 33, 65, 129]
    expect_verdicts(visitor)
    expect(visitor.page.locator("#progress")).to_be_hidden()
    expect(visitor.page.locator("#notice")).to_be_hidden()


def test_a_link_opens_it_with_map_and_relief_of_one_grid(fresh_visit: Visit) -> None:
    visitor = fresh_visit(NET, relief=True)
    expect_verdicts(visitor)
    await_finest_picture(visitor)
    visitor.until("(key) => document.getElementById('relief').dataset.key === key", picture_key(visitor.page))
    for run in ("without", "with"):
        assert visitor.readout(run) == expected.readout(visitor.link(), run, 20)
    assert visitor.link() == NET[1:]
    controls = [(role(node), name(node)) for node in tree(visitor) if role(node) in OPERABLE]
    assert [kind for kind, called in controls if not called] == []
    assert {control for control in controls if controls.count(control) > 1} == set()


def test_a_dragged_start_requests_one_descent_at_a_time(fresh_visit: Visit) -> None:
    visitor = fresh_visit(NET)
    visitor.page.evaluate(COUNT_DESCENTS)
    picture, before = picture_key(visitor.page), visitor.readout("with")
    begin = visitor.centre(HANDLE)
    visitor.page.mouse.move(*begin)
    visitor.page.mouse.down()
    for k in range(1, 25):
        visitor.page.mouse.move(begin[0] - 2 * k, begin[1] + 3 * k)
        visitor.frames(1)
    # The numbers follow during the drag.
    visitor.until("(x) => document.querySelector('#readout tr.with td').innerText !== x", before[0])
    end = begin[0] - 60, begin[1] + 70
    visitor.page.mouse.move(*end)
    visitor.page.mouse.up()
    visitor.settle()
    expect_verdicts(visitor)
    for run in ("without", "with"):
        expect(visitor.page.locator(f"#readout tr.{run} td")).to_have_text(
            expected.readout(visitor.link(), run, 20), use_inner_text=True
        )
    there = visitor.mapping(tuple(expected.scene(NET).resolved_window)).pixel(*visitor.start())
    assert abs(there[0] - end[0]) < 1
    assert abs(there[1] - end[1]) < 1
    count = visitor.page.evaluate("descents")
    assert count["most"] == 1
    assert 2 <= count["all"] <= 27
    assert picture_key(visitor.page) == picture


def test_arrow_keys_move_its_start(visit: Visit) -> None:
    visitor = visit(NET)
    left, right, bottom, top = expected.scene(NET).resolved_window
    x, y = visitor.start()
    visitor.page.locator(HANDLE).focus()
    for keys in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        visitor.page.keyboard.press(keys)
    visitor.settle()
    assert visitor.start() == pytest.approx((x + 0.02 * (right - left), y + 0.001 * (top - bottom)), abs=1e-5)
    expect_verdicts(visitor)


def test_back_and_forward_between_a_network_and_another_landscape(visit: Visit) -> None:
    visitor = visit(NET)
    expect(visitor.page.locator("#training")).to_be_visible()
    choose_preset(visitor, "himmelblau/0")
    await_link_with(visitor, "landscape=himmelblau")
    expect_verdicts(visitor)
    for hidden in ("#training", "#gradient-flow", "#what", ".family.cell", ".family.slice"):
        expect(visitor.page.locator(hidden)).to_be_hidden()
    visitor.page.go_back()
    await_link_with(visitor, "landscape=recurrent_network")
    expect_verdicts(visitor)
    await_finest_picture(visitor)
    expect(visitor.page.locator("[data-field='start.0'] label")).to_have_text("spectral radius")
    visitor.page.go_forward()
    await_link_with(visitor, "landscape=himmelblau")
    expect(visitor.page.locator("#map[data-landscape='himmelblau']")).to_be_visible()
    expect_verdicts(visitor)


def test_a_phone_shows_it_without_scrolling_sideways(fresh_visit: Visit) -> None:
    visitor = fresh_visit(NET, viewport={"width": 360, "height": 640}, has_touch=True)
    await_finest_picture(visitor)
    expect(visitor.page.locator("#gradient-flow")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360
    assert visitor.page.evaluate(UNNAMED) == []

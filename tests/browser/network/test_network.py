"""A recurrent network on the page: its slice, pictures and descents come from the server."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.page.test_accessibility import OPERABLE, name, role, tree
from tests.browser.visitor import Visitor

# Small, so that everything is there in a moment.
NET = "?landscape=recurrent_network&landscape.batch_size=4&cell.hidden_units=8&task.sequence_length=12&steps=20"
HANDLE = "#map-handle"
WATCH_PICTURES = """() => {
  const own = (window.pictures = []);
  const { dataset } = document.getElementById('map');
  new MutationObserver(() => {
    const columns = Number(dataset.columns);
    if (dataset.landscape === 'recurrent_network' && own.at(-1) !== columns) own.push(columns);
  }).observe(document.getElementById('map'), { attributes: true });
}"""
HASH = """(id) => {
  const canvas = document.getElementById(id);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer).reduce((sum, pixel) => (sum * 31 + pixel) | 0, 7);
}"""
# How many requests for a descent are under way, told by the page's own calls.
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
UNNAMED = """() => [...document.querySelectorAll('input, select, button, canvas[role=img], progress')]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.labels?.length || e.ariaLabel || e.textContent.trim()))
  .map((e) => e.outerHTML)"""


def key(page: Page) -> str | None:
    """The picture on the map."""
    return page.locator("#map").get_attribute("data-key")


def another(visitor: Visitor, before: str | None) -> None:
    """Wait for a picture that is not that of before."""
    visitor.until("(key) => document.getElementById('map').dataset.key !== key", before)


def finest(visitor: Visitor) -> None:
    """Wait for the finest picture of what the address says."""
    visitor.until("(key) => document.getElementById('map').dataset.key === key", expected.picture(visitor.link()))


def link_holds(visitor: Visitor, part: str) -> None:
    """Wait until the address has this part."""
    visitor.until("(part) => decodeURIComponent(location.search).includes(part)", part)


def link_lacks(visitor: Visitor, part: str) -> None:
    """Wait until the address has no such part."""
    visitor.until("(part) => !decodeURIComponent(location.search).includes(part)", part)


def sentences(visitor: Visitor) -> None:
    """Expect the verdicts of what the address says."""
    for run, said in expected.verdicts(visitor.link()).items():
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])


def at_rest(visitor: Visitor) -> dict[str, int]:
    """The compute run's counters once nothing is on it."""
    while True:
        run: dict[str, int] = visitor.page.request.get(f"{visitor.address}/healthz").json()["worker"]
        if not run["active"] + run["queued"]:
            return run
        visitor.frames(2)


def test_choosing_it_in_the_header_shows_it_coarse_and_then_finer(visit: Visit) -> None:
    visitor = visit()
    visitor.page.evaluate(WATCH_PICTURES)
    visitor.page.locator("#field-landscape").select_option("recurrent_network/0")
    expect(visitor.page).to_have_title("Recurrent network · Cliffscape")
    link_holds(visitor, "landscape=recurrent_network")
    sentences(visitor)
    expect(visitor.page.locator("#field-landscape")).to_have_value("recurrent_network/0")
    visitor.until("() => pictures.length > 1")
    assert visitor.page.evaluate("pictures.slice(0, 2)") == [17, 33]
    # Of a smaller net, the finest is there sooner.
    visitor.type("cell.hidden_units", "6")
    link_holds(visitor, "cell.hidden_units=6")
    finest(visitor)
    assert visitor.page.evaluate("pictures.slice(-4)") == [17, 33, 65, 129]
    sentences(visitor)
    expect(visitor.page.locator("#progress")).to_be_hidden()
    expect(visitor.page.locator("#notice")).to_be_hidden()


def test_a_link_opens_on_it_and_the_relief_is_of_the_same_grid(fresh_visit: Visit) -> None:
    visitor = fresh_visit(NET, relief=True)
    sentences(visitor)
    finest(visitor)
    visitor.until("(key) => document.getElementById('relief').dataset.key === key", key(visitor.page))
    for run in ("without", "with"):
        assert visitor.readout(run) == expected.readout(visitor.link(), run, 20)
    assert visitor.link() == NET[1:]
    controls = [(role(node), name(node)) for node in tree(visitor) if role(node) in OPERABLE]
    assert [kind for kind, called in controls if not called] == []
    assert {control for control in controls if controls.count(control) > 1} == set()


def test_a_dragged_start_asks_for_one_descent_at_a_time(fresh_visit: Visit) -> None:
    visitor = fresh_visit(NET)
    visitor.page.evaluate(COUNT_DESCENTS)
    picture, before = key(visitor.page), visitor.readout("with")
    begin = visitor.centre(HANDLE)
    visitor.page.mouse.move(*begin)
    visitor.page.mouse.down()
    for k in range(1, 25):
        visitor.page.mouse.move(begin[0] - 2 * k, begin[1] + 3 * k)
        visitor.frames(1)
    # It follows while the hand holds it.
    visitor.until("(x) => document.querySelector('#readout tr.with td').innerText !== x", before[0])
    end = begin[0] - 60, begin[1] + 70
    visitor.page.mouse.move(*end)
    visitor.page.mouse.up()
    visitor.settle()
    sentences(visitor)
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
    assert key(visitor.page) == picture


def test_arrow_keys_move_its_start(visit: Visit) -> None:
    visitor = visit(NET)
    left, right, bottom, top = expected.scene(NET).resolved_window
    x, y = visitor.start()
    visitor.page.locator(HANDLE).focus()
    for keys in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        visitor.page.keyboard.press(keys)
    visitor.settle()
    assert visitor.start() == pytest.approx((x + 0.02 * (right - left), y + 0.001 * (top - bottom)), abs=1e-5)
    sentences(visitor)


def test_cell_task_initialisation_and_slice_are_controls(visit: Visit) -> None:
    visitor = visit(NET)
    facts = visitor.page.locator("#slice-facts")
    visitor.type("start.0", "2.9")
    link_holds(visitor, "start=2.9")
    expect(facts).to_have_text(re.compile(r"^156 parameters; guessing costs 1\.39; spectral radius 0\.\d+$"))
    for family, kind, words in (
        ("cell", "gru", "404 parameters; guessing costs 1.39; spectral radius"),
        ("task", "adding", "281 parameters; guessing costs 0.167; spectral radius"),
        ("initialisation", "framework_default", "281 parameters; guessing costs 0.167; spectral radius"),
        ("slice", "random_directions", "281 parameters; guessing costs 0.167"),
    ):
        before, said = key(visitor.page), facts.inner_text()
        visitor.field(family).select_option(kind)
        link_holds(visitor, f"{family}={kind}")
        another(visitor, before)
        expect(facts).to_contain_text(words)
        expect(facts).not_to_have_text(said)
    # Another plane has other coordinates: the start that was dragged on the old one is nowhere on it.
    link_lacks(visitor, "start=")
    expect(visitor.page.locator("[data-field='start.0'] label")).to_have_text("random direction 1")
    expect(visitor.field("task.sequence_length")).to_have_value("12")
    sentences(visitor)


def test_two_parameters_by_name(visit: Visit) -> None:
    visitor = visit(f"{NET}&slice=coordinates")
    picture = key(visitor.page)
    visitor.type("slice.first", "weight_hh[1,0]")
    link_holds(visitor, "slice.first=weight_hh[1,0]")
    another(visitor, picture)
    finest(visitor)
    expect(visitor.page.locator("[data-field='start.0'] label")).to_have_text("weight_hh[1,0]")
    sentences(visitor)


def test_a_parameter_that_is_not_there_is_refused_beside_its_control(visit: Visit) -> None:
    visitor = visit(f"{NET}&slice=coordinates")
    picture, said = visitor.page.evaluate(HASH, "heat"), visitor.verdicts()
    for typed, reason in (
        ("weight_hh[99,0]", "slice.first must be a parameter of the net .*row must be from 0 to 7, got 99.*"),
        ("nonsense", "slice.first must be a parameter of the net such as weight_ih.* got 'nonsense'"),
    ):
        visitor.type("slice.first", typed)
        expect(visitor.problem("slice.first")).to_have_text(re.compile(f"{reason}.*{re.escape(typed)}"))
        expect(visitor.field("slice.first")).to_have_attribute("aria-invalid", "true")
    expect(visitor.page.locator("#progress")).to_be_hidden()
    assert visitor.page.evaluate(HASH, "heat") == picture
    assert visitor.verdicts() == said
    visitor.type("slice.first", "weight_hh[7,7]")
    link_holds(visitor, "slice.first=weight_hh[7,7]")
    expect(visitor.problem("slice.first")).to_be_hidden()
    finest(visitor)
    sentences(visitor)
    # The browser itself writes refusals to the console.
    visitor.troubles[:] = [trouble for trouble in visitor.troubles if "status of 422" not in trouble]


def test_longer_sequences_have_another_surface_and_another_wall(visit: Visit) -> None:
    visitor = visit(NET)
    expect(visitor.page.locator("#gradient-flow-words")).to_contain_text(
        "derivative of the loss by the first hidden state"
    )
    picture, words = key(visitor.page), visitor.page.locator("#gradient-flow-words").inner_text()
    wall = visitor.page.evaluate(HASH, "gradient-flow-norms")
    slider = visitor.slider("task.sequence_length")
    slider.focus()
    for _ in range(6):
        visitor.page.keyboard.press("ArrowRight")
    expect(visitor.field("task.sequence_length")).to_have_value("18")
    link_holds(visitor, "task.sequence_length=18")
    another(visitor, picture)
    expect(visitor.page.locator("#gradient-flow-words")).not_to_have_text(words)
    assert visitor.page.evaluate(HASH, "gradient-flow-norms") != wall
    finest(visitor)
    sentences(visitor)


def test_cancel_stops_the_surface_and_keeps_the_picture_so_far(visit: Visit) -> None:
    visitor = visit(NET)
    picture = key(visitor.page)
    visitor.type("task.sequence_length", "80")
    visitor.type("landscape.batch_size", "64")
    visitor.type("cell.hidden_units", "48")
    another(visitor, picture)
    expect(visitor.page.locator("#progress")).to_be_visible()
    button = visitor.page.locator("#cancel")
    button.click()
    expect(button).to_have_text("Go on")
    at_rest(visitor)
    sofar = key(visitor.page)
    assert sofar not in (picture, expected.picture(visitor.link()))
    visitor.frames(10)
    assert key(visitor.page) == sofar
    side = visitor.page.locator("#map").get_attribute("data-columns")
    expect(visitor.page.locator("#progress-words")).to_have_text(f"Stopped at {side} × {side} points")
    sentences(visitor)
    button.click()
    expect(button).to_have_text("Cancel")
    expect(visitor.page.locator("#progress-share")).to_be_visible()
    # Back where the relief never left: the map's finest picture is there again too.
    for field, value in (("cell.hidden_units", "8"), ("landscape.batch_size", "4"), ("task.sequence_length", "12")):
        visitor.type(field, value)
    visitor.until("(key) => document.getElementById('map').dataset.key === key", picture)
    expect(visitor.page.locator("#progress")).to_be_hidden()


def test_its_gradient_norm_is_a_colour(visit: Visit) -> None:
    visitor = visit(NET)
    finest(visitor)
    picture, loss = key(visitor.page), visitor.page.evaluate(HASH, "heat")
    visitor.choose("colour", "gradient_norm")
    link_holds(visitor, "colour=gradient_norm")
    another(visitor, picture)
    finest(visitor)
    assert visitor.page.evaluate(HASH, "heat") != loss
    visitor.choose("colour", "loss")
    visitor.until("(key) => document.getElementById('map').dataset.key === key", picture)
    assert visitor.page.evaluate(HASH, "heat") == loss


def test_back_and_forward_between_a_net_and_another_landscape(visit: Visit) -> None:
    visitor = visit(NET)
    expect(visitor.page.locator("#training")).to_be_visible()
    visitor.page.locator("#field-landscape").select_option("himmelblau/0")
    link_holds(visitor, "landscape=himmelblau")
    sentences(visitor)
    for hidden in ("#training", "#gradient-flow", "#what", ".family.cell", ".family.slice"):
        expect(visitor.page.locator(hidden)).to_be_hidden()
    visitor.page.go_back()
    link_holds(visitor, "landscape=recurrent_network")
    sentences(visitor)
    finest(visitor)
    expect(visitor.page.locator("[data-field='start.0'] label")).to_have_text("spectral radius")
    visitor.page.go_forward()
    link_holds(visitor, "landscape=himmelblau")
    expect(visitor.page.locator("#map[data-landscape='himmelblau']")).to_be_visible()
    sentences(visitor)


def test_a_phone_shows_it_without_scrolling_sideways(fresh_visit: Visit) -> None:
    visitor = fresh_visit(NET, viewport={"width": 360, "height": 640}, has_touch=True)
    finest(visitor)
    expect(visitor.page.locator("#gradient-flow")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360
    assert visitor.page.evaluate(UNNAMED) == []

"""The gallery of landscapes: its pictures, its presets, its search, and choosing by pointer, keyboard and touch."""

import pytest
from playwright.sync_api import expect

from cliffscape.landscapes.group import GROUPS, OWN
from cliffscape.landscapes.slices.network_landscape import RECURRENT
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import await_pictures, choose_preset, expect_preset, open_gallery, preset
from tests.browser.visitor import Visitor

FOCUSED = "() => document.activeElement.dataset.preset ?? document.activeElement.id"
COLOURS = """() => [...document.querySelectorAll('#gallery canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
})"""
CORNER = """(kind) => {
  const card = document.querySelector(`[data-preset="${kind}/0"]:not(#field-landscape)`).closest('.card');
  const canvas = card.querySelector('canvas');
  return [...canvas.getContext('2d').getImageData(2, canvas.height - 3, 1, 1).data];
}"""


def shown(visitor: Visitor) -> list[str]:
    """The presets that the gallery shows."""
    found: list[str] = visitor.page.evaluate(
        """() => [...document.querySelectorAll('#gallery [data-preset]')]
          .filter((one) => one.checkVisibility()).map((one) => one.dataset.preset)"""
    )
    return found


def focused(visitor: Visitor) -> str:
    """The preset with the focus, or the id of another element."""
    return str(visitor.page.evaluate(FOCUSED))


def test_groups_landscapes_and_presets_are_listed_with_their_sentences(visit: Visit) -> None:
    panel = open_gallery(visit())
    expect(panel.locator("h3")).to_have_text([name for name in GROUPS if name != OWN])
    expect(panel.locator("section", has_text="Minibatches").locator("h4").first).to_have_text("One large example")
    first = panel.locator("section", has_text="Recurrent networks").locator("[data-preset]").first
    expect(first.locator("b")).to_have_text(RECURRENT.presets[0].name)
    expect(first.locator("span")).to_have_text(RECURRENT.presets[0].sentence)


def test_every_landscape_has_a_picture_that_is_requested_once(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    open_gallery(visitor)
    await_pictures(visitor)
    colours = visitor.page.evaluate(COLOURS)
    assert len(colours) == 23
    assert min(colours) > 30
    visitor.page.keyboard.press("Escape")
    open_gallery(visitor)
    visitor.frames()
    asked = [address for address in visitor.requests if "/thumbnails/" in address]
    assert len(asked) == len(set(asked)) == 23


def test_pictures_have_the_colours_of_the_theme(fresh_visit: Visit) -> None:
    """In its lower left corner the loss of the one-unit RNN is high: dark in light colours, light in dark ones."""
    visitor = fresh_visit()
    open_gallery(visitor)
    await_pictures(visitor)
    red = visitor.page.evaluate(CORNER, "one_unit_rnn")[0]
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#theme").click()
    open_gallery(visitor)
    visitor.frames()
    assert red < 100 < visitor.page.evaluate(CORNER, "one_unit_rnn")[0]


def test_the_button_names_the_landscape_and_says_that_an_experiment_was_changed(visit: Visit) -> None:
    visitor = visit()
    button = visitor.page.locator("#field-landscape")
    choose_preset(visitor, "rosenbrock/1")
    expect(button).to_have_text("Landscape: Rosenbrock The classic start")
    visitor.type("steps", "41")
    expect(button).to_have_text("Landscape: Rosenbrock custom settings")
    expect_preset(visitor, "")
    open_gallery(visitor)
    expect(visitor.page.locator("#gallery [aria-current]")).to_have_count(0)
    assert focused(visitor) == "rosenbrock/0"
    visitor.page.keyboard.press("Escape")


def test_a_picture_chooses_its_first_preset(visit: Visit) -> None:
    visitor = visit()
    panel = open_gallery(visitor)
    panel.locator(".card", has_text="Himmelblau").locator("canvas").click()
    expect(panel).to_be_hidden()
    expect_preset(visitor, "himmelblau/0")


def test_arrows_move_enter_chooses_and_the_focus_returns(visit: Visit) -> None:
    visitor = visit()
    press = visitor.page.keyboard.press
    visitor.page.locator("#field-landscape").focus()
    press("Enter")
    expect(preset(visitor, "one_unit_rnn/0")).to_have_attribute("aria-current", "true")
    assert focused(visitor) == "one_unit_rnn/0"
    press("ArrowDown")
    assert focused(visitor) == "one_unit_rnn/1"
    press("ArrowRight")
    right = focused(visitor)
    assert right.split("/")[0] not in ("one_unit_rnn", "")
    press("ArrowLeft")
    assert focused(visitor).startswith("one_unit_rnn/")
    press("End")
    assert focused(visitor) == f"recurrent_network/{len(RECURRENT.presets) - 1}"
    press("Home")
    press("ArrowUp")
    assert focused(visitor) == "gallery-search"
    press("ArrowDown")
    press("ArrowDown")
    press("Enter")
    expect(visitor.page.locator("#gallery")).to_be_hidden()
    expect_preset(visitor, "one_unit_rnn/1")
    assert visitor.page.evaluate("document.activeElement.id") == "field-landscape"


def test_escape_and_a_click_outside_close_the_gallery(visit: Visit) -> None:
    visitor = visit()
    panel = open_gallery(visitor)
    preset(visitor, "one_unit_rnn/0").press("x")
    expect(visitor.page.locator("#gallery-search")).to_have_value("x")
    visitor.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert visitor.page.evaluate("document.activeElement.id") == "field-landscape"
    open_gallery(visitor)
    expect(visitor.page.locator("#gallery-search")).to_have_value("")
    visitor.page.mouse.click(5, 5)
    expect(panel).to_be_hidden()
    expect_preset(visitor, "one_unit_rnn/0")


def test_the_back_button_of_the_browser_closes_the_gallery(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    choose_preset(visitor, "himmelblau/0")
    # The address follows a moment after the choice.
    visitor.until("() => location.search.includes('himmelblau')")
    panel = open_gallery(visitor)
    visitor.page.go_back()
    expect(panel).to_be_hidden()
    expect_preset(visitor, "one_unit_rnn/0")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Himmelblau", ["himmelblau/0"]),
        ("saddle newton minimum", ["saddle/1", "saddle/2"]),
        ("condition number", ["ravine/0"]),
        ("zhang 2020", ["heavy_tails/0", "heavy_tails/1"]),
        ("figure 10.17", ["one_unit_rnn/2"]),
        ("student huber", []),
        ("without variance", []),
    ],
)
def test_the_search_finds_labels_docstrings_and_presets(visit: Visit, text: str, found: list[str]) -> None:
    visitor = visit()
    open_gallery(visitor)
    visitor.page.locator("#gallery-search").fill(text)
    assert shown(visitor) == found
    said = f"No landscape contains “{text}”." if not found else f"{len(found)} preset{'s' * (len(found) > 1)}"
    expect(visitor.page.locator("#gallery-count")).to_have_text(said)
    visitor.page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("text", "chosen"), [("classic start", "rosenbrock/1"), ("ravine", "ravine/0")], ids=["first", "named so"]
)
def test_enter_in_the_search_chooses_the_best_match(visit: Visit, text: str, chosen: str) -> None:
    """The sentences of Rosenbrock, which come first, mention a ravine too."""
    visitor = visit()
    open_gallery(visitor)
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")
    expect_preset(visitor, chosen)


def test_on_a_phone_targets_are_large_and_nothing_is_cut(fresh_visit: Visit) -> None:
    visitor = fresh_visit(viewport={"width": 360, "height": 740}, has_touch=True)
    panel = open_gallery(visitor)
    sizes = visitor.page.evaluate(
        """() => [...document.querySelectorAll('#field-landscape, #gallery button, #gallery input')]
          .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
          .map(({ width, height, left, right }) => [width, height, left, right])"""
    )
    assert len(sizes) > 50
    assert all(width >= 44 and height >= 44 and left >= 0 and right <= 360 for width, height, left, right in sizes)
    preset(visitor, "heavy_tails/1").tap()
    expect(panel).to_be_hidden()
    expect_preset(visitor, "heavy_tails/1")


def test_the_wheel_beside_the_panel_does_not_scroll_the_page_behind_it(visit: Visit) -> None:
    visitor = visit()
    open_gallery(visitor)
    visitor.page.mouse.move(4, 400)
    visitor.page.mouse.wheel(0, 600)
    visitor.frames(20)
    assert visitor.page.evaluate("scrollY") == 0

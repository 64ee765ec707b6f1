"""What a reader must be able to read: lines close together, fields that are not cut off, marks that are explained."""

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.browser.conftest import Visit

LESSON = "?lesson=04-gradient-descent-at-a-cliff"
SCREEN: ViewportSize = {"width": 2400, "height": 1350}
USUAL: ViewportSize = {"width": 1280, "height": 800}

# Top and bottom of the words of an element, which may be higher.
TEXT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const { top, bottom } = range.getBoundingClientRect();
  return [top, bottom];
}"""

# How much is painted on the map's canvas behind each zoom button, and in the row above them, where the numbers are.
BEHIND_BUTTONS = """() => {
  const canvas = document.getElementById('heat');
  const { left, top, width } = canvas.getBoundingClientRect();
  const ratio = canvas.width / width;
  const painted = (...box) => {
    const { data } = canvas.getContext('2d').getImageData(...box.map((length) => Math.round(length * ratio)));
    return data.filter((value, k) => k % 4 === 3 && value > 0).length;
  };
  const boxes = [...document.querySelectorAll('.zoom button')].map((one) => one.getBoundingClientRect());
  const behind = boxes.map((box) => painted(box.left - left, box.top - top, box.width, box.height));
  return [behind, painted(48, boxes[0].top - top - 16, width - 62, 16)];
}"""


def edges(locator: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of an element."""
    box = locator.bounding_box()
    assert box
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def test_the_lines_of_the_headline_are_close_together(visit: Visit) -> None:
    page = visit().page
    first, second = (page.locator(f"#headline .run.{run} span").evaluate(TEXT) for run in ("without", "with"))
    line = float(page.locator("#headline .run").first.evaluate("(run) => parseFloat(getComputedStyle(run).lineHeight)"))
    assert 0 <= second[0] - first[1] < line / 2


@pytest.mark.parametrize("width", [600, 820])
def test_long_sentences_of_the_headline_are_next_to_each_other(visit: Visit, width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 1000})
    page = visitor.page
    first, second = (edges(page.locator(f"#headline .run.{run} span")) for run in ("without", "with"))
    assert first[1] == second[1]
    assert 0 < second[0] - first[2] < width / 8
    visitor.choose("runs", "with")
    visitor.frames()
    left, _, right, _ = edges(page.locator("#headline .run.with"))
    assert right - left > 0.9 * width


def test_no_main_control_is_cut_off_in_a_lesson_on_a_projector(fresh_visit: Visit) -> None:
    visitor = fresh_visit(LESSON, viewport={"width": 1280, "height": 720}, predicting=True)
    visitor.page.locator("#projector").click()
    for part in visitor.page.locator(".first-controls .first").all():
        right = edges(part)[2]
        for box in part.locator("input:visible, button:visible").all():
            assert edges(box)[2] <= right + 0.5
    assert visitor.page.locator("main").evaluate("(main) => main.scrollWidth <= main.clientWidth")


def test_lines_and_handles_grow_with_the_type(visit: Visit) -> None:
    sizes = []
    for viewport in (USUAL, SCREEN):
        handle = visit(viewport=viewport).page.locator("#map-handle")
        sizes.append(float(handle.evaluate("(one) => parseFloat(getComputedStyle(one, '::after').width)")))
    assert sizes[1] >= 1.5 * sizes[0]


@pytest.mark.parametrize("viewport", [USUAL, SCREEN])
def test_the_zoom_buttons_cover_no_number_of_the_axis(visit: Visit, viewport: ViewportSize) -> None:
    behind, numbers = visit(viewport=viewport).page.evaluate(BEHIND_BUTTONS)
    assert behind == [0, 0, 0]
    assert numbers > 50


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Dotted: minima."),
        ("?landscape=himmelblau", "Crosses: minima."),
        ("?landscape=ravine", "Cross: minimum."),
        ("?landscape=ravine&window=1,2,1,2&start=1.5,1.5", ""),
    ],
)
def test_the_caption_of_the_map_says_what_marks_the_minima(visit: Visit, query: str, words: str) -> None:
    expect(visit(query).page.locator("#minima-words")).to_have_text(words)


def test_the_marks_of_the_learning_rate_are_explained_where_they_stand(fresh_visit: Visit) -> None:
    page = fresh_visit().page
    expect(page.locator("#stable-limit")).to_have_text("Stable up to 0.291 (nearest minimum)")
    button = page.get_by_role("button", name="About the stable limit")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bubble")).to_contain_text("a bar marks this limit at the known minimum that is nearest")
    page.keyboard.press("Escape")
    # Adam declares no such limit.
    page.locator(".optimizer-group summary").first.click()
    page.locator("[data-field='optimizer'] select").select_option("adam")
    expect(button).to_be_hidden()


def test_the_outcome_map_has_one_name(visit: Visit) -> None:
    page = visit().page
    name = page.locator("#outcome-map").inner_text()
    expect(page.locator("#every-start h2")).to_have_text(name)
    page.locator("#share").click()
    expect(page.locator(".frame-parts").get_by_text(name, exact=True)).to_have_count(1)
    expect(page.locator(".frame-parts").get_by_text("Every start")).to_have_count(0)
    page.keyboard.press("Escape")


def test_the_hint_at_the_threshold_leaves_the_curve_visible(fresh_visit: Visit) -> None:
    page = fresh_visit().page
    hint, curve = (edges(page.locator(one)) for one in ("#curves [data-hint]:visible", "#curve-gradient_norm"))
    assert hint[2] - hint[0] < 0.4 * (curve[2] - curve[0] - 56)


def test_sentences_in_the_gallery_are_short_to_read(visit: Visit) -> None:
    page = visit().page
    page.locator("#field-landscape").click()
    found = page.locator(".presets span").evaluate_all(
        """(all) => all.map((one) => [parseFloat(getComputedStyle(one).fontSize),
             one.clientHeight / parseFloat(getComputedStyle(one).lineHeight), one.title === one.textContent])"""
    )
    assert found and all(size >= 14 and lines < 2.5 and whole for size, lines, whole in found)
    page.keyboard.press("Escape")

"""The opening page: the default Scene in words and pictures, on every screen size, without requests to other hosts."""

import base64
import json
import urllib.request
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.relief.plotly_scene import COUNT_DRAWINGS
from tests.browser.visitor import Visitor


@pytest.fixture(scope="module")
def visitor(long_visit: Visit) -> Visitor:
    """A visitor that only reads."""
    return long_visit(relief=True)


def test_the_title_names_the_landscape(visitor: Visitor) -> None:
    expect(visitor.page).to_have_title("One-unit RNN · Cliffscape")


def test_it_opens_on_the_default_preset(visitor: Visitor) -> None:
    expect(visitor.page.locator("#field-landscape")).to_have_text("Landscape: One-unit RNN Thrown off the cliff")
    assert visitor.start() == (4.6, -1.7)


def test_the_run_without_clipping_is_thrown(visitor: Visitor) -> None:
    expect(visitor.page.locator(".verdict.without .outcome")).to_have_text("thrown")
    for number in ("step 13", "18.9", "9.45", "3.4 windows", "loss 0.138 → 0.09"):
        expect(visitor.sentence("without")).to_contain_text(number)


def test_the_run_with_clipping_descends(visitor: Visitor) -> None:
    expect(visitor.page.locator(".verdict.with .outcome")).to_have_text("converged")
    for number in ("loss 9.00e−4 after 60 steps", "16 of 60 steps clipped"):
        expect(visitor.sentence("with")).to_contain_text(number)


def test_the_page_and_the_command_line_agree(visitor: Visitor) -> None:
    assert {run: visitor.verdict(run) for run in ("without", "with")} == expected.verdicts("")


def test_the_readout_is_that_of_the_last_step(visitor: Visitor) -> None:
    for run in ("without", "with"):
        assert visitor.readout(run) == expected.readout("", run, 60)


def test_the_map_is_a_picture(visitor: Visitor) -> None:
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    assert visitor.colours("#map") > 100


def test_the_relief_is_a_picture(visitor: Visitor) -> None:
    assert visitor.colours("#relief") > 100


def test_no_request_goes_to_another_host(visitor: Visitor) -> None:
    hosts = {urlsplit(url).netloc for url in visitor.requests}
    assert hosts - {""} == {urlsplit(visitor.address).netloc}


def test_the_page_opens_without_errors(visitor: Visitor) -> None:
    assert visitor.errors == []


def test_a_violation_of_the_policy_is_reported(long_visit: Visit) -> None:
    visitor = long_visit()
    visitor.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/pixel.png'}))")
    visitor.until("() => document.querySelector('img').complete")
    assert any("policy violated: img-src" in error for error in visitor.errors)
    visitor.errors.clear()


def overflow(visitor: Visitor) -> tuple[int, int]:
    """The widths of the page's content and of the screen."""
    wide, screen = visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return wide, screen


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_the_page_does_not_scroll_sideways(visit: Visit, width: int, theme: str) -> None:
    visitor = visit(viewport={"width": width, "height": 800}, color_scheme=theme)
    wide, screen = overflow(visitor)
    assert wide <= screen
    for selector in ("#map", "#relief", "#controls", "#verdicts", "#curves", "#play"):
        box = visitor.page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def brightness(visitor: Visitor) -> tuple[float, float]:
    """Mean brightness of the page's background and of the map's heat image, 0 to 255."""
    paper, heat = visitor.page.evaluate("""() => {
      const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
      const paper = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number);
      const canvas = document.getElementById('heat');
      const data = canvas.getContext('2d').getImageData(60, 20, canvas.width - 90, canvas.height - 70).data;
      return [mean(paper), mean(Array.from(data).filter((_, k) => k % 4 < 3))];
    }""")
    return paper, heat


def test_light_and_dark_follow_the_system(fresh_visit: Visit) -> None:
    visitor = fresh_visit(color_scheme="light")
    light_paper, light_heat = brightness(visitor)
    visitor.page.emulate_media(color_scheme="dark")
    expect(visitor.page.locator("#theme")).to_have_attribute("aria-pressed", "true")
    dark_paper, dark_heat = brightness(visitor)
    assert light_paper > 200
    assert dark_paper < 60
    assert dark_heat < light_heat - 20


def test_the_theme_is_chosen_by_button_and_kept(fresh_visit: Visit) -> None:
    visitor = fresh_visit(color_scheme="light")
    visitor.page.locator("#theme").click()
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    visitor.until("() => getComputedStyle(document.body).backgroundColor === 'rgb(18, 23, 29)'")
    visitor.page.reload()
    visitor.await_verdict()
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(visitor.page.locator("#theme")).to_have_attribute("aria-pressed", "true")
    # A theme that was chosen stays, whatever the system does.
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.emulate_media(color_scheme="light")
    visitor.frames()
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")


def refuse(name: str) -> NoReturn:
    """JSON has no NaN or infinity."""
    raise ValueError(name)


def strict(text: str) -> Any:
    """JSON without NaN and Infinity."""
    return json.loads(text, parse_constant=refuse)


def test_the_catalogue_is_strict_json(address: str) -> None:
    with urllib.request.urlopen(f"{address}/catalogue.json") as answer:
        catalogue = strict(answer.read().decode())
    assert {"landscape", "optimizer", "clip", "scene", "clauses"} <= set(catalogue)


def test_the_opening_data_is_strict_json(visitor: Visitor) -> None:
    opening = strict(visitor.page.locator("#opening").text_content() or "")
    assert opening["notice"] == []
    assert len(opening["frames"]) == 2


RIM = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const shades = (...box) => new Set(new Uint32Array(context.getImageData(...box).data.buffer)).size;
  const { width, height } = image;
  return [shades(0, 0, 1, height), shades(width - 1, 0, 1, height), shades(0, height - 1, width, 1)];
}"""


# Plotly resizes its plots a moment after the window has changed.
RESIZED = """() => {
  const plot = document.getElementById('relief-plot');
  return plot._fullLayout.width === document.getElementById('relief').clientWidth;
}"""


def rim_of(visitor: Visitor) -> list[int]:
    """Shades along the left, the right and the lower rim of the relief."""
    picture = base64.b64encode(visitor.page.locator("#relief").screenshot()).decode()
    found: list[int] = visitor.page.evaluate(RIM, picture)
    return found


def test_no_label_of_the_relief_is_cut_off(fresh_visit: Visit) -> None:
    """Its margin is empty on the left, on the right and below, also with the larger type of a projector."""
    visitor = fresh_visit(relief=True, viewport={"width": 360, "height": 740})
    assert rim_of(visitor) == [1, 1, 1]
    for width, height in ((1920, 1080), (1280, 800)):
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.until(RESIZED)
        visitor.frames()
        assert rim_of(visitor) == [1, 1, 1]
    visitor.page.evaluate(COUNT_DRAWINGS)
    visitor.page.locator("#projector").click()
    visitor.until("() => window.drawings > 0")
    visitor.frames()
    assert rim_of(visitor) == [1, 1, 1]
    # A phone shows no projector button, but keeps a choice that was made in a large window.
    visitor.page.set_viewport_size({"width": 360, "height": 640})
    expect(visitor.page.locator("#projector")).to_have_attribute("aria-pressed", "true")
    visitor.until(RESIZED)
    visitor.frames()
    wide, screen = overflow(visitor)
    assert wide <= screen


def test_the_buttons_of_the_header_are_one_line_on_a_phone(fresh_visit: Visit) -> None:
    visitor = fresh_visit(viewport={"width": 360, "height": 740})
    boxes = [visitor.page.locator(f"#{name}").bounding_box() for name in ("lessons", "outcome-map", "share", "theme")]
    assert len({box["y"] for box in boxes if box}) == 1

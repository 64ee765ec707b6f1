"""The menu of exports: every entry saves a file, by mouse, by keyboard and by finger, and a refusal is a sentence."""

import csv
import html
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from cliffscape.app.scene.metadata import version
from tests.browser.axe import grave_violations_of_themes
from tests.browser.conftest import Visit
from tests.browser.export.gif import read_gif
from tests.browser.export.menu_page import entry, menu, open_menu, save
from tests.browser.visitor import Visitor

RAVINE = "?landscape=ravine&start=1,1&steps=20"
NO_PAGE = "?landscape=heavy_tails"
FINGER = 44
BOX = "(element) => { const { width, height } = element.getBoundingClientRect(); return [width, height]; }"


@pytest.mark.parametrize("format", ["csv", "json", "npz"])
def test_the_data_of_the_runs_are_saved(visit: Visit, format: str) -> None:
    visitor = visit(RAVINE)
    name, path = save(visitor, f"run.{format}")
    assert name == f"ravine-thrown.{format}"
    if format == "csv":
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        assert "landscape=ravine" in first
        assert len(list(csv.DictReader(rest))) == 2 * 21
    elif format == "json":
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["link"].startswith("?landscape=ravine") and content["version"]
    else:
        assert "link.npy" in zipfile.ZipFile(path).namelist()
    expect(visitor.page.locator("#export-status")).to_contain_text(f"Saved {name}")


def test_the_code_is_saved(visit: Visit) -> None:
    visitor = visit(RAVINE)
    name, path = save(visitor, "run.py")
    assert name == "ravine-thrown.py"
    compile(path.read_text(encoding="utf-8"), name, "exec")
    name, path = save(visitor, "training_loop.md")
    assert name == "ravine-thrown-by-norm-training-loop.md"
    assert "clip_grad_norm_" in path.read_text(encoding="utf-8")


def test_a_file_of_a_long_run_is_named_after_its_outcome(visit: Visit) -> None:
    """The server computes no run of over 1,000 steps for a name."""
    visitor = visit("?landscape=ravine&clip.threshold=0.5&optimizer.learning_rate=0.5&steps=1500")
    expect(visitor.page.locator("#verdicts[aria-busy='false']")).to_be_visible()
    outcome = visitor.page.locator("#verdicts .without .outcome").inner_text().replace(" ", "-")
    assert save(visitor, "training_loop.md").name == f"ravine-{outcome}-by-norm-training-loop.md"


def text_of(path: Path) -> str:
    """What a file says about itself: its text, its comment or the texts of an archive."""
    content = path.read_bytes()
    if content[:4] == b"GIF8":
        return read_gif(content).comment
    if content[:2] != b"PK":
        return html.unescape(content.decode("utf-8", errors="replace"))
    with np.load(path, allow_pickle=False) as arrays:
        return f"Cliffscape {arrays['version']} {arrays['link']}"


def test_every_entry_saves_a_file_with_the_link_and_the_version(visit: Visit) -> None:
    visitor = visit("?landscape=ravine&start=1,1&steps=3", color_scheme="dark")
    open_menu(visitor)
    for what in ("animation", "figure"):
        visitor.page.locator(f"#{what}-part").select_option("map")
    shown = menu(visitor).locator("[data-export]:visible").evaluate_all("(all) => all.map((one) => one.dataset.export)")
    assert {"run.csv", "page.html", "gif", "svg", "png"} <= set(shown)
    for kind in shown:
        name, path = save(visitor, kind)
        format = kind.rpartition(".")[2]
        assert re.fullmatch(rf"ravine-[a-z-]+\.{format}", name), name
        text = text_of(path)
        assert "landscape=ravine&start=1,1&steps=3" in text, name
        assert f"Cliffscape {version()}" in text or f'"version": "{version()}"' in text, name


def test_a_refusal_is_a_sentence_and_the_page_stays(fresh_visit: Visit) -> None:
    visitor = fresh_visit(NO_PAGE)
    open_menu(visitor)
    entry(visitor, "page.html").click()
    expect(visitor.page.locator("#notice")).to_contain_text("Heavy tails")
    expect(menu(visitor)).to_be_hidden()
    assert set(visitor.verdicts()) == {"without", "with"}
    assert f"?{visitor.link()}" == NO_PAGE
    # The next file replaces the sentence.
    save(visitor, "run.csv")
    expect(visitor.page.locator("#notice")).to_be_hidden()
    # The browser writes the refused request to the console.
    assert [error for error in visitor.errors if "422" not in error] == []
    visitor.errors.clear()


def test_a_cancelled_export_saves_nothing(visit: Visit) -> None:
    visitor = visit()
    saved: list[str] = []
    visitor.page.on("download", lambda download: saved.append(download.suggested_filename))
    # The server never answers.
    visitor.page.route("**/exports/**", lambda route: None)
    open_menu(visitor)
    entry(visitor, "run.csv").click()
    expect(visitor.page.locator("#export-status")).to_contain_text("Waiting for the server")
    visitor.page.locator("#export-cancel").click()
    expect(visitor.page.locator("#export-status")).to_contain_text("Cancelled")
    expect(visitor.page.locator("#export-cancel")).to_be_hidden()
    visitor.page.unroute("**/exports/**")
    assert save(visitor, "run.csv").name == "one-unit-rnn-thrown.csv"
    assert saved == ["one-unit-rnn-thrown.csv"]


def focused(visitor: Visitor) -> str:
    """What has the focus: the entry, or the element's id."""
    found: str = visitor.page.evaluate("document.activeElement.dataset.export ?? document.activeElement.id")
    return found


def test_the_menu_is_operated_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#export").focus()
    visitor.page.keyboard.press("Enter")
    expect(menu(visitor)).to_be_visible()
    expect(visitor.page.locator("#export")).to_have_attribute("aria-expanded", "true")
    assert focused(visitor) == "run.csv"
    order = []
    for key in ("ArrowDown", "ArrowRight", "End", "ArrowDown", "ArrowUp", "ArrowLeft", "Home"):
        visitor.page.keyboard.press(key)
        order.append(focused(visitor))
    assert order == ["run.json", "run.npz", "png", "run.csv", "png", "svg", "run.csv"]
    with visitor.page.expect_download() as waiting:
        visitor.page.keyboard.press("Space")
    assert waiting.value.suggested_filename == "one-unit-rnn-thrown.csv"
    visitor.page.keyboard.press("Escape")
    expect(menu(visitor)).to_be_hidden()
    expect(visitor.page.locator("#export")).to_have_attribute("aria-expanded", "false")
    assert focused(visitor) == "export"


def test_axe_finds_nothing_grave_with_the_menu_open(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    open_menu(visitor)
    assert grave_violations_of_themes(visitor) == []
    expect(menu(visitor)).to_be_visible()


def test_a_phone_has_room_for_fingers(fresh_visit: Visit) -> None:
    visitor = fresh_visit(viewport={"width": 360, "height": 740}, has_touch=True)
    visitor.page.locator("#export").tap()
    expect(menu(visitor)).to_be_visible()
    box = menu(visitor).bounding_box()
    assert box is not None
    assert box["x"] == 0 and box["width"] == 360
    assert box["y"] >= 0 and box["y"] + box["height"] <= 740
    sizes = menu(visitor).locator("button:visible, select").evaluate_all(f"(all) => all.map({BOX})")
    assert min(height for _, height in sizes) >= FINGER
    assert min(width for width, _ in sizes) >= FINGER
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_lesson_offers_no_outcomes_and_no_animation_before_the_prediction(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=04-gradient-descent-at-a-cliff&map=outcomes", predicting=True)
    open_menu(visitor)
    assert visitor.page.locator("#figure-part option[value='outcomes']").is_disabled()
    words = "There is no step to show before the prediction."
    expect(visitor.page.locator("#animation-length")).to_have_text(words)
    entry(visitor, "gif").click()
    expect(visitor.page.locator("#notice")).to_contain_text(words[1:-1])

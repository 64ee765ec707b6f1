"""Figures: SVG with text, lines and images, PNG at a resolution; both light, with the link and the version."""

import base64
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from cliffscape.app.scene.metadata import version
from tests.browser.conftest import Visit
from tests.browser.export.conftest import QUERY
from tests.browser.export.menu_page import entry, open_menu, save_figure
from tests.browser.export.png import chunks, named_texts, size
from tests.browser.visitor import Visitor

LINK = QUERY
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
WHITE = "#ffffff"
CONTOURS = "0.35"  # opacity of contour lines
SUBPATH = re.compile(r"M[^M]+")


def texts(root: ET.Element) -> str:
    """All texts of an SVG."""
    return " | ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))


def images(root: ET.Element) -> list[bytes]:
    """The images inside an SVG."""
    return [base64.b64decode(one.attrib[HREF].partition(",")[2]) for one in root.iter(f"{SVG}image")]


def corner(visitor: Visitor, path: Path) -> list[int]:
    """Red, green, blue and opacity of the first pixel of a PNG."""
    found: list[int] = visitor.page.evaluate(
        """async (picture) => {
          const image = new Image();
          image.src = `data:image/png;base64,${picture}`;
          await image.decode();
          const context = new OffscreenCanvas(1, 1).getContext("2d");
          context.drawImage(image, 0, 0);
          return [...context.getImageData(0, 0, 1, 1).data];
        }""",
        base64.b64encode(path.read_bytes()).decode(),
    )
    return found


@pytest.mark.parametrize(
    ("part", "name", "named", "embedded"),
    [
        ("map", "map", ["w", "b", "loss 0", "Start", "Without clipping"], 1),
        ("relief", "relief", ["Start", "With clipping", "| w |", "| b |", "| loss |", "| 0.2 |", "| 4.5 |"], 1),
        ("curves", "curves", ["gradient norm before clipping", "step length", "threshold 0.2", "step"], 0),
        ("page", "figure", ["w", "b", "One-unit RNN", "step length"], 2),
    ],
)
def test_an_svg_has_texts_lines_and_images(
    painter: Visitor, part: str, name: str, named: list[str], embedded: int
) -> None:
    saved = save_figure(painter, part, "svg")
    assert saved.name == f"one-unit-rnn-thrown-{name}.svg"
    root = ET.parse(saved.path).getroot()
    shown = texts(root)
    for text in named:
        assert text in shown
    assert "sequence length T\u00a0=\u00a040" in shown
    assert len(list(root.iter(f"{SVG}path"))) > 20
    found = images(root)
    assert len(found) == embedded
    assert all(size(image)[0] > 1000 for image in found)


def test_a_figure_is_light_on_a_dark_page(painter: Visitor) -> None:
    root = ET.parse(save_figure(painter, "map", "svg").path).getroot()
    background = root.find(f"{SVG}rect")
    assert background is not None and background.attrib["fill"] == WHITE
    # The orange of the light theme.
    assert "#c8400a" in {one.attrib.get("stroke") for one in root.iter(f"{SVG}path")}
    assert painter.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert painter.page.evaluate("document.documentElement.style.fontSize") == ""


def test_an_svg_has_link_and_version(painter: Visitor) -> None:
    root = ET.parse(save_figure(painter, "curves", "svg").path).getroot()
    written = {one.tag.partition("}")[2]: "".join(one.itertext()) for one in root.iter()}
    assert written["source"] == LINK
    assert written["creator"] == f"Cliffscape {version()}"
    assert written["title"] == "Curves: One-unit RNN"
    assert LINK in written["desc"]


@pytest.mark.parametrize("scale", [1, 3])
def test_a_png_has_its_resolution_and_metadata(painter: Visitor, scale: int) -> None:
    saved = save_figure(painter, "map", "png", scale=scale)
    assert saved.name == "one-unit-rnn-thrown-map.png"
    png = saved.path.read_bytes()
    assert size(png)[0] == 588 * scale
    found = named_texts(png)
    assert found["Source"] == LINK
    assert found["Software"] == f"Cliffscape {version()}"
    assert found["Title"] == "Map: One-unit RNN"
    assert "sequence length" in found["Description"]
    assert struct.unpack(">I", dict(chunks(png))["pHYs"][:4])[0] == round(96 / 0.0254 * scale)
    assert corner(painter, saved.path) == [255, 255, 255, 255]


def test_a_background_is_transparent_by_choice(painter: Visitor) -> None:
    saved = save_figure(painter, "curves", "png", scale=1, transparent=True)
    assert corner(painter, saved.path)[3] == 0


def test_an_outcome_map_is_a_figure_once_it_is_fine(visit: Visit) -> None:
    visitor = visit("?landscape=ravine&start=1,1&steps=20&map=outcomes")
    visitor.page.locator("#outcomes-differ").check()
    root = ET.parse(save_figure(visitor, "outcomes", "svg").path).getroot()
    assert {"converged", "not converged", "diverged", "Without clipping"} <= set(texts(root).split(" | "))
    share = r"the two runs differ: (more than )?\d+\u00a0% of [\d,]+ cells \(95 % interval [\d.]+ % to [\d.]+ %\)"
    assert re.search(share, texts(root))
    assert len(images(root)) >= 2
    columns = int(visitor.page.locator("#outcomes").get_attribute("data-columns") or 0)
    assert columns >= 129


def test_a_figure_with_a_relief_is_refused_in_a_sentence_without_plotly(visit: Visit) -> None:
    """The tests' other visitors have an empty Plotly."""
    visitor = visit()
    open_menu(visitor)
    visitor.page.locator("#figure-part").select_option("relief")
    entry(visitor, "svg").click()
    expect(visitor.page.locator("#notice")).to_contain_text("Plotly, which draws the relief, could not be loaded")
    assert visitor.verdicts()


def test_the_map_of_a_figure_has_its_contour_lines_as_one_path(visit: Visit) -> None:
    root = ET.parse(save_figure(visit("?landscape=himmelblau"), "map", "svg").path).getroot()
    [lines] = [one for one in root.iter(f"{SVG}path") if one.attrib.get("stroke-opacity") == CONTOURS]
    points = np.array(re.findall(r"[ML]([\d.]+) ([\d.]+)", lines.attrib["d"]), dtype=float)
    # Within the box of the map, up to its left edge.
    assert points[:, 0].min() == 48 and points[:, 0].max() <= 560 - 14
    assert points[:, 1].min() >= 10 and points[:, 1].max() <= 440 - 44
    # Around each of the four minima, one line or more is closed.
    ends = [
        re.findall(r"[ML]([^ML]+)", line)[:: len(re.findall("L", line))] for line in SUBPATH.findall(lines.attrib["d"])
    ]
    assert sum(first == last for first, last in ends) >= 4
    assert {"x", "y", "−4", "−2", "0", "2", "4"} <= set(texts(root).split(" | "))


def test_a_page_without_the_relief_has_figures_without_it(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?hide=relief")
    open_menu(visitor)
    for part in ("relief", "map_and_relief"):
        expect(visitor.page.locator(f"#figure-part option[value={part}]")).to_be_disabled()
        expect(visitor.page.locator(f"#animation-part option[value={part}]")).to_be_disabled()
    root = ET.parse(save_figure(visitor, "page", "svg").path).getroot()
    assert len(images(root)) == 1
    assert "from above, and quantities over the steps" in texts(root)


def test_a_figure_of_a_lesson_hides_what_the_page_hides(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=04-gradient-descent-at-a-cliff", relief=False, predicting=True)
    saved = save_figure(visitor, "curves", "svg")
    assert "thrown" not in saved.name
    shown = texts(ET.parse(saved.path).getroot())
    assert "Without clipping" in shown and "thrown" not in shown


def test_a_long_run_is_drawn_whole(visit: Visit) -> None:
    visitor = visit("?landscape=ravine&start=1,1&runs=with")
    # Typed, since a visit to so many steps would compute them in PyTorch for the expected verdict.
    visitor.type("steps", "100000")
    root = ET.parse(save_figure(visitor, "curves", "svg").path).getroot()
    assert "100000 steps" in texts(root)


def relief_extent(visitor: Visitor) -> list[float]:
    """The edges of the clipped run's path in an exported relief."""
    root = ET.parse(save_figure(visitor, "relief", "svg").path).getroot()
    lines = [one.attrib["d"] for one in root.iter(f"{SVG}path") if one.attrib.get("stroke") == "#1450a8"]
    points = [(float(x), float(y)) for line in lines for x, y in re.findall(r"[ML]\s*([-\d.]+)[ ,]([-\d.]+)", line)]
    xs, ys = zip(*points, strict=True)
    return [min(xs), max(xs), min(ys), max(ys)]


def test_a_projector_does_not_change_the_relief_of_a_figure(painter: Visitor) -> None:
    visitor = painter
    before = relief_extent(visitor)
    visitor.page.keyboard.press("Escape")
    away = "() => document.getElementById('relief-plot')._fullLayout.scene.camera.eye.x"
    near = visitor.page.evaluate(away)
    visitor.page.locator("#projector").click()
    # Large labels need room.
    visitor.until(f"(near) => ({away})() > near * 1.02", near)
    assert relief_extent(visitor) == pytest.approx(before, abs=2)
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#projector").click()

"""Picture: one SVG file that is well-formed, small, and holds no other address than its own data."""

import math
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
import torch

from cliffscape.app.notebook.colours import INK, RUNS
from cliffscape.app.notebook.picture import HEIGHT, WIDTH, picture
from cliffscape.app.notebook.run import ALONG
from cliffscape.app.notebook.run import run as run_link
from cliffscape.app.runs.table import run_scene
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record

SURFACE = torch.linspace(0, 1, 9, dtype=torch.float64).expand(9, 9)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(scene: Scene, runs: dict[str, Record] | None = None) -> ElementTree.Element:
    """The picture of a Scene's runs, as elements."""
    trajectories = runs or run_scene(scene)
    return ElementTree.fromstring(picture(scene, trajectories, SURFACE))  # type: ignore[arg-type]


def lines(root: ElementTree.Element, colour: str) -> list[list[float]]:
    """The numbers of each line in a colour."""
    paths = [one.attrib["d"] for one in root.iter(f"{SVG}path") if one.attrib["stroke"] == colour]
    return [[float(word) for word in path.replace("M", " ").replace("L", " ").split()] for path in paths]


@pytest.mark.parametrize("query", [{}, {"landscape": "ravine", "steps": "1"}, {"runs": "with"}])
def test_every_line_is_inside_the_picture(query: dict[str, str]) -> None:
    scene = from_query(query)
    root = drawn(scene)
    for run, colour in RUNS.items():
        found = lines(root, colour)
        assert len(found) == (2 if scene.runs in ("both", run) else 0)
        for numbers in found:
            assert all(0 <= x <= WIDTH for x in numbers[::2]) and all(0 <= y <= HEIGHT for y in numbers[1::2])


@pytest.mark.parametrize("height", ["linear", "log"])
def test_a_curve_is_drawn_with_its_runs(height: str) -> None:
    query = {"landscape": "formula", "landscape.text": "x**2/2", "start": "1.5", "height": height}
    root = ElementTree.fromstring(run_link(urlencode(query)).svg)
    [curve] = lines(root, INK)
    assert len(curve) == 2 * ALONG
    # The lowest point is in the middle, and the ends are equally high.
    assert curve[1::2].index(max(curve[1::2])) == pytest.approx(ALONG // 2, abs=40)
    assert curve[1] == pytest.approx(curve[-1], abs=0.11)
    assert len(lines(root, RUNS["with"])) == 2
    texts = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert texts.count("Loss") == 2 and "x" in texts


def test_it_needs_no_other_file() -> None:
    addresses = [one.attrib["href"] for one in drawn(from_query({})).iter(f"{SVG}image")]
    assert [address.partition(",")[0] for address in addresses] == ["data:image/png;base64"]


def test_the_axes_are_named_and_the_losses_have_ticks() -> None:
    scene = from_query({})
    texts = [one.text for one in drawn(scene).iter(f"{SVG}text")]
    assert {*scene.surface.axes, "Loss", "Step", "0.01", "60"} <= {*texts}


@pytest.mark.parametrize("value", [math.nan, math.inf, 1.7e308, 0.0, -2.0])
def test_runs_of_any_numbers_can_be_drawn(value: float) -> None:
    scene = from_query({"steps": "2"})
    column = torch.tensor([1.0, value, value], dtype=torch.float64)
    record = Record(torch.stack([column, column], -1), column, column, column, column)
    assert len(lines(drawn(scene, {"without": record}), RUNS["without"])) == 2


def test_a_long_run_is_a_small_picture() -> None:
    scene = from_query({"steps": "30000"})
    steps = torch.linspace(0, 900, 30_001, dtype=torch.float64)
    position = torch.stack([4.5 + steps.sin(), -2 + steps.cos()], -1)
    record = Record(position, *(steps,) * 4)
    assert len(picture(scene, {"with": record}, SURFACE)) < 300_000

"""The labels of a relief's axes in a figure: outside of the box that the camera sees, apart from each other, inside."""

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { axisLabels, withoutTexts } from "./js/views/relief/axis_labels.js";
const { turn, rise, size, title, picture } = JSON.parse(process.argv[2]);
const axis = (text, tickvals, ticktext) =>
  ({ title: { text, font: { size: 14 } }, tickvals, ticktext, tickfont: { size: 11 }, nticks: 5 });
const axes = {
  xaxis: axis("w", [0.2, 0.5, 0.8], ["4", "4.5", "5"]),
  yaxis: axis("b", [0.25, 0.75], ["−2", "−1"]),
  zaxis: axis(title, [0, 0.5, 1], ["0", "10", "100"]),
};
// A camera far away, which turns around the box and looks down on it.
const toPixel = (x, y, z) => {
  const [u, v, cos, sin] = [x - 0.5, y - 0.5, Math.cos(turn), Math.sin(turn)];
  const [a, b] = [u * cos - v * sin, u * sin + v * cos];
  return [300 + size * a, 200 + size * (b * Math.sin(rise) - (z - 0.5) * Math.cos(rise))];
};
const corners = [0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].map((z) => toPixel(x, y, z))));
const labels = axisLabels(toPixel, axes, { low: 0, high: 1 }, picture, (text, size) => 0.6 * size * text.length);
console.log(JSON.stringify({ labels, corners, bare: withoutTexts({ scene: axes }).scene.xaxis }));
"""
ALL = {"w", "4", "4.5", "5", "b", "−2", "−1", "loss", "0", "10", "100"}
PICTURE = {"width": 600, "height": 400}


def labels(scripts: Path, turn: float, rise: float = 0.6, size: float = 200, title: str = "loss") -> Any:
    """The labels under a camera, and the corners of the box that it sees."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = json.dumps({"turn": turn, "rise": rise, "size": size, "title": title, "picture": PICTURE})
    command = [node.executable(), str(scripts / "program.js"), given]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def box(label: dict[str, Any]) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a label."""
    width, height = label["width"] / 2, label["size"] / 2
    return label["x"] - width, label["x"] + width, label["y"] - height, label["y"] + height


@pytest.mark.parametrize("turn", [0.5, 1.0, 2.5, 4.0, 5.6])
def test_every_label_is_shown_beside_the_box(scripts: Path, turn: float) -> None:
    found = labels(scripts, turn)
    assert {label["text"] for label in found["labels"]} == ALL
    middle = [sum(corner[k] for corner in found["corners"]) / 8 for k in (0, 1)]
    reach = max(math.dist(corner, middle) for corner in found["corners"])
    for label in found["labels"]:
        left, right, top, bottom = box(label)
        assert left >= 0 and right <= PICTURE["width"] and top >= 0 and bottom <= PICTURE["height"]
        assert 0.3 * reach < math.dist((label["x"], label["y"]), middle) < 1.8 * reach
    boxes = [box(label) for label in found["labels"]]
    for k, (left, right, top, bottom) in enumerate(boxes):
        assert not any(left < r and le < right and top < b and t < bottom for le, r, t, b in boxes[:k])


def test_the_axis_of_losses_is_on_the_left_and_the_others_at_the_bottom(scripts: Path) -> None:
    found = labels(scripts, 0.8)
    at = {label["text"]: label for label in found["labels"]}
    leftmost, lowest = min(x for x, _ in found["corners"]), max(y for _, y in found["corners"])
    assert all(at[text]["x"] < leftmost for text in ("loss", "0", "10", "100"))
    assert at["100"]["y"] < at["10"]["y"] < at["0"]["y"]
    assert at["loss"]["x"] < at["10"]["x"]
    assert all(at[text]["y"] > lowest - 80 for text in ("w", "b"))


def test_a_long_title_is_above_its_ticks(scripts: Path) -> None:
    found = labels(scripts, 0.8, size=330, title="loss, log scale")
    at = {label["text"]: label for label in found["labels"]}
    assert box(at["loss, log scale"])[0] >= 0
    assert box(at["loss, log scale"])[3] < box(at["100"])[2]


@pytest.mark.parametrize("turn", [0.3, 0.8, 1.2])
def test_a_long_title_does_not_cover_the_box(scripts: Path, turn: float) -> None:
    title = "(loss − 0.0002402) · 10⁷"
    found = labels(scripts, turn, size=220, title=title)
    (label,) = (label for label in found["labels"] if label["text"] == title)
    left, right, top, bottom = box(label)
    # The silhouette of a box is convex: it is above every line between two of its corners.
    corners = [corner for corner in found["corners"] if corner[0] != right]
    for x, y in corners:
        for other, height in corners:
            if x < right < other:
                assert bottom <= y + (right - x) / (other - x) * (height - y)
    assert left >= 0 and top >= 0


def test_from_above_there_are_no_losses(scripts: Path) -> None:
    assert {label["text"] for label in labels(scripts, 0.8, rise=1.5)["labels"]} == ALL - {"loss", "0", "10", "100"}


def test_what_is_outside_of_the_picture_has_no_ticks(scripts: Path) -> None:
    found = labels(scripts, 0.8, size=900)["labels"]
    assert {"w", "b"} <= {label["text"] for label in found}
    assert len(found) < len(ALL)


def test_plotly_draws_the_axes_without_texts(scripts: Path) -> None:
    bare = labels(scripts, 0.8)["bare"]
    assert bare["showticklabels"] is False and bare["title"]["text"] == "" and bare["nticks"] == 5
    assert bare["tickvals"] == [0.2, 0.5, 0.8] and bare["ticktext"] == [""] * 3

"""Labels of paths: they lie next to an arrow and not on it, and not on the handle of the start."""

import itertools
import json
import math
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { drawLabel, handleAround } from "./js/views/paths/label.js";
const plates = [];
const context = new Proxy({}, {
  get: (target, name) => target[name] ?? ((...given) => {
    if (name === "fillRect") plates.push(given);
    return { width: 120 };
  }),
  set: (target, name, value) => ((target[name] = value), true),
});
const style = { size: 13, font: "x", fill: "#000", casing: "#fff" };
// JSON has no NaN.
const numbers = (key, value) => (value === "nan" ? NaN : value === "inf" ? Infinity : value);
const found = JSON.parse(process.argv[2], numbers).map(({ arrow, handle, size: [width, height] }) => {
  const taken = handle ? [handleAround(handle)] : [];
  drawLabel(context, style, "thrown", arrow[1], { left: 0, top: 0, width, height, taken }, arrow);
  return { plate: plates.pop(), handle: handle ? handleAround(handle) : undefined };
});
console.log(JSON.stringify(found));
"""
Point = tuple[float, float]
Arrow = tuple[Point, Point]


def spell(numbers: Any) -> Any:
    """Numbers in nested sequences, with NaN and Inf as words."""
    if isinstance(numbers, float):
        return numbers if math.isfinite(numbers) else str(numbers)
    return [spell(number) for number in numbers] if isinstance(numbers, Sequence) else numbers


def draw(
    scripts: Path, arrows: Sequence[Arrow], handle: Point | None = None, size: tuple[int, int] = (400, 380)
) -> Any:
    """The plates of labels at the ends of arrows in a map of a size in pixels, and the box of the handle."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = json.dumps([{"arrow": spell(arrow), "handle": spell(handle), "size": size} for arrow in arrows])
    command = [node.executable(), str(scripts / "program.js"), given]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def covers(plate: list[float], points: list[Point]) -> bool:
    """Whether a plate contains one of some points."""
    left, top, width, height = plate
    return any(left < x < left + width and top < y < top + height for x, y in points)


# Where an arrow leaves the map, and the directions from which it comes, in degrees.
EXITS = [(200, 0), (30, 0), (370, 0), (400, 190), (0, 190), (200, 380), (395, 5), (5, 375)]


ARROWS: list[Arrow] = [
    ((x + 500 * math.cos(math.radians(direction)), y + 500 * math.sin(math.radians(direction))), (x, y))
    for (x, y), direction in itertools.product(EXITS, range(0, 360, 30))
]


@pytest.fixture(scope="module")
def plates(scripts: Path) -> dict[Arrow, list[float]]:
    """The plate of every arrow, by one Node process."""
    return {arrow: found["plate"] for arrow, found in zip(ARROWS, draw(scripts, ARROWS), strict=True)}


@pytest.mark.parametrize("arrow", ARROWS)
def test_no_arrow_crosses_its_label(plates: dict[Arrow, list[float]], arrow: Arrow) -> None:
    (start, end), plate = arrow, plates[arrow]
    along = [(start[0] + (end[0] - start[0]) * k / 500, start[1] + (end[1] - start[1]) * k / 500) for k in range(501)]
    assert not covers(plate, along)
    assert plate[0] >= 0 and plate[0] + plate[2] <= 400
    assert plate[1] >= 0 and plate[1] + plate[3] <= 380


@pytest.mark.parametrize("handle", [(128.0, 56.0), (137.0, 56.0), (200.0, 56.0)])
def test_on_a_small_map_the_handle_is_not_on_a_label(scripts: Path, handle: Point) -> None:
    [found] = draw(scripts, [((90.0, 125.0), (148.0, 0.0))], handle, (275, 264))
    left, top, width, height = found["handle"]
    assert not covers(
        found["plate"], [(left + width * x / 4, top + height * y / 4) for x in range(5) for y in range(5)]
    )


def test_the_handle_of_the_start_is_not_on_a_label(scripts: Path) -> None:
    arrow = ((150.0, 300.0), (300.0, 200.0))
    [without] = (found["plate"] for found in draw(scripts, [arrow]))
    middle = (without[0] + without[2] / 2, without[1] + without[3] / 2)
    [found] = draw(scripts, [arrow], middle)
    left, top, width, height = found["handle"]
    corners = [(left + width * x / 4, top + height * y / 4) for x in range(5) for y in range(5)]
    assert covers(without, corners)
    assert not covers(found["plate"], corners)


@pytest.mark.parametrize("nowhere", [(math.nan, 56.0), (200.0, math.nan), (math.inf, math.nan)])
def test_a_handle_that_is_nowhere_is_in_nobodys_way(scripts: Path, nowhere: Point) -> None:
    """Where the loss is NaN, so is the height of the start on a curve and in the relief."""
    arrow = ((150.0, 300.0), (300.0, 200.0))
    assert draw(scripts, [arrow], nowhere)[0]["plate"] == draw(scripts, [arrow])[0]["plate"]


def test_nothing_is_written_at_a_point_that_is_nowhere(scripts: Path) -> None:
    assert draw(scripts, [((150.0, 300.0), (math.nan, 200.0))]) == [{}]

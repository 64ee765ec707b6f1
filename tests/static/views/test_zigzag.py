"""A narrow zigzag on a small map: markers keep a distance, and its lines are thin, so it is no blob."""

import itertools
import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { SPACING, spacedOut } from "./js/views/paths/marker.js";
import { byCloseness } from "./js/views/paths/zigzag.js";
import { drawPath } from "./js/views/paths/path.js";
const { points, kept } = JSON.parse(process.argv[2]);
const iterates = points.map((point, k) => ({ k, point }));
const lines = points.slice(1).map((end, k) => ({ k, start: points[k], end }));
const { close, apart } = byCloseness(lines);

// The squares that are filled while a path is drawn.
const squares = [];
const context = new Proxy({}, {
  get: (target, name) => target[name] ?? ((...given) => (name === "rect" ? squares.push(given) : undefined)),
  set: (target, name, value) => ((target[name] = value), true),
});
const trajectory = { x: points.map(([x]) => x), y: points.map(([, y]) => y), loss: points.map(() => 1) };
const summary = { last: points.length - 1, thrown: kept >= 0, thrown_step: kept };
const style = { fill: "#000", casing: "#fff", dash: [], marker: "square", font: "x", size: 10, scale: 1 };
const box = { left: 0, top: 0, width: 500, height: 500, taken: [] };
const drawing = { trajectory, summary, style, place: (x, y) => [x, y], placedBy: [], window: [0, 500, 0, 500], box };
drawPath(context, { ...drawing, step: points.length - 1 });
console.log(JSON.stringify({
  marked: spacedOut(iterates, ({ k }) => k === kept).map(({ k }) => k),
  close: close.map(({ k }) => k),
  apart: apart.map(({ k }) => k),
  drawn: squares.map(([x, y, width]) => [x + width / 2, y + width / 2, width]),
  spacing: SPACING,
}));
"""
Points = list[tuple[float, float]]


def zigzag(count: int, width: float, advance: float) -> Points:
    """A path from side to side that moves on slowly."""
    return [(100 + width * (k % 2), 100 + advance * k) for k in range(count)]


def drawn(scripts: Path, points: Points, kept: int = -1) -> Any:
    """What is drawn of a path; the run is thrown at the row ``kept``."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps({"points": points, "kept": kept})]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def test_the_markers_of_a_zigzag_keep_a_distance(scripts: Path) -> None:
    points = zigzag(60, 20, 0.7)
    found = drawn(scripts, points)
    assert found["marked"][0] == 0
    assert 6 <= len(found["marked"]) <= 12
    for a, b in itertools.combinations(found["marked"], 2):
        assert math.dist(points[a], points[b]) >= found["spacing"]


def test_the_map_draws_these_markers_and_the_current_one(scripts: Path) -> None:
    points = zigzag(60, 20, 0.7)
    found = drawn(scripts, points)
    small = [(x, y) for x, y, width in found["drawn"] if width < 5]
    large = [(x, y) for x, y, width in found["drawn"] if width > 5]
    assert small == [pytest.approx(points[k]) for k in found["marked"] if k < 59]
    assert large == [pytest.approx(points[59])]


def test_no_marker_goes_away_while_the_path_grows(scripts: Path) -> None:
    points = zigzag(60, 20, 0.7)
    whole = drawn(scripts, points)["marked"]
    for count in (5, 17, 40):
        assert drawn(scripts, points[:count])["marked"] == [k for k in whole if k < count]


def test_the_step_that_throws_a_run_has_a_marker(scripts: Path) -> None:
    points = zigzag(60, 20, 0.7)
    usual = drawn(scripts, points)["marked"]
    thrown = next(k for k in range(60) if k not in usual)
    found = drawn(scripts, points, thrown)
    assert thrown in found["marked"]
    assert any((x, y) == pytest.approx(points[thrown]) for x, y, _ in found["drawn"])


@pytest.mark.parametrize("points", [zigzag(30, 20, 8), [(100 + 2.0 * k, 100.0) for k in range(60)], zigzag(30, 2, 3)])
def test_lines_with_space_between_them_are_wide(scripts: Path, points: Points) -> None:
    assert drawn(scripts, points)["close"] == []


def test_the_lines_of_a_narrow_zigzag_are_thin(scripts: Path) -> None:
    straight: Points = [(100.0 - 30 * k, 100.0) for k in (3, 2, 1)]
    found = drawn(scripts, [*straight, *zigzag(30, 20, 0.7)])
    assert found["apart"] == [0, 1, 2]
    assert found["close"] == list(range(3, 32))

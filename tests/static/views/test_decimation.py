"""Long paths and curves: what is drawn of 100,000 steps looks like all of them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests import node

STEPS = 100_000
WINDOW = (-4.0, 4.0, -3.0, 3.0)
# Pixels per unit of the window, as on a map of 800 by 600 pixels.
SCALE = 100
POLYLINE = """
import { readFileSync } from "node:fs";
import { polylineOf } from "./js/views/paths/polyline.js";
const { window, x, y } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const trajectory = { x, y, loss: x.map(() => 1) };
const place = (px, py) => [(px - window[0]) * 100, (window[3] - py) * 100];
const run = { trajectory, summary: { last: x.length - 1, thrown: false } };
const { lines, iterates } = polylineOf(window, run, place, []);
const all = lines.map(({ segment, start, end }) => [segment.k, segment.until, ...start, ...end]);
console.log(JSON.stringify({ lines: all, iterates: iterates.map(({ point }) => point) }));
"""
ROWS = """
import { readFileSync } from "node:fs";
import { rowsOf } from "./js/views/curves/curve_rows.js";
const values = Float64Array.from(JSON.parse(readFileSync(process.argv[2], "utf8")), (value) => value ?? NaN);
const scale = { box: { width: 250 }, log: false, shows: Number.isFinite };
console.log(JSON.stringify(rowsOf(values, values.length - 1, scale)));
"""


def result(scripts: Path, program: str, given: object) -> Any:
    """What a program prints about its input."""
    (scripts / "program.js").write_text(program, encoding="utf-8")
    (scripts / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def spiral() -> NDArray[np.float64]:
    """A slow spiral into the middle."""
    t = np.linspace(0, 1, STEPS + 1)
    return np.stack([3 * np.exp(-4 * t) * np.cos(40 * t), 2 * np.exp(-4 * t) * np.sin(40 * t)])


def oscillation() -> NDArray[np.float64]:
    """An oscillation across a valley, along which it creeps."""
    k = np.arange(STEPS + 1)
    return np.stack([-3 + 4e-5 * k, np.where(k % 2, 1.0, -1.0) * np.exp(-k / 2e4)])


def excursion() -> NDArray[np.float64]:
    """A path that leaves the window on one side and comes back on another."""
    t = np.linspace(0, 6 * np.pi, STEPS + 1)
    return np.stack([5 * np.cos(t), 2.5 * np.sin(0.5 * t)])


def sample_segments(starts: NDArray[np.float64], ends: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Points ``(N, 2)`` on segments, at most ``gap`` pixels apart."""
    counts = np.ceil(np.hypot(*(ends - starts).T) / gap).astype(int) + 1
    segment = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (within / np.maximum(counts - 1, 1)[segment])[:, None]
    return starts[segment] + share * (ends - starts)[segment]


def covered(points: NDArray[np.float64], by: NDArray[np.float64]) -> float:
    """The share of points in whose square of a pixel, or next to it, there is one of the points ``by``."""
    taken = np.zeros((812, 612), dtype=bool)
    for across in (-1, 0, 1):
        for upward in (-1, 0, 1):
            places = np.floor(by).astype(int) + 5
            taken[places[:, 0] + across, places[:, 1] + upward] = True
    places = np.floor(points).astype(int) + 5
    return float(taken[places[:, 0], places[:, 1]].mean())


@pytest.mark.parametrize("path", [spiral, oscillation, excursion])
def test_a_long_path_is_drawn_within_a_pixel_from_few_segments(path: Any, scripts: Path) -> None:
    x, y = path()
    drawn = result(scripts, POLYLINE, {"window": WINDOW, "x": x.tolist(), "y": y.tolist()})
    lines = np.array(drawn["lines"])
    assert len(lines) < 10_000
    assert len(drawn["iterates"]) < 6000
    pixels = np.stack([(x - WINDOW[0]) * SCALE, (WINDOW[3] - y) * SCALE], -1)
    whole = sample_segments(pixels[:-1], pixels[1:], 0.5)
    whole = whole[((whole >= 0) & (whole <= (800, 600))).all(-1)]
    sparse = sample_segments(lines[:, 2:4], lines[:, 4:6], 0.5)
    assert covered(whole, sparse) == 1
    assert covered(sparse, whole) == 1


def test_a_run_without_rest_is_drawn_from_few_segments(scripts: Path) -> None:
    """Random points all over the window: the area is full after some thousand segments."""
    points = np.random.default_rng(0).uniform(-2.9, 2.9, (2, STEPS + 1))
    drawn = result(scripts, POLYLINE, {"window": WINDOW, "x": points[0].tolist(), "y": points[1].tolist()})
    assert 50 < len(drawn["lines"]) < 10_000


def test_a_long_path_outside_the_window_has_no_segments(scripts: Path) -> None:
    x, y = (column.tolist() for column in spiral() + 20)
    assert result(scripts, POLYLINE, {"window": WINDOW, "x": x, "y": y}) == {"lines": [], "iterates": []}


def test_a_short_path_is_drawn_as_it_is(scripts: Path) -> None:
    x, y = (column[:: STEPS // 200].tolist() for column in spiral())
    drawn = result(scripts, POLYLINE, {"window": WINDOW, "x": x, "y": y})
    assert [line[:2] for line in drawn["lines"]] == [[k, k + 1] for k in range(200)]


def test_a_curve_keeps_the_extremes_of_every_column_and_its_gaps(scripts: Path) -> None:
    values = np.random.default_rng(0).normal(size=STEPS + 1)
    values[30_000:60_000] = np.nan
    rows = result(scripts, ROWS, [None if np.isnan(value) else value for value in values.tolist()])
    assert rows == sorted(set(rows))
    assert len(rows) <= 6 * 252
    assert {0, 30_000, STEPS} <= set(rows)
    for first in range(0, STEPS, 400):
        column = values[first : first + 399]
        shown = values[[row for row in rows if first <= row < first + 400]]
        if np.isfinite(column).all():
            assert shown.min() <= column.min()
            assert shown.max() >= column.max()

"""The plane of a curve: tangents along the gradient, points at the height of the loss, and the place of the inset."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { curvePlane, pixelOf, tangentAt } from "./js/views/map/curve_plane.js";
import { emptiestPlace } from "./js/views/map/inset.js";
const box = { left: 0, top: 0, width: 400, height: 300, right: 400, bottom: 300 };
const columns = 401;
const x = Array.from({ length: columns }, (_, k) => -2 + (4 * k) / (columns - 1));
const none = new Float64Array(0);
const surface = (loss) => ({
  window: [-2, 2, 0, 0], axes: ["x"], columns, loss: Float64Array.from(x, loss), minima: none, local_minima: none,
});
const parabola = surface((x) => (x * x) / 2 + 0.05);
const run = (x) => ({ x, y: x.map((x) => (x * x) / 2 + 0.05), loss: x.map((x) => (x * x) / 2 + 0.05), gradient_x: x });
const still = { trajectory: run([0.1, 0.1]), summary: { last: 1 } };
const thrown = { trajectory: run([1.8, -40]), summary: { last: 1 } };
const placeOn = (plane, runs) => emptiestPlace({ window: plane.window, runs, box, plane }, 80, 20);
const found = Object.fromEntries(
  ["linear", "log"].map((scale) => [
    scale,
    {
      tangent: tangentAt(curvePlane(parabola, scale), scale, run([1.5]), 0, box),
      near: [-0.001, 0.001].map((step) => pixelOf(parabola, scale, [1.5 + step, 0], box)),
    },
  ]),
);
const arch = surface((x) => -x * x);
console.log(JSON.stringify({
  ...found,
  held: pixelOf(parabola, "linear", [5, 0], box),
  free: placeOn(curvePlane(parabola, "linear"), [still]),
  beside: placeOn(curvePlane(parabola, "linear"), [thrown]),
  arch: placeOn(curvePlane(arch, "linear"), [{ ...still, trajectory: { ...still.trajectory, y: [-0.01, -0.01] } }]),
}));
"""


@pytest.fixture(scope="module")
def curve(scripts: Path) -> dict[str, Any]:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    answer = subprocess.run(
        [node.executable(), str(scripts / "program.js")], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    values: dict[str, Any] = json.loads(answer.stdout)
    return values


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_tangent_has_the_slope_of_the_curve_on_both_scales(curve: dict[str, Any], scale: str) -> None:
    """The direction is that of the gradient; the curve's own points near by are another source for it."""
    dx, dy = curve[scale]["tangent"]
    (x0, y0), (x1, y1) = curve[scale]["near"]
    assert dx**2 + dy**2 == pytest.approx(1)
    assert dx > 0 and dy / dx == pytest.approx((y1 - y0) / (x1 - x0), rel=5e-3)


def test_a_point_outside_is_held_at_the_edge(curve: dict[str, Any]) -> None:
    x, y = curve["held"]
    # The loss is highest there, and 7 % of its range, twice, are free.
    assert x == 400 and y == pytest.approx(300 * 0.07 / 1.14, abs=3)


def overlaps(place: list[float], points: list[tuple[float, float]]) -> bool:
    """Whether an inset of 80 by 98 pixels at a place covers one of the points."""
    return any(place[0] < x < place[0] + 80 and place[1] < y < place[1] + 98 for x, y in points)


def test_the_inset_covers_neither_the_curve_nor_the_throw(curve: dict[str, Any]) -> None:
    across = [(x, 300 - 21 - 240 * ((x / 100 - 2) / 2) ** 2) for x in range(401)]
    for name in ("free", "beside"):
        assert not overlaps(curve[name], across)
    # The throw leads from the right to the upper edge.
    assert not overlaps(curve["beside"], [(380 - k, 70 - 70 * k / 45) for k in range(45)])
    # The middle of an arch is at the top, where its ends are not.
    assert curve["arch"][1] > 150

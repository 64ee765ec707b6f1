"""Map axes: sharp on every screen, no label is cut off, and only long names have a plate."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { drawMapAxes } from "./js/views/map/map_axes.js";
import { mapping } from "./js/views/canvas/geometry.js";
globalThis.document = { documentElement: {}, body: {} };
globalThis.getComputedStyle = () => ({ fontSize: "16px", fontFamily: "x", getPropertyValue: (name) => name });
const { window, axes, ratio } = JSON.parse(process.argv[2]);
const calls = [];
const own = {
  canvas: { clientWidth: 400, clientHeight: 300 },
  getTransform: () => ({ a: ratio }),
  measureText: (text) => ({ width: 8 * text.length }),
};
const context = new Proxy(own, {
  get: (target, name) => target[name] ?? ((...given) => { calls.push([name, ...given]); }),
  set: (target, name, value) => ((target[name] = value), true),
});
const box = { left: 48, top: 10, width: 338, height: 246 };
drawMapAxes(context, box, { window, axes, toPixel: mapping(window, box).toPixel });
console.log(JSON.stringify({ calls, width: own.lineWidth }));
"""
DEFAULT = [-2, 2, -1, 1]


def draw(scripts: Path, window: list[float], axes: list[str], ratio: float = 1) -> Any:
    """What is drawn on a canvas of 400 x 300 pixels, whose box ends 14 pixels before its right edge."""
    (scripts / "axes.mjs").write_text(PROGRAM, encoding="utf-8")
    given = json.dumps({"window": window, "axes": axes, "ratio": ratio})
    command = [node.executable(), str(scripts / "axes.mjs"), given]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.mark.parametrize("ratio", [1, 1.5, 2, 3])
def test_the_edges_of_the_frame_and_of_ticks_are_those_of_pixels(scripts: Path, ratio: float) -> None:
    found = draw(scripts, DEFAULT, ["x", "y"], ratio)
    half = found["width"] / 2
    [(x, y, width, height)] = [given for name, *given in found["calls"] if name == "strokeRect"]
    lines = [x, y, x + width, y + height]
    points = [given for name, *given in found["calls"] if name in ("moveTo", "lineTo")]
    # A tick is a line whose ends have one coordinate in common.
    for (a, b), (c, d) in zip(points[::2], points[1::2], strict=True):
        lines += [a] if a == c else [b] if b == d else [0.123]
    assert len(lines) > 8
    for edge in [place + side for place in lines for side in (-half, half)]:
        assert edge * ratio == pytest.approx(round(edge * ratio), abs=1e-9)
    # The frame is around the box of the picture.
    assert x + half <= 48 and x + width - half >= 48 + 338


@pytest.mark.parametrize(
    "window", [[-1000, -900, 100, 200], [0, 100000, -100000, -90000], [1e5, 2e5, 1, 2]], ids=["ends", "long", "large"]
)
def test_no_label_is_cut_off(scripts: Path, window: list[float]) -> None:
    labels = [given for name, *given in draw(scripts, window, ["x", "y"])["calls"] if name == "fillText"]
    below = [(text, x) for text, x, *rest in labels[:-2] if len(rest) == 1]
    beside = [(x, *rest) for _, x, *rest in labels[:-2] if len(rest) == 2]
    assert len(below) > 2 and len(beside) > 2
    assert all(x + 4 * len(text) <= 400 for text, x in below)
    # They end at `x` and are at most as wide as the room to their left.
    assert all(most <= x for x, _, most in beside)


@pytest.mark.parametrize("name", ["w", "rho", "spectral radius"])
def test_every_name_has_a_plate(scripts: Path, name: str) -> None:
    """Without it, a short name is not legible either where the picture is dark."""
    calls = draw(scripts, DEFAULT, [name, "b"])["calls"]
    assert len([call for call in calls if call[0] == "fillRect"]) == 2
    assert [call[1] for call in calls if call[0] == "fillText"][-2:] == [name, "b"]

"""The value scale of pictures: a range from the finite values alone, on which nothing finite overflows."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from cliffscape.app.compute.precision import SHOWN
from cliffscape.landscapes.analysis.mesh import GRAIN, LOG_FLOOR, heights, span
from tests import node

PROGRAM = """
import { sharesOf } from "./js/views/canvas/value_scale.js";
import { contourValues } from "./js/views/map/contours.js";
import { meshOf } from "./js/views/relief/mesh.js";
const { values, scale } = JSON.parse(process.argv[2]);
const loss = Float64Array.from(values, Number);
const { shares, flat, infinite, missing, finite, low, high } = sharesOf(loss, scale);
const side = Math.sqrt(loss.length);
const places = Float32Array.from(loss, (_, k) => (k % side) / (side - 1));
const frame = { loss, window: [0, 1, 0, 1], lines: side, count: side, across: places, upward: places };
const mesh = meshOf(frame, scale);
const words = (numbers) => Array.from(numbers, String);
console.log(JSON.stringify({
  shares: words(shares), flat, infinite, missing, finite, low, high, empty: mesh.empty,
  contours: words(contourValues(shares)), z: words(mesh.z),
}));
"""
HEIGHTS = """
import { COLOURED, toHeight } from "./js/views/canvas/value_scale.js";
const { values, scale } = JSON.parse(process.argv[2]);
console.log(JSON.stringify({ heights: values.map((value) => toHeight(value, scale)), coloured: COLOURED }));
"""
SIDE = 20


def answer_of(scripts: Path, program: str, values: list[Any], scale: str) -> dict[str, Any]:
    """What a program prints for values on a scale."""
    (scripts / "value_scale.js").write_text(program, encoding="utf-8")
    command = [node.executable(), str(scripts / "value_scale.js"), json.dumps({"values": values, "scale": scale})]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def picture(scripts: Path, values: list[float], scale: str) -> dict[str, Any]:
    """What the page draws of a square grid of values."""
    words = [{math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, str(value)) for value in values]
    found = answer_of(scripts, PROGRAM, ["NaN" if word == "nan" else word for word in words], scale)
    for name in ("shares", "contours", "z"):
        found[name] = [float(word.replace("Infinity", "inf")) for word in found[name]]
    return found


def ramp(low: float, high: float) -> list[float]:
    """Values that rise evenly, cell by cell."""
    return [low + (high - low) * (k / (SIDE**2 - 1)) for k in range(SIDE**2)]


# From the smallest to the largest float64, with points between the powers of ten.
SIZES = [size * 10.0**power for power in range(-323, 308) for size in (1.0, 1.7, 5.3)]


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_heights_equal_those_of_the_mesh(scale: str, scripts: Path) -> None:
    values = [*(-size for size in SIZES), 0.0, LOG_FLOOR, *SIZES, sys.float_info.max]
    found = answer_of(scripts, HEIGHTS, values, scale)
    expected = heights(torch.tensor(values, dtype=torch.float64), scale).tolist()
    assert found["heights"] == pytest.approx(expected, rel=1e-15, abs=0)
    assert found["coloured"] == SHOWN


@pytest.mark.parametrize("share", [0.5, 2.0])
def test_a_flat_range_is_a_flat_profile_of_the_mesh(share: float, scripts: Path) -> None:
    """Both say that a range below the share ``GRAIN`` of the heights is rounding."""
    low, high = 0.09, 0.09 * (1 + share * GRAIN)
    assert picture(scripts, ramp(low, high), "linear")["flat"] == (share < 1)
    measured = span(*torch.tensor([[low], [high]], dtype=torch.float64))
    assert (measured.item() > high - low) == (share < 1)


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("high", [1.0, 1e39, 1e200, 1.7e308, 1e-9, 1e-60])
def test_every_finite_value_has_a_finite_place(scale: str, high: float, scripts: Path) -> None:
    found = picture(scripts, ramp(0, high), scale)
    assert found["shares"] == sorted(found["shares"]) and len(set(found["shares"])) == SIDE**2
    assert found["shares"][0] == 0 and 1 <= found["shares"][-1] < 1.2
    assert (found["flat"], found["infinite"], found["missing"], found["finite"]) == (False, False, False, True)


def test_a_range_wider_than_float64_is_shown(scripts: Path) -> None:
    found = picture(scripts, [-1.7e308 * (1 - 2 * share) for share in ramp(0, 1)], "linear")
    assert found["shares"][0] == 0 and found["shares"][SIDE**2 // 2] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("value", [0.0, 0.09, 1e300])
def test_a_flat_picture_is_flat(value: float, scripts: Path) -> None:
    rounding = [value * (1 + (k % 3 - 1) * 2e-16) for k in range(SIDE**2)]
    found = picture(scripts, rounding, "linear")
    assert found["flat"] and found["shares"] == [0.0] * SIDE**2


def test_a_small_variation_is_not_flat(scripts: Path) -> None:
    found = picture(scripts, ramp(0.09, 0.09 + 1e-9), "linear")
    assert not found["flat"] and found["shares"][0] == 0 and found["shares"][-1] > 0.99


def test_inf_and_nan_do_not_count_for_the_range(scripts: Path) -> None:
    values = ramp(0, 1)
    values[5:200:3] = [math.inf] * len(values[5:200:3])
    values[6:200:3] = [math.nan] * len(values[6:200:3])
    found = picture(scripts, values, "linear")
    assert found["low"] == 0 and 0.9 < found["high"] <= 1
    assert found["infinite"] and found["missing"] and found["finite"]
    assert found["shares"][5] == math.inf and math.isnan(found["shares"][6])


def test_contours_are_drawn_without_holes(scripts: Path) -> None:
    """A line through a hole or to infinity has no end that can be drawn."""
    values = ramp(0, 1e300)
    values[::7] = [math.inf] * len(values[::7])
    values[::11] = [math.nan] * len(values[::11])
    assert all(map(math.isfinite, picture(scripts, values, "log")["contours"]))


def test_in_the_relief_inf_is_at_the_top_and_nan_is_a_hole(scripts: Path) -> None:
    values = ramp(0, 1)
    values[7], values[8] = math.inf, math.nan
    found = picture(scripts, values, "linear")
    assert found["z"][7] == max(z for z in found["z"] if not math.isnan(z)) and math.isnan(found["z"][8])
    assert not found["empty"]


def test_a_relief_without_a_number_is_still_a_mesh(scripts: Path) -> None:
    found = picture(scripts, [math.nan] * SIDE**2, "log")
    assert found["empty"] and found["z"] == [0.0] * SIDE**2 and not found["finite"]

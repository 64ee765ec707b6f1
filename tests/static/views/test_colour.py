"""The colour scales of the pictures: equal steps of lightness, computed from the page's own module."""

import json
import subprocess
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.node import executable

COLOURS = """
import { lookup, plotlyScale } from "./js/views/canvas/colour.js";
const rows = (theme) => [...lookup(theme)].map((colour) => [0, 8, 16].map((shift) => (colour >>> shift) & 255));
const stops = (theme) => plotlyScale(theme).map(([, hex]) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)));
const scales = (theme) => ({ lookup: rows(theme), stops: stops(theme) });
console.log(JSON.stringify({ light: scales("light"), dark: scales("dark") }));
"""
# The share of each channel of linear sRGB in the luminance Y; 24389 / 27 and 216 / 24389 are CIE's constants.
LUMINANCE = torch.tensor([0.2126729, 0.7151522, 0.0721750], dtype=torch.float64)
# With eight bits per channel, L* is rounded by up to 0.3. Every 17th colour makes the steps several units long.
STRIDE = 17


def lightness(colours: list[list[int]]) -> Tensor:
    """L* of CIELAB, from 0 to 100, of sRGB colours given in bytes."""
    encoded = torch.tensor(colours, dtype=torch.float64) / 255
    linear = torch.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    luminance = linear @ LUMINANCE
    cube_root = luminance ** (1 / 3)
    return torch.where(luminance > 216 / 24389, 116 * cube_root - 16, 24389 / 27 * luminance)


@pytest.fixture(scope="module")
def scales(scripts: Path) -> dict[str, dict[str, list[list[int]]]]:
    """The 256 colours and the stops of both themes, in bytes."""
    (scripts / "colours.js").write_text(COLOURS, encoding="utf-8")
    done = subprocess.run([executable(), str(scripts / "colours.js")], capture_output=True, text=True, check=True)
    found: dict[str, dict[str, list[list[int]]]] = json.loads(done.stdout)
    return found


def test_lightness_is_that_of_cielab() -> None:
    expected = torch.tensor([0, 100, 53.2408, 87.7347, 32.2970, 53.5850], dtype=torch.float64)
    colours = [[0, 0, 0], [255] * 3, [255, 0, 0], [0, 255, 0], [0, 0, 255], [128] * 3]
    assert torch.allclose(lightness(colours), expected, atol=1e-3)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("kind", "stride"), [("lookup", STRIDE), ("stops", 1)])
def test_steps_of_lightness_are_even(
    scales: dict[str, dict[str, list[list[int]]]], theme: str, kind: str, stride: int
) -> None:
    steps = lightness(scales[theme][kind][::stride]).diff()
    assert len(steps) == {"lookup": 15, "stops": 6}[kind]
    assert float((steps / steps.mean() - 1).abs().max()) < 0.1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_scale_spans_more_than_half_of_all_lightness(
    scales: dict[str, dict[str, list[list[int]]]], theme: str
) -> None:
    colours = scales[theme]["lookup"]
    assert len(colours) == 256
    assert float((lightness([colours[-1]]) - lightness([colours[0]])).abs()) > 50

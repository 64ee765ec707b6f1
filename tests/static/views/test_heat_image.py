"""The heat image of a picture: the colour of every point, also where the loss is Inf or NaN."""

import json
import subprocess
from pathlib import Path

from tests.node import executable

DRAWN = """
import { colourAt, heatImage } from "./js/views/canvas/heat_image.js";
globalThis.ImageData = class {
  constructor(width, height) { this.data = new Uint8ClampedArray(4 * width * height); }
};
globalThis.OffscreenCanvas = class {
  getContext() { return { putImageData: (image) => { this.image = image; } }; }
};
const colours = Uint32Array.from({ length: 256 }, (_, k) => (255 << 24) | k);
const shares = [0, 0.5, 1, 1.5, Infinity, NaN];
const canvas = heatImage({ columns: 3, rows: 2 }, (k) => colourAt(colours, shares[k]));
const pixels = new Uint32Array(canvas.image.data.buffer);
console.log(JSON.stringify([...pixels].map((pixel) => [pixel & 255, pixel >>> 24])));
"""


def test_inf_has_the_highest_colour_and_nan_has_none(scripts: Path) -> None:
    (scripts / "heat_image.js").write_text(DRAWN, encoding="utf-8")
    done = subprocess.run([executable(), str(scripts / "heat_image.js")], capture_output=True, text=True, check=True)
    above, below = json.loads(done.stdout)[:3], json.loads(done.stdout)[3:]
    # The first row is at the bottom. Each pixel is its colour and its opacity.
    assert below == [[0, 255], [128, 255], [255, 255]]
    assert above == [[255, 255], [255, 255], [0, 0]]

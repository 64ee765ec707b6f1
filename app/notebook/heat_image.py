"""Heat image: a grid of losses as a PNG file, with the colours of the page's map."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.compute.precision import shown_range
from cliffscape.app.notebook.colours import colour_scale
from cliffscape.landscapes.analysis.mesh import heights

# Numbers of colours in the file: those of the scale, and one that is transparent, for NaN.
COLOURS = 255
MISSING = COLOURS
MAGIC = b"\x89PNG\r\n\x1a\n"


def heat_image(loss: Tensor, scale: str) -> bytes:
    """The PNG file of losses ``(rows, columns)``, whose first row is at the bottom, on a ``linear`` or ``log`` scale.

    As on the page, the highest half percent has the last colour, and NaN is transparent.
    """
    height = heights(loss.double(), scale).numpy()
    low, high = shown_range(height)
    flat = not high > low
    # Halves, since the difference of two finite heights may overflow.
    share = np.where(np.isposinf(height), 1.0, 0.0) if flat else (height / 2 - low) / (high - low)
    missing = np.isnan(height)
    index = np.where(missing, MISSING, np.clip(np.where(missing, 0, share), 0, 1) * (COLOURS - 1)).round()
    return png(index[::-1].astype(np.uint8))


def png(index: NDArray[np.uint8]) -> bytes:
    """The PNG file of an image of colour numbers ``(rows, columns)``, the first row at the top."""
    rows, columns = index.shape
    # Bits of a number, colour type 3 (a palette), the only compression and filter, and no interlacing.
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    # Every row starts with its filter, which is none.
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), index], axis=1).tobytes()
    parts = {
        b"IHDR": header,
        b"PLTE": colour_scale(COLOURS).tobytes() + bytes(3),
        b"tRNS": b"\xff" * COLOURS + b"\x00",
        b"IDAT": zlib.compress(lines, 9),
        b"IEND": b"",
    }
    return MAGIC + b"".join(chunk(name, content) for name, content in parts.items())


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a PNG file, with its length and its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

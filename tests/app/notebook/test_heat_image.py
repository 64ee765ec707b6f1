"""Heat image: a PNG file that browsers read, with the lowest and the highest loss at the ends of the scale."""

import struct
import zlib

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.notebook.heat_image import COLOURS, MAGIC, MISSING, heat_image


def pixels(file: bytes) -> NDArray[np.uint8]:
    """The colour numbers of a PNG file, row by row from the top; its checksums must be right."""
    assert file.startswith(MAGIC)
    parts, place = dict[bytes, bytes](), len(MAGIC)
    while place < len(file):
        (length,) = struct.unpack_from(">I", file, place)
        name, content = file[place + 4 : place + 8], file[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", file, place + 8 + length) == (zlib.crc32(name + content),)
        parts[name], place = content, place + length + 12
    assert list(parts) == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    columns, rows = struct.unpack_from(">II", parts[b"IHDR"])
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:]


def image(losses: list[list[float]], scale: str = "linear") -> list[list[int]]:
    """The colour numbers of losses whose first row is at the bottom."""
    found: list[list[int]] = pixels(heat_image(torch.tensor(losses, dtype=torch.float64), scale)).tolist()
    return found


def test_the_first_row_is_at_the_bottom() -> None:
    assert image([[0, 1], [2, 4]]) == [[127, 254], [0, 64]]


def test_nan_is_transparent_and_infinity_the_highest_colour() -> None:
    assert image([[0, float("nan")], [1, float("inf")]]) == [[COLOURS - 1, COLOURS - 1], [0, MISSING]]


def test_a_flat_surface_has_the_lowest_colour() -> None:
    assert image([[3, 3], [3, float("inf")]]) == [[0, COLOURS - 1], [0, 0]]


def test_a_logarithmic_scale_has_equal_steps_for_equal_ratios() -> None:
    [top, bottom] = image([[0, 0.999], [999.999, 0.999]], "log")
    assert (bottom, top) == ([0, 127], [254, 127])


def test_a_range_beyond_float64_has_colours() -> None:
    assert image([[-1.7e308, 0], [1.7e308, 0]]) == [[254, 127], [0, 127]]


def surface() -> Tensor:
    """A surface of the size of a map."""
    return torch.linspace(0, 1, 129 * 129, dtype=torch.float64).reshape(129, 129)


def test_a_map_is_small() -> None:
    assert len(heat_image(surface(), "linear")) < 20_000

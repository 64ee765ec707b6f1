"""Decoding frames, implemented from the description of the format only, and tables."""

import csv
import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Decoded:
    """A decoded frame: its header and its arrays."""

    def __init__(self, header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self.header = header
        self.arrays = arrays

    @property
    def label(self) -> str:
        """Kind, with the level or the run if there is one."""
        level = self.header.get("columns") or self.header.get("lines") or self.header.get("run") or ""
        return f"{self.header['kind']} {level}".strip()


def decode(data: bytes) -> list[Decoded]:
    """All frames in ``data``."""
    frames = []
    while data:
        assert data[:4] == b"CLIF"
        (length,) = struct.unpack("<I", data[4:8])
        assert (8 + length) % 8 == 0
        header = json.loads(data[8 : 8 + length], parse_constant=never)
        payload = data[8 + length : 8 + length + header["length"]]
        arrays = {}
        for array in header["arrays"]:
            assert array["offset"] % 8 == 0
            count = int(np.prod(array["shape"]))
            read = np.frombuffer(payload, np.dtype(array["type"]).newbyteorder("<"), count, array["offset"])
            arrays[array["name"]] = read.reshape(array["shape"])
        frames.append(Decoded(header, arrays))
        data = data[8 + length + header["length"] :]
    return frames


def never(constant: str) -> None:
    """Fail, because the JSON of headers has no NaN or Infinity."""
    raise AssertionError(f"{constant} in a header")


def csv_rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file below its header line, without the comment that names the Scene."""
    comment, *lines = text.splitlines()
    assert comment.startswith("# Cliffscape "), comment
    return list(csv.DictReader(lines))

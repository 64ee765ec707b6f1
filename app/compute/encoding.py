"""Frames: named arrays with a small header, in a format that a browser reads without copying.

A frame is ``CLIF``, the header's length as a little-endian 32-bit number, the header in JSON, and the payload. Spaces
pad the header so that the payload starts at a multiple of 8 bytes. Every array in it does as well, because the typed
arrays of JavaScript require it. Arrays are little-endian, last axis fastest. Arrays may hold Inf and NaN, headers may
not.
"""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cliffscape.landscapes.bound_error import must_be

MAGIC = b"CLIF"
ALIGNMENT = 8
TYPES = ("float32", "float64", "uint8")


@dataclass(frozen=True)
class Frame:
    """One message: its kind, its cache key, its arrays, and further fields of the header."""

    kind: str
    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def pad(data: bytes, filler: bytes, offset: int = 0) -> bytes:
    """``data`` with padding, so that it ends at a multiple of 8 if it begins at ``offset``."""
    return data + filler * (-(offset + len(data)) % ALIGNMENT)


def encode(frame: Frame) -> bytes:
    """The frame as bytes.

    Raises:
        ValueError: a field of the header is Inf or NaN, or an array is none of float32, float64 and uint8.
    """
    descriptions, offset = [], 0
    payload: list[bytes | memoryview] = []
    for name, array in frame.arrays.items():
        if array.dtype.name not in TYPES:
            raise ValueError(must_be(name, array.dtype.name, f"one of {', '.join(TYPES)}"))
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        descriptions.append({"name": name, "type": array.dtype.name, "shape": list(array.shape), "offset": offset})
        gap = -little.nbytes % ALIGNMENT
        # Joined without a copy of each array before.
        payload += [little.data, b"\0" * gap]
        offset += little.nbytes + gap
    header = {"kind": frame.kind, "key": frame.key, "length": offset, "arrays": descriptions, **frame.fields}
    # The magic word and the length take 8 bytes before the header.
    text = pad(json.dumps(header, allow_nan=False, ensure_ascii=False).encode(), b" ", offset=8)
    return b"".join([MAGIC, struct.pack("<I", len(text)), text, *payload])


def decode(data: bytes) -> Frame:
    """The frame in ``data``; the inverse of ``encode``."""
    (length,) = struct.unpack("<I", data[4:8])
    fields = json.loads(data[8 : 8 + length])
    arrays = {}
    for about in fields.pop("arrays"):
        shape, place = tuple(about["shape"]), 8 + length + about["offset"]
        kind = np.dtype(about["type"]).newbyteorder("<")
        arrays[about["name"]] = np.frombuffer(data, kind, math.prod(shape), place).reshape(shape)
    del fields["length"]
    return Frame(fields.pop("kind"), fields.pop("key"), fields, arrays)

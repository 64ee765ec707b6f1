"""Frames: the layout, byte by byte."""

import json
import struct

import numpy as np
import pytest

from cliffscape.app.compute.encoding import Frame, encode
from tests.app.decoding import decode

ARRAYS = {
    "odd": np.arange(3, dtype=np.float32),
    "small": np.array([0, 255, 7], dtype=np.uint8),
    "grid": np.arange(6, dtype=np.float64).reshape(2, 3),
    "none": np.empty((0, 2), dtype=np.float64),
}


def test_frame_reads_back() -> None:
    frame = Frame("surface", "key", {"window": [0.0, 1.0, 2.0, 3.0], "label": "σ — ü"}, ARRAYS)
    (read,) = decode(encode(frame))
    assert read.header["kind"] == "surface"
    assert read.header["key"] == "key"
    assert read.header["window"] == [0.0, 1.0, 2.0, 3.0]
    assert read.header["label"] == "σ — ü"
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(read.arrays[name], array)
        assert read.arrays[name].dtype == array.dtype


def test_layout() -> None:
    data = encode(Frame("k", "", {}, {"odd": ARRAYS["odd"], "grid": ARRAYS["grid"]}))
    (length,) = struct.unpack("<I", data[4:8])
    header = json.loads(data[8 : 8 + length])
    assert data[:4] == b"CLIF"
    assert (8 + length) % 8 == 0
    assert [array["offset"] for array in header["arrays"]] == [0, 16]  # three float32 are filled up to 16 bytes
    assert header["length"] == 16 + 48 == len(data) - 8 - length
    assert data[8 + length :][:12] == struct.pack("<3f", 0, 1, 2)


@pytest.mark.parametrize("length", range(9))
def test_payload_is_aligned_with_any_header(length: int) -> None:
    (frame,) = decode(encode(Frame("k", "x" * length, {}, ARRAYS)))
    np.testing.assert_array_equal(frame.arrays["grid"], ARRAYS["grid"])


def test_frames_follow_one_another() -> None:
    data = b"".join(encode(Frame("k", str(k), {}, ARRAYS)) for k in range(3))
    assert [frame.header["key"] for frame in decode(data)] == ["0", "1", "2"]


def test_arrays_are_contiguous_and_little_endian_with_any_memory_layout() -> None:
    strange = {"f": np.asfortranarray(ARRAYS["grid"]).astype(">f8"), "part": ARRAYS["grid"][:, ::2]}
    (frame,) = decode(encode(Frame("k", "", {}, strange)))
    np.testing.assert_array_equal(frame.arrays["f"], ARRAYS["grid"])
    np.testing.assert_array_equal(frame.arrays["part"], ARRAYS["grid"][:, ::2])


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (), (1, 3)])
def test_arrays_of_any_shape(shape: tuple[int, ...]) -> None:
    (frame,) = decode(encode(Frame("k", "", {}, {"a": np.ones(shape), "after": np.arange(3.0)})))
    np.testing.assert_array_equal(frame.arrays["a"], np.ones(shape))
    np.testing.assert_array_equal(frame.arrays["after"], [0, 1, 2])


def test_arrays_may_hold_infinities_and_headers_may_not() -> None:
    values = np.array([np.inf, -np.inf, np.nan])
    (frame,) = decode(encode(Frame("k", "", {}, {"a": values})))
    np.testing.assert_array_equal(frame.arrays["a"], values)
    with pytest.raises(ValueError, match="JSON"):
        encode(Frame("k", "", {"loss": float("nan")}))


def test_other_types_are_rejected() -> None:
    with pytest.raises(ValueError, match="a must be one of float32, float64, uint8, got int64"):
        encode(Frame("k", "", {}, {"a": np.arange(3)}))

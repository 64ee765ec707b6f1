"""TensorBoard's event files: checksums, damaged records, and records that are no scalars."""

import io
import struct

import pytest

from cliffscape.app.logs.engines.event_file import (
    LARGEST_SCALAR,
    event_records,
    fields,
    is_record_header,
    masked_crc,
    varint,
)
from cliffscape.app.logs.formats.tensorboard_events import EVENTS
from cliffscape.app.logs.rows import LineCounts, Row
from tests.app.logs.read_text import EXAMPLES


def record(content: bytes) -> bytes:
    """A record with its checksums."""
    length = struct.pack("<Q", len(content))
    return length + struct.pack("<I", masked_crc(length)) + content + struct.pack("<I", masked_crc(content))


def message(number: int, content: bytes) -> bytes:
    """A field of up to 127 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def scalar(step: int, tag: str, value: float) -> bytes:
    """An event with one number."""
    inner = message(1, tag.encode()) + bytes([2 << 3 | 5]) + struct.pack("<f", value)
    return bytes([2 << 3, step]) + message(5, message(1, inner))


def read(content: bytes) -> tuple[list[Row], LineCounts]:
    """The events with numbers of some bytes, and their counts."""
    counts = LineCounts()
    rows = event_records(io.BytesIO(content), EVENTS, counts)
    return [(number, values) for number, values in rows if values], counts


def test_the_checksum_of_the_standard() -> None:
    """RFC 3720 gives the CRC-32C of 32 zero bytes: 8a9136aa."""
    crc = 0x8A9136AA
    assert masked_crc(bytes(32)) == ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def test_records_written_here_are_read_like_those_of_tensorboard() -> None:
    assert read(record(scalar(3, "a", 1.5)) + record(scalar(4, "b", 2.5)))[0] == [
        (1, {"step": 3, "a": 1.5}),
        (2, {"step": 4, "b": 2.5}),
    ]


def test_a_damaged_record_is_left_out() -> None:
    damaged = bytearray(record(scalar(3, "a", 1.5)))
    damaged[20] ^= 1
    rows, counts = read(bytes(damaged) + record(scalar(4, "b", 2.5)))
    assert rows == [(2, {"step": 4, "b": 2.5})] and (counts.broken, counts.first_broken) == (1, 1)


@pytest.mark.parametrize("size", [1, 11, 12, 20, 29])
def test_a_file_that_ends_within_a_record(size: int) -> None:
    rows, counts = read(record(scalar(3, "a", 1.5)) + record(scalar(4, "b", 2.5))[:size])
    assert rows == [(1, {"step": 3, "a": 1.5})] and counts.broken == 1


def test_large_records_are_not_read() -> None:
    large = message(5, b"") + bytes(LARGEST_SCALAR)
    rows, counts = read(record(large) + record(scalar(4, "b", 2.5)))
    assert rows == [(2, {"step": 4, "b": 2.5})] and (counts.other, counts.broken) == (1, 0)


@pytest.mark.parametrize("content", [b"\x0b", b"\x2a\x7f", b"\x10\xff", b"\xff" * 12])
def test_a_record_that_is_no_message_is_broken(content: bytes) -> None:
    rows, counts = read(record(content))
    assert rows == [] and counts.broken == 1


def test_negative_steps_and_long_numbers() -> None:
    assert varint(b"\x96\x01", 0) == (150, 2)
    assert list(fields(b"\x08\x96\x01\x11" + bytes(8))) == [(1, 150), (2, bytes(8))]
    negative = b"\x10" + b"\xff" * 9 + b"\x01" + scalar(0, "a", 1.0)[2:]
    assert read(record(negative))[0] == [(1, {"step": -1, "a": 1.0})]


def test_the_head_of_a_file() -> None:
    assert is_record_header((EXAMPLES / "tensorboard.events").read_bytes()[:12])
    assert not is_record_header(bytes(12)) and not is_record_header(b"")

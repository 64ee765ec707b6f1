"""TensorBoard's event files: records with checksums, and in them the few fields of protocol buffers that scalars need.

A record is its length (8 bytes), the masked CRC-32C of the length, its bytes, and the masked CRC-32C of these.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row

HEADER = 12
# Larger records hold images or graphs. Their bytes are not read.
LARGEST_SCALAR = 1 << 16
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
# Fields of Event, Summary.Value and TensorProto.
EVENT_STEP, EVENT_SUMMARY = 2, 5
SUMMARY_VALUE, VALUE_TAG, VALUE_NUMBER, VALUE_TENSOR = 1, 1, 2, 8
TENSOR_CONTENT, TENSOR_FLOAT, TENSOR_DOUBLE, TENSOR_TYPE = 4, 5, 6, 1
FLOAT, DOUBLE = 1, 2
Field = tuple[int, int | bytes]


def crc_table() -> list[int]:
    """The remainders of all bytes for CRC-32C (Castagnoli)."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = crc_table()


def masked_crc(content: bytes) -> int:
    """The CRC-32C of some bytes, rotated and shifted as TFRecord files store it."""
    value = 0xFFFFFFFF
    for byte in content:
        value = CRC_TABLE[(value ^ byte) & 0xFF] ^ value >> 8
    value ^= 0xFFFFFFFF
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def is_record_header(head: bytes) -> bool:
    """Whether a file that begins with these bytes consists of records."""
    return len(head) >= HEADER and struct.unpack("<I", head[8:HEADER])[0] == masked_crc(head[:8])


def event_records(file: BinaryIO, log_format: LogFormat, counts: LineCounts) -> Iterator[Row]:
    """The scalars of every event. A record counts as a line."""
    file.seek(0)
    while head := file.read(HEADER):
        counts.lines += 1
        if not is_record_header(head):
            # Without a length there is no next record.
            counts.add_broken(counts.lines)
            return
        length = struct.unpack("<Q", head[:8])[0]
        if length > LARGEST_SCALAR:
            counts.other += 1
            if length >= 1 << 40:
                return
            file.seek(length + 4, 1)
            continue
        content, check = file.read(length), file.read(4)
        if len(check) < 4 or struct.unpack("<I", check)[0] != masked_crc(content):
            counts.add_broken(counts.lines)
            continue
        try:
            values = event_scalars(content)
        except (ValueError, struct.error):
            counts.add_broken(counts.lines)
            continue
        yield counts.lines, values


def event_scalars(content: bytes) -> dict[str, object]:
    """The step and the scalars of an event, by tag."""
    values: dict[str, object] = {}
    step = 0
    for number, value in fields(content):
        if number == EVENT_STEP and isinstance(value, int):
            # Negative numbers are stored as their complement.
            step = value - (1 << 64 if value >> 63 else 0)
        elif number == EVENT_SUMMARY and isinstance(value, bytes):
            for part, scalar in fields(value):
                if part == SUMMARY_VALUE and isinstance(scalar, bytes):
                    values |= tagged_number(scalar)
    return {"step": step, **values} if values else {}


def tagged_number(content: bytes) -> dict[str, object]:
    """The tag of a Summary.Value and its number, or nothing if it is an image, a histogram or a text."""
    tag, number = "", None
    for field, value in fields(content):
        if isinstance(value, bytes) and field == VALUE_TAG:
            tag = value.decode(errors="replace")
        elif isinstance(value, bytes) and field == VALUE_NUMBER and len(value) == 4:
            number = struct.unpack("<f", value)[0]
        elif isinstance(value, bytes) and field == VALUE_TENSOR:
            number = tensor_number(value)
    return {} if number is None else {tag: number}


def tensor_number(content: bytes) -> float | None:
    """The number in a TensorProto with one element of type float or double."""
    kinds = {TENSOR_FLOAT: (FLOAT, "<f"), TENSOR_DOUBLE: (DOUBLE, "<d")}
    found = dict(fields(content))
    for field, (kind, code) in kinds.items():
        values = found.get(field, found.get(TENSOR_CONTENT))
        if found.get(TENSOR_TYPE) == kind and isinstance(values, bytes) and len(values) == struct.calcsize(code):
            return float(struct.unpack(code, values)[0])
    return None


def fields(content: bytes) -> Iterator[Field]:
    """The numbers and values of a message's fields; fixed numbers are bytes.

    Raises:
        ValueError: these bytes are no message.
    """
    place = 0
    while place < len(content):
        key, place = varint(content, place)
        kind = key & 7
        if kind == VARINT:
            value, place = varint(content, place)
            yield key >> 3, value
            continue
        if kind == BYTES:
            size, place = varint(content, place)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if place + size > len(content):
            raise ValueError("the message ends within a field")
        yield key >> 3, content[place : place + size]
        place += size


def varint(content: bytes, place: int) -> tuple[int, int]:
    """The number at a place in the bytes, in groups of seven bits, and the place after it."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(content):
            break
        byte = content[place]
        value, place = value | (byte & 0x7F) << shift, place + 1
        if byte < 0x80:
            return value, place
    raise ValueError("the message ends within a number")

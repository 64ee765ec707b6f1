"""WebM: its elements by the specification of Matroska, as far as the tests read them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

# Elements that contain others: segment, information, tracks, track, video, cluster, tags, tag, simple tag, header.
PARENTS = {
    0x18538067,
    0x1549A966,
    0x1654AE6B,
    0xAE,
    0xE0,
    0x1F43B675,
    0x1254C367,
    0x7373,
    0x67C8,
    0x1A45DFA3,
}
DOCUMENT_TYPE, DURATION, TIMESTAMP_SCALE, CODEC, WIDTH, HEIGHT = 0x4282, 0x4489, 0x2AD7B1, 0x86, 0xB0, 0xBA
BLOCK, TAG_NAME, TAG_TEXT = 0xA3, 0x45A3, 0x4487


@dataclass
class WebM:
    """What a file says about itself."""

    texts: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    ticks: float = 0
    pictures: int = 0
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """The duration."""
        return self.ticks * self.numbers[TIMESTAMP_SCALE] / 1e9


def variable(content: bytes, at: int, marked: bool) -> tuple[int, int]:
    """An integer of variable length and the place after it; ``marked`` integers keep the bit of their length."""
    length = 9 - content[at].bit_length()
    value = int.from_bytes(content[at : at + length], "big")
    return (value if marked else value - (1 << 7 * length)), at + length


def elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """All elements without others inside, in the order of the file."""
    at = 0
    while at < len(content):
        name, at = variable(content, at, marked=True)
        size, at = variable(content, at, marked=False)
        inside = content[at : at + size]
        at += len(inside)
        if name in PARENTS:
            yield from elements(inside)
        else:
            yield name, inside


def read_webm(content: bytes) -> WebM:
    """Read a file."""
    found, tag = WebM(), ""
    for name, inside in elements(content):
        if name in (DOCUMENT_TYPE, CODEC):
            found.texts[name] = inside.decode()
        elif name in (TIMESTAMP_SCALE, WIDTH, HEIGHT):
            found.numbers[name] = int.from_bytes(inside, "big")
        elif name == DURATION:
            found.ticks = float_of(inside)
        elif name == BLOCK:
            found.pictures += 1
        elif name == TAG_NAME:
            tag = inside.decode()
        elif name == TAG_TEXT:
            found.tags[tag] = inside.decode()
    return found


def float_of(content: bytes) -> float:
    """A float of 4 or 8 bytes."""
    value: float = struct.unpack(">f" if len(content) == 4 else ">d", content)[0]
    return value

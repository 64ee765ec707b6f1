"""PNG files: their size, and what they say about themselves."""

import struct
import zlib
from collections.abc import Iterator


def size(png: bytes) -> tuple[int, int]:
    """The size of a PNG in pixels."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def chunks(png: bytes) -> Iterator[tuple[str, bytes]]:
    """The chunks of a PNG, with their checksums tested."""
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + content)
        yield kind.decode(), content
        at += 12 + length


def named_texts(png: bytes) -> dict[str, str]:
    """The metadata of a PNG."""
    found = {}
    for kind, content in chunks(png):
        if kind in ("tEXt", "iTXt"):
            name, _, text = content.partition(b"\0")
            found[name.decode()] = text.lstrip(b"\0").decode()
    return found

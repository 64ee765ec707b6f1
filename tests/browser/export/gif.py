"""GIF: its blocks by the specification of GIF89a."""

import struct
from dataclasses import dataclass, field

EXTENSION, PICTURE, END = 0x21, 0x2C, 0x3B
CONTROL, COMMENT, APPLICATION = 0xF9, 0xFE, 0xFF


@dataclass
class Gif:
    """What a file says about itself; delays are in hundredths of a second."""

    width: int
    height: int
    pictures: int = 0
    comment: str = ""
    delays: list[int] = field(default_factory=list)
    applications: list[bytes] = field(default_factory=list)


def table_size(flags: int) -> int:
    """Bytes of the table of colours that flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def read_blocks(content: bytes, at: int) -> tuple[bytes, int]:
    """The content of blocks up to the empty one, and the place after it."""
    found = b""
    while length := content[at]:
        found += content[at + 1 : at + 1 + length]
        at += 1 + length
    return found, at + 1


def read_gif(content: bytes) -> Gif:
    """Read a file to its end."""
    assert content[:6] == b"GIF89a"
    width, height, flags = struct.unpack("<HHB", content[6:11])
    found, at = Gif(width, height), 13 + table_size(flags)
    while content[at] != END:
        kind = content[at]
        if kind == EXTENSION:
            label = content[at + 1]
            inside, at = read_blocks(content, at + 2)
            if label == CONTROL:
                found.delays.append(struct.unpack("<H", inside[1:3])[0])
            elif label == COMMENT:
                found.comment = inside.decode()
            elif label == APPLICATION:
                found.applications.append(inside[:11])
        else:
            assert kind == PICTURE, kind
            found.pictures += 1
            # Nine bytes of the place and of flags, the table, and the length of the codes.
            _, at = read_blocks(content, at + 10 + table_size(content[at + 9]) + 1)
    assert at == len(content) - 1
    return found

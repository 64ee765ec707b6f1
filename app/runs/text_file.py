"""Text files: the user's own text for networks that predict characters."""

import codecs
from pathlib import Path

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.tasks.text import DefaultText

SHORTEST, LONGEST = 1000, 10_000_000
# Every different character is an input and an output of the network.
MOST_SYMBOLS = 128
ALPHABET_ADVICE = (
    ". Each is an input and an output of the network. "
    "Write the text in a smaller alphabet, for example Chinese in pinyin, or replace the rare characters"
)
# No encoding that is read here needs more bytes for a character, and a mark takes at most four.
MOST_BYTES = 4 * LONGEST + 4
# Byte-order marks of the encodings that are read with a mark only. UTF-32's little-endian mark begins with UTF-16's.
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_text(path: Path) -> str:
    """The text in a file: UTF-8, or an encoding with a byte-order mark, without the mark.

    Raises:
        BoundError: the file cannot be read or decoded, holds NULs, or its length or its alphabet is out of bounds.
    """
    text = decode(read_bytes(path), path.name)
    if not SHORTEST <= len(text) <= LONGEST:
        raise BoundError("text_file", f"{len(text):,} in {path.name}", length_bound())
    if not 2 <= (symbols := len(set(text))) <= MOST_SYMBOLS:
        bound = f"a text of 2 to {MOST_SYMBOLS} different characters"
        raise BoundError("text_file", f"{symbols:,} in {path.name}" + ALPHABET_ADVICE * (symbols > 1), bound)
    return text


def length_bound() -> str:
    """The bound on the length of a text."""
    return f"from {SHORTEST:,} to {LONGEST:,} characters long"


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, which is not read to its end if no text of that size is allowed."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BoundError("text_file", f"{path}: {error.strerror}", "a file that can be read") from None
    if len(content) > MOST_BYTES:
        raise BoundError("text_file", f"more than {MOST_BYTES:,} bytes in {path.name}", length_bound())
    return content


def decode(content: bytes, name: str) -> str:
    """The text in the bytes of the file ``name``, with ``\\n`` at the end of every line, whatever system wrote it."""
    encoding = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise encoding_error(f"other bytes at place {error.start} of {name}", encoding) from None
    if (place := text.find("\0")) >= 0:
        bound = "a text without the character NUL"
        advice = "If it is UTF-16 without a byte-order mark, save it as UTF-8, or convert it: "
        command = "iconv -f UTF-16LE -t UTF-8 OLD > NEW"
        raise BoundError("text_file", f"one at place {place:,} of {name}. {advice}{command}", bound)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encoding_error(value: str, encoding: str) -> BoundError:
    """The error for bytes that are not of the file's encoding, which is UTF-8 without a mark, with what to do."""
    bound, advice = encoding.removesuffix("-sig").upper(), "Save the file as UTF-8"
    if encoding == "utf-8":
        advice += ", or convert it, for example from Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
    return BoundError("text_file", f"{value}. {advice}", bound)


def use_text_file(path: Path | None) -> None:
    """Train the networks of this process that predict characters on the file; without one, on the built-in sample."""
    if path is not None:
        DefaultText.text = read_text(path)

"""Texts: a file of the user's own for nets that foretell characters."""

from pathlib import Path

from cliffscape.landscapes.networks.tasks.text import Reading

SHORTEST, LONGEST = 1000, 1_000_000
# Every character is an input and an output of the net.
MOST_SYMBOLS = 128


class TextError(ValueError):
    """A text file that cannot be learned from; the message names the setting, the bound and what was there."""


def own_text(path: Path) -> str:
    """The text in a file.

    Raises:
        TextError: there is no such file, it is not UTF-8, or it is too short, too long or too varied.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TextError(f"text_file must be UTF-8, got other bytes at place {error.start} of {path.name}") from None
    except OSError as error:
        raise TextError(f"text_file must be a file that can be read, got {path}: {error.strerror}") from None
    if not SHORTEST <= len(text) <= LONGEST:
        bounds = f"from {SHORTEST:,} to {LONGEST:,} characters long"
        raise TextError(f"text_file must be {bounds}, got {len(text):,} in {path.name}")
    if not 2 <= len(set(text)) <= MOST_SYMBOLS:
        bounds = f"from 2 to {MOST_SYMBOLS} different characters"
        raise TextError(f"text_file must hold {bounds}, got {len(set(text)):,} in {path.name}")
    return text


def read_own(path: Path | None) -> None:
    """Let every net of this process that foretells characters read the file; without one, the sample stays."""
    if path is not None:
        Reading.text = own_text(path)

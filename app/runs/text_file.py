"""Text files: the user's own text for networks that predict characters."""

from pathlib import Path

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.tasks.text import DefaultText

SHORTEST, LONGEST = 1000, 1_000_000
# Every different character is an input and an output of the network.
MOST_SYMBOLS = 128


def read_text(path: Path) -> str:
    """The text in a file.

    Raises:
        BoundError: there is no such file, it is not UTF-8, or or the text's length or alphabet is out of bounds.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BoundError("text_file", f"other bytes at place {error.start} of {path.name}", "UTF-8") from None
    except OSError as error:
        raise BoundError("text_file", f"{path}: {error.strerror}", "a file that can be read") from None
    if not SHORTEST <= len(text) <= LONGEST:
        bound = f"from {SHORTEST:,} to {LONGEST:,} characters long"
        raise BoundError("text_file", f"{len(text):,} in {path.name}", bound)
    if not 2 <= (symbols := len(set(text))) <= MOST_SYMBOLS:
        bound = f"a text of 2 to {MOST_SYMBOLS} different characters"
        raise BoundError("text_file", f"{symbols:,} in {path.name}", bound)
    return text


def use_text_file(path: Path | None) -> None:
    """Train the networks of this process that predict characters on the file; without one, on the built-in sample."""
    if path is not None:
        DefaultText.text = read_text(path)

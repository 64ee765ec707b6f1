"""Progress frames: the share of a long computation that is done, sent before its result."""

from collections.abc import Generator
from functools import partial
from typing import TypeVar

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.generators import with_progress

# Seconds between two partial results of a slow surface or descent.
SHOW_SECONDS = 0.1
# Seconds from which the page says before a picture how long it will take.
SAY_SECONDS = 5
T = TypeVar("T")


def progress(key: str, side: int, share: float | None, seconds: float = 0) -> Frame:
    """The share done of a picture of ``side`` columns; 0 columns mean the slice or run that it depends on.

    ``seconds`` is about how long the whole picture takes; it is sent if that is long.
    """
    known = {"seconds": round(seconds)} if seconds > SAY_SECONDS else {}
    return Frame("progress", key, {"columns": side, "share": None if share is None else round(share, 4), **known})


def report_progress(work: Generator[float | None, None, T], key: str, side: int) -> Generator[Frame | None, None, T]:
    """``work``, which yields the share it has done (None where that is unknown), with progress frames."""
    return (yield from with_progress(work, partial(progress, key, side), SHOW_SECONDS))


def overall_share(number: int, count: int, share: float) -> float:
    """The share of ``count`` equal parts of a work that is done, if ``share`` of part ``number`` is."""
    return (number + share) / count

"""Progress: word of how far a long piece of work is, sent between the frames it makes."""

from collections.abc import Generator
from functools import partial
from typing import TypeVar

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.generators import with_progress

# How often a picture or a path that takes long is shown as far as it is.
SHOW_SECONDS = 0.1
T = TypeVar("T")


def progress(key: str, side: int, share: float | None) -> Frame:
    """How much of a picture of ``side`` columns is done; 0 columns stand for a slice or a run that it waits for."""
    return Frame("progress", key, {"columns": side, "share": None if share is None else round(share, 4)})


def report_progress(work: Generator[float | None, None, T], key: str, side: int) -> Generator[Frame | None, None, T]:
    """``work``, which yields the share it has done (None where that is unknown), with progress frames."""
    return (yield from with_progress(work, partial(progress, key, side), SHOW_SECONDS))

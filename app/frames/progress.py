"""Progress: word of how far a long piece of work is, sent between the frames it makes."""

import time
from collections.abc import Generator
from typing import TypeVar

from cliffscape.app.compute.encoding import Frame

# How often a picture or a path that takes long is shown as far as it is.
SHOW_SECONDS = 0.1
T = TypeVar("T")


def progress(key: str, side: int, share: float | None) -> Frame:
    """How much of a picture of ``side`` columns is done; 0 columns stand for a slice or a run that it waits for."""
    return Frame("progress", key, {"columns": side, "share": None if share is None else round(share, 4)})


def with_progress(work: Generator[float | None, None, T], key: str, side: int) -> Generator[Frame | None, None, T]:
    """The result of work that yields the share it has done, None where only its end tells; sends word now and then."""
    shown = time.monotonic()
    while True:
        try:
            share = next(work)
        except StopIteration as done:
            result: T = done.value
            return result
        late = time.monotonic() - shown > SHOW_SECONDS
        yield progress(key, side, share) if late else None
        shown = time.monotonic() if late else shown

"""Progress frames: the share of a long computation that is done, sent before its result."""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from cliffscape.app.compute.encoding import Frame
from cliffscape.landscapes.generators import with_progress

# Seconds between two partial results of a slow surface or descent.
SHOW_SECONDS = 0.1
# Seconds between two messages about a part of a frame: each takes Ray about 3 ms of processor time at both ends.
MESSAGE_SECONDS = 0.2
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


def sometimes(work: Generator[float, None, T]) -> Generator[float | None, None, T]:
    """``work``, which yields the share it has done, with the shares that are shown."""
    return (yield from with_progress(work, float, MESSAGE_SECONDS))


@dataclass
class Shares:
    """Progress frames of a stage whose parts yield the share that they have done; ``weights`` are their sizes.

    ``timed`` ones also say about how long the whole stage takes, as far as is known.
    """

    key: str
    side: int
    weights: Sequence[float]
    timed: bool = False
    done: dict[int, float] = field(default_factory=dict)
    shown: float = field(default_factory=time.monotonic)
    began: float = field(default_factory=time.monotonic)

    def show(self, number: int, share: float) -> Frame | None:
        """The share of the whole stage, unless one was shown a moment ago. A part that is begun anew goes back."""
        self.done[number] = share
        # Each part waits for ``MESSAGE_SECONDS`` itself, and its clock may be a little ahead of this one.
        if time.monotonic() - self.shown < MESSAGE_SECONDS / 2:
            return None
        self.shown = time.monotonic()
        whole = sum(self.weights[one] * value for one, value in self.done.items()) / sum(self.weights)
        seconds = (self.shown - self.began) / whole if self.timed and whole else 0
        return progress(self.key, self.side, whole, seconds)

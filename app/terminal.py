"""The terminal: a line of progress, and Ctrl-C that ends a long command after its present piece of work."""

import math
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TextIO

# Seconds between two lines of progress in a terminal and in a file.
TERMINAL_SECONDS, FILE_SECONDS = 0.5, 10.0
AGAIN_SECONDS = 1.0
# Return to the start of the line, and clear it.
REWRITE = "\r\x1b[K"
# A duration is given in a unit up to so many of it.
UNITS = (("s", 1, 90), ("min", 60, 90), ("h", 3600, 48))
DAY = 86_400
KIBI = 1024


@dataclass
class Interruption:
    """When Ctrl-C was pressed for the first time; None if it has not been."""

    time: float | None = None


@contextmanager
def catch_interruption() -> Iterator[Interruption]:
    """Note Ctrl-C instead of raising ``KeyboardInterrupt``; pressed again later, it raises."""
    found = Interruption()

    def note(number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if found.time is None:
            found.time = now
        # Programs that start this one may pass on a Ctrl-C that it has also received itself.
        elif now - found.time > AGAIN_SECONDS:
            raise KeyboardInterrupt

    usual = signal.signal(signal.SIGINT, note)
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, usual or signal.SIG_DFL)


@contextmanager
def interruption_ends_process() -> Iterator[None]:
    """Let Ctrl-C end the process at once while modules are loaded: some of them swallow ``KeyboardInterrupt``."""
    usual = signal.getsignal(signal.SIGINT)
    # A process that a shell has started in the background ignores Ctrl-C.
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual or signal.SIG_DFL)


class ProgressLine:
    """One line that is rewritten in a terminal, and a line now and then in a file."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.terminal = stream.isatty()
        self.seconds = TERMINAL_SECONDS if self.terminal else FILE_SECONDS
        self.shown = time.monotonic()
        self.written = False

    def counter(self, total: int, noun: str) -> Callable[[int], None]:
        """A function that adds to a count and shows it: 4,000 of 100,000 steps."""
        done = 0

        def add(count: int) -> None:
            nonlocal done
            done = min(done + count, total)
            self.show(lambda: f"{done:,} of {total:,} {noun}", False)

        return add

    def show(self, text: Callable[[], str], ended: bool) -> None:
        """Show the text, if it is due or the work has ended."""
        if not ended and time.monotonic() - self.shown < self.seconds:
            return
        self.stream.write(f"{REWRITE}{text()}" if self.terminal else f"{text()}\n")
        self.stream.flush()
        self.shown, self.written = time.monotonic(), True

    def close(self) -> None:
        """End the line, if there is one."""
        if self.terminal and self.written:
            self.stream.write("\n")


def duration_text(seconds: float) -> str:
    """A duration, rounded up in a unit that suits it: 85 s, 12 min, 30 h, 5 days."""
    for unit, length, most in UNITS:
        if (count := math.ceil(seconds / length)) < most:
            return f"{count:,} {unit}"
    return f"{math.ceil(seconds / DAY):,} days"


def peak_memory() -> int:
    """The most bytes that this process has had in memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * KIBI


def size_text(size: float) -> str:
    """Bytes in a unit that suits them."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < KIBI or unit == "GiB":
            return f"{size:,.0f} {unit}" if size >= 10 or unit == "bytes" else f"{size:.1f} {unit}"
        size /= KIBI
    raise AssertionError

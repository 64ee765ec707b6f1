"""Signals: Ctrl-C and SIGTERM are the usual ways to stop a server, so they end it with exit status 0."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)


def exit_in_peace(number: int, frame: FrameType | None) -> None:
    """End the program as if it had come to its end."""
    raise SystemExit(0)


@contextlib.contextmanager
def peaceful_exit() -> Iterator[None]:
    """Let both signals end the program with status 0 during the block.

    The first process of a container gets no signal for which it has no handler, so the block begins before PyTorch is
    loaded, which takes seconds.
    """
    before = {number: signal.signal(number, exit_in_peace) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""Signals: Ctrl-C and SIGTERM are the usual ways to stop a server, so they end it with exit status 0."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)
BLOCKABLE = hasattr(signal, "pthread_sigmask")  # not on Windows


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
    if BLOCKABLE:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def block_signals() -> None:
    """Let both signals wait until ``peaceful_exit``, in this program or in one that replaces it."""
    if BLOCKABLE:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)

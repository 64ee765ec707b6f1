"""A session in a terminal: blocks are computed with a line of progress, and Ctrl-C ends it after those in progress."""

from collections.abc import Callable
from typing import Any, TextIO

from cliffscape.app.blocks.kept_blocks import KeptBlocks
from cliffscape.app.blocks.pool import BlockPool, PoolError
from cliffscape.app.blocks.work import Stop
from cliffscape.app.terminal import ProgressLine, catch_interruption

# Gets a text of the progress, and whether a phase has ended.
Show = Callable[[Callable[[], str], bool], None]
# Work with a pool that asks whether it is to stop; returns where it did, or nothing if it is complete.
Work = Callable[[BlockPool[Any, Any], Show, Callable[[], bool]], str]


def run_session(
    kept: KeptBlocks, pool: Callable[[], BlockPool[Any, Any]], work: Work, stream: TextIO, pieces: str
) -> Stop | None:
    """Do ``work``, with progress on ``stream``; returns why it stopped before its end, if it did.

    ``pieces`` names what ``kept`` keeps.

    Raises:
        BoundError: the folder belongs to something else, or ``pool`` or ``work`` refuses.
        OSError: a file cannot be written.
    """
    line = ProgressLine(stream)
    again = f"the same command continues with the {pieces} in {kept.folder}"
    # A pool may be refused, and then no folder is left.
    kept.check()
    with catch_interruption() as interruption:
        using = pool()
        try:
            with kept.open():
                place = work(using, line.show, lambda: interruption.time is not None)
        except KeyboardInterrupt:
            return Stop(f"stopped at once; {again}", interrupted=True)
        except PoolError as error:
            return Stop(f"{error}; {again}, and --processes takes fewer of them", interrupted=False)
        finally:
            using.cancel()
            line.close()
    return Stop(f"stopped {place}; {again}", interrupted=True) if place else None

"""Servers for the browser tests: `cliffscape serve`, each in a process of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.processes.forked import Forked, start

# asyncio writes this when a client disconnects during a response.
HARMLESS = ("socket.send() raised exception.",)


@contextmanager
def run_server(*options: str, expected: tuple[str, ...] = (), warm: bool = False) -> Iterator[tuple[str, Forked]]:
    """`cliffscape serve` on a free port: its address and its process.

    A line on its standard error fails the test, unless it is one of `expected`. The server writes one for every
    response that does not pass the check of responses. ``warm``: it prepares the opening page and compiles routines at
    its start, which takes a second of a core and is of use to a server of many visits only.
    """
    with tempfile.TemporaryFile("w+") as log:
        environment = {**os.environ, "CLIFFSCAPE_WARM": str(int(warm))}
        process = start(["serve", "--port", "0", *options], log, environment)
        words = process.stdout.readline().split()
        try:
            assert words, "the server ended before it printed its address"
            # "Cliffscape is at http://..."
            yield words[3].rstrip("/"), process
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()
            log.seek(0)
            complaints = [line for line in log if line.strip() not in (*HARMLESS, *expected)]
        assert not complaints, f"the server wrote: {''.join(complaints)}"

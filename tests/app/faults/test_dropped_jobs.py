"""Two hundred jobs begun and dropped: no descriptor or thread is left over, and memory stays within 5 %."""

import gc
import os
import threading
from pathlib import Path

from fastapi import FastAPI

from cliffscape.app.settings import Settings
from tests.app.exchange import Exchange, request_body
from tests.app.web.test_stream import with_app
from tests.landscapes.processes import needs_proc

JOBS = 200
SCENE = {"landscape": {"kind": "ravine"}, "clip": {"kind": "by_value"}}
OWN = Path("/proc/self")


def usage() -> tuple[int, int, int]:
    """Open descriptors, threads, and bytes of memory in use."""
    gc.collect()
    pages = int((OWN / "statm").read_text().split()[1])
    return len(list((OWN / "fd").iterdir())), threading.active_count(), pages * os.sysconf("SC_PAGE_SIZE")


async def drop_jobs(app: FastAPI, count: int) -> None:
    """Begin requests, and leave each after its first frame."""
    for _ in range(count):
        exchange = Exchange(app, request_body(SCENE, kinds=["surface", "relief"]))
        await exchange.bodies(1)
        exchange.leave()
        await exchange.finish()


@needs_proc
def test_nothing_grows(settings: Settings) -> None:
    async def body(app: FastAPI) -> None:
        # The first ones load modules and fill pools.
        await drop_jobs(app, JOBS // 4)
        before = usage()
        await drop_jobs(app, JOBS)
        after = usage()
        assert after[0] <= before[0]
        assert after[1] <= before[1]
        assert after[2] <= 1.05 * before[2]
        report = app.state.engine.worker.report()
        assert report["active"] + report["queued"] <= 1

    # Without a cache, so that every request is computed.
    with_app(settings.model_copy(update={"cache_bytes": 0, "compile": False}), body)

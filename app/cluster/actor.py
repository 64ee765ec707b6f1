"""The actor: a process of a cluster, with an engine of its own.

This module imports neither PyTorch nor Cliffscape's landscapes, so that an actor says within a second which version it
has. The engine is started by the first work.
"""

# ruff: noqa: PLC0415
import asyncio
import hashlib
import os
import pickle
import platform
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cliffscape.app.cluster.engine_start import Started
    from cliffscape.app.compute.job import Job

# An actor answers after this time even if it has no result yet.
HEARTBEAT_SECONDS = 1.0
# Bytes of results in one answer, from which the next result waits for the next one.
FULL_ANSWER = 4 << 20


class Answer(NamedTuple):
    """What an actor has of a job: results since the last answer, whether it has ended, and how it failed.

    ``kept`` is the state of its training run, if there is a new one.
    """

    results: list[Any]
    ended: bool = False
    failure: Exception | None = None
    kept: Any = None


def versions() -> dict[str, str]:
    """What must be the same in the web process and in all actors: Python, and a hash of Cliffscape's code."""
    code = hashlib.sha256()
    folder = Path(__file__).parent.parent
    for path in sorted((*folder.rglob("*.py"), *(folder.parent / "landscapes").rglob("*.py"))):
        code.update(path.read_bytes())
    return {"Python": platform.python_version(), "Cliffscape": code.hexdigest()[:12]}


@dataclass
class Work:
    """A job of the actor: the pickled order, the job on the worker, and the result that is being waited for."""

    order: bytes
    seconds: float
    begun: float = field(default_factory=time.monotonic)
    run: str = ""
    kept_at: float = 0.0
    job: "Job[Any] | None" = None
    following: asyncio.Future[Any] | None = None
    cancelled: bool = False


class ComputeActor:
    """An engine, and the jobs that the web process has sent. ``settings`` are those of the engine."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._works: dict[str, Work] = {}
        self._starting: asyncio.Future[Started] | None = None

    async def describe(self) -> dict[str, str]:
        """Its versions, before anything slow is imported."""
        return versions()

    async def prepare(self) -> bool:
        """Start the engine; returns whether it is ready."""
        return await self._started() is not None

    async def report(self) -> dict[str, float]:
        """Its process, the seconds of processor time that it has had, and the numbers of its jobs."""
        started = await self._started()
        load = started.engine.worker.report() if started else {}
        return {"process": os.getpid(), "seconds": time.process_time(), "jobs": len(self._works), **load}

    async def take(self, name: str, order: bytes = b"", seconds: float = 0.0) -> Answer:
        """The next results of the job ``name``; the first call has its ``order``, and the ``seconds`` it may take."""
        work = self._works.setdefault(name, Work(order, seconds))
        results: list[Any] = []
        try:
            started = await self._started()
            if started is None:
                return Answer(results)
            if work.job is None and not work.cancelled:
                found = pickle.loads(work.order)
                work.order, work.run = b"", found.run
                work.job = found.submit(started.engine, work.seconds - (time.monotonic() - work.begun))
            if await self._collect(work, results):
                raise StopAsyncIteration
        except StopAsyncIteration:
            self._works.pop(name, None)
            return Answer(results, True)
        except Exception as failure:
            self._works.pop(name, None)
            return Answer(results, True, portable(failure))
        work.kept_at, kept = started.kept.since(work.run, work.kept_at)
        return Answer(results, kept=kept)

    async def cancel(self, name: str) -> None:
        """Stop a job after its chunk."""
        work = self._works.pop(name, None)
        if work is not None:
            work.cancelled = True
            if work.job is not None:
                work.job.replace()

    async def _collect(self, work: Work, results: list[Any]) -> bool:
        """Wait for a result, and take those that are there. Returns whether the last one is among them."""
        job = work.job
        if job is None:
            return False
        if work.following is None:
            work.following = asyncio.ensure_future(anext(job))
        await asyncio.wait({work.following}, timeout=HEARTBEAT_SECONDS)
        if not work.following.done():
            return False
        following, work.following = work.following, None
        results.append(following.result())
        size = result_size(results[-1])
        while job.waiting and size < FULL_ANSWER:
            results.append(await anext(job))
            size += result_size(results[-1])
        return bool(results[-1].last)

    async def _started(self) -> "Started | None":
        """The engine, or None if it takes longer than a heartbeat to start."""
        if self._starting is None:
            self._starting = asyncio.ensure_future(asyncio.to_thread(start, self._settings))
        await asyncio.wait({self._starting}, timeout=HEARTBEAT_SECONDS)
        return self._starting.result() if self._starting.done() else None


def start(settings: Mapping[str, Any]) -> "Started":
    """The engine, in a thread: importing PyTorch takes seconds, and the actor is to answer meanwhile."""
    from cliffscape.app.cluster.engine_start import start_engine

    return start_engine(settings)


def result_size(result: Any) -> int:
    """Bytes of a result; only frames are large."""
    return len(result.content) if isinstance(result.content, bytes) else 0


def portable(failure: Exception) -> Exception:
    """The failure with a note where it was raised, or its text if it cannot be pickled."""
    failure.add_note(f"in an actor of the cluster:\n{''.join(traceback.format_exception(failure))}")
    try:
        pickle.loads(pickle.dumps(failure))
    except Exception:
        return RuntimeError("\n".join([str(failure), *failure.__notes__]))
    return failure

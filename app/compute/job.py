"""Jobs of the compute worker: their work, whom they are for, the queue of their results, and how they can fail."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)
JobGenerator = Generator[T | None, None, None]
# Bytes of results that may wait for a client that reads slowly or not at all. All frames of a Scene together are
# smaller, but a training run sends some for as long as it takes.
MOST_UNREAD = 16 << 20


class BusyError(Exception):
    """The worker has no free place; try again later."""


class CrowdedError(BusyError):
    """The client has too many unfinished jobs."""


class DeadlineError(Exception):
    """The job did not finish in time."""


class UnreadError(Exception):
    """The client did not read the job's results."""


class ReplacedError(Exception):
    """A newer request of the same sender replaces the job."""


class Sender(NamedTuple):
    """Who asks for a job: a client, and one of its lines of requests, of which only the newest counts."""

    client: str = ""
    line: str = ""


NOBODY = Sender()


class Results(Protocol[R_co]):
    """The results of a job, wherever it is computed. Iterate over it in asyncio, and ``cancel`` it at the end."""

    def cancel(self) -> None:
        """Stop before the next chunk."""

    def __aiter__(self) -> "Results[R_co]": ...

    async def __anext__(self) -> R_co: ...


class EndableJob(ABC):
    """What ends a job of a cluster from outside. Its results end, with the failure if there is one."""

    _failure: Exception | None = None

    def cancel(self) -> None:
        """Stop after the present chunks."""
        self._end("cancelled")

    def replace(self) -> None:
        """Stop, because a newer request replaces the job."""
        self._failure = ReplacedError()
        self._end("cancelled")

    def stop(self) -> None:
        """Stop, because the server ends."""
        self._failure = BusyError()
        self._end("cancelled")

    @abstractmethod
    def _end(self, how: str) -> None:
        """End once, and stop what is in progress."""


class Job(Generic[T]):
    """Work on the worker and the queue of its results. Iterate over it in asyncio, and ``cancel`` it at the end."""

    def __init__(
        self,
        work: JobGenerator[T],
        deadline: float,
        forget: Callable[["Job[Any]"], None],
        cost: Callable[[], float],
        sender: Sender,
        group: str = "",
    ) -> None:
        self.work = work
        self.deadline = deadline
        self.cost = cost
        self.sender = sender
        self.group = group
        self.started = self.cancelled = self.finished = False
        self._forget = forget
        self._loop = asyncio.get_running_loop()
        # Each is changed by one thread only: the worker's, and that of the event loop.
        self._delivered = self._taken = 0
        self._results: asyncio.Queue[tuple[T | None, Exception | None]] = asyncio.Queue()

    def cancel(self) -> None:
        """Stop before the next chunk."""
        self.cancelled = True
        self._forget(self)

    def replace(self) -> None:
        """Stop before the next chunk, because a newer request replaces the job."""
        self.cancel()
        self.deliver(None, ReplacedError())

    def deliver(self, result: T | None, failure: Exception | None = None) -> None:
        """Pass a result from the worker's thread to asyncio; None ends the job."""
        self._delivered += size_of(result)
        if self._delivered - self._taken > MOST_UNREAD:
            # The worker closes a cancelled job in its next turn.
            self.cancelled, result, failure = True, None, UnreadError()
        try:
            self._loop.call_soon_threadsafe(self._results.put_nowait, (result, failure))
        except RuntimeError:  # the event loop is closed
            self.cancelled = True

    @property
    def waiting(self) -> bool:
        """Whether a result waits to be taken."""
        return not self._results.empty()

    def __aiter__(self) -> "Job[T]":
        return self

    async def __anext__(self) -> T:
        result, failure = await self._results.get()
        if failure is not None:
            raise failure
        if result is None:
            raise StopAsyncIteration
        self._taken += size_of(result)
        return result


def size_of(result: object) -> int:
    """Bytes of a result; only frames are many or large."""
    return len(result) if isinstance(result, bytes) else 0

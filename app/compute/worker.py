"""The compute worker: one thread per device, on which jobs take turns.

A job's work is a generator. A turn is one ``next``: a chunk of work, short enough for thirty jobs to share the worker
and for cancelling, deadlines and shutdown to take effect soon. Results that are not None are passed to asyncio.
``turns.py`` decides whose turn it is.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from cliffscape.app.compute.admission import Admission
from cliffscape.app.compute.job import NOBODY, BusyError, DeadlineError, Job, JobGenerator, Sender
from cliffscape.app.compute.turns import Turns

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Worker:
    """One daemon thread. At most ``slots`` long jobs take turns; there are ``queue_length`` more jobs at most.

    A client has at most ``client_jobs`` unfinished jobs; 0 means no bound.
    """

    def __init__(self, name: str, slots: int, queue_length: int, client_jobs: int = 0) -> None:
        self.name = name
        self.queue_length = queue_length
        # A cancelled job only has to be closed.
        self.turns: Turns[Job[Any]] = Turns(
            slots, lambda job: 0 if job.cancelled else job.cost(), group=lambda job: job.group
        )
        self.admission: Admission[Job[Any]] = Admission(client_jobs)
        self.counts = {"chunks": 0, "completed": 0, "cancelled": 0, "failed": 0}
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"worker {self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current chunk; unfinished jobs fail with ``BusyError``."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def submit(
        self,
        work: JobGenerator[T],
        seconds: float,
        cost: Callable[[], float] = lambda: math.inf,
        sender: Sender = NOBODY,
        group: str = "",
    ) -> Job[T]:
        """Queue ``work``, with a deadline in ``seconds``; call from asyncio.

        ``cost`` gives the cost of its current part, in milliseconds of one core: short work comes before long work. The
        job replaces an older one of the same line of its ``sender``. Long jobs of a ``group`` end one after the other.

        Raises:
            BusyError: there is no free place, or the worker is stopping.
            CrowdedError: the client has too many unfinished jobs.
        """
        job = Job(work, time.monotonic() + seconds, self._forget, cost, sender, group)
        with self._changed:
            self.drop(sender)
            if self._stopping or len(self.turns) >= self.turns.slots + self.queue_length:
                raise BusyError
            self.admission.check(sender)
            self.admission.begin(job)
            self.turns.add(job)
            self._changed.notify()
        return job

    def drop(self, sender: Sender) -> None:
        """Stop the unfinished job of a sender's line."""
        with self._changed:
            self.admission.drop(sender)

    def report(self) -> dict[str, int]:
        """Counters: active and waiting jobs, chunks computed, and jobs completed, cancelled and failed."""
        waiting = len(self.turns.waiting)
        return {"active": len(self.turns) - waiting, "queued": waiting, **self.counts}

    def _run(self) -> None:
        while (job := self._next()) is not None:
            going = self._turn(job)
            with self._changed:
                self.turns.end_turn(going)
                if not going:
                    self._end(job)
        with self._changed:
            for job in self.turns.take_all():
                job.work.close()
                job.deliver(None, BusyError())
                self._end(job)

    def _next(self) -> Job[Any] | None:
        """The job whose turn it is; waits for one, and returns None when the worker stops."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or len(self.turns))
            return None if self._stopping else self.turns.next()

    def _end(self, job: Job[Any]) -> None:
        """Count a job as finished; it may be cancelled first and end later."""
        if job.finished:
            return
        job.finished = True
        self.admission.end(job)

    def _turn(self, job: Job[Any]) -> bool:
        """Compute one chunk of ``job``; returns whether the job goes on."""
        try:
            if job.cancelled:
                self.counts["cancelled"] += 1
                job.work.close()
                return False
            # Closing the work here runs its clean-up on this thread, as all other code of the job.
            if time.monotonic() > job.deadline:
                job.work.close()
                raise DeadlineError
            job.started = True
            result = next(job.work)
        except StopIteration:
            self.counts["completed"] += 1
            job.deliver(None)
        except Exception as failure:
            self.counts["failed"] += 1
            job.deliver(None, failure)
        else:
            self.counts["chunks"] += 1
            if result is not None:
                job.deliver(result)
            return True
        return False

    def _forget(self, job: Job[Any]) -> None:
        """Free the place of a job that is cancelled while it waits."""
        with self._changed:
            self._end(job)
            if job not in self.turns.waiting:
                return
            self.turns.waiting.remove(job)
            if job.started:
                # Its work is closed on the worker's thread, in a turn.
                self.turns.add(job)
            else:
                self.counts["cancelled"] += 1

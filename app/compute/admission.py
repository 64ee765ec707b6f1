"""Admission: which jobs of a client may be unfinished at the same time."""

from collections import Counter
from typing import Generic, Protocol, TypeVar

from cliffscape.app.compute.job import CrowdedError, Sender


class Sent(Protocol):
    """A job of a sender, which a newer one can replace."""

    sender: Sender

    def replace(self) -> None:
        """Stop, because a newer request replaces the job."""


J = TypeVar("J", bound=Sent)


class Admission(Generic[J]):
    """The unfinished job of every line, and how many each client has: ``client_jobs`` at most; 0 means no bound."""

    def __init__(self, client_jobs: int = 0) -> None:
        self.client_jobs = client_jobs
        self.newest: dict[Sender, J] = {}
        self.unfinished: Counter[str] = Counter()

    def drop(self, sender: Sender) -> None:
        """Stop the unfinished job of a sender's line."""
        older = self.newest.get(sender)
        if older is not None:
            older.replace()

    def check(self, sender: Sender) -> None:
        """Check that the sender's client may have one more job.

        Raises:
            CrowdedError: it has too many unfinished jobs.
        """
        if sender.client and 0 < self.client_jobs <= self.unfinished[sender.client]:
            raise CrowdedError

    def begin(self, job: J) -> None:
        """Count a job as unfinished."""
        if job.sender.line:
            self.newest[job.sender] = job
        self.unfinished[job.sender.client] += 1

    def end(self, job: J) -> None:
        """Count a job as finished."""
        if self.newest.get(job.sender) is job:
            del self.newest[job.sender]
        self.unfinished[job.sender.client] -= 1
        if not self.unfinished[job.sender.client]:
            del self.unfinished[job.sender.client]

"""The actor that computes whole blocks, one at a time, as a process of this machine does.

This module imports neither PyTorch nor Cliffscape's landscapes, so that an actor says within a second which version it
has.
"""

# ruff: noqa: PLC0415
import os
import pickle
import signal
from collections.abc import Mapping
from typing import Any

from cliffscape.app.cluster.actor import portable, versions

PREFIX = "CLIFFSCAPE_"
# One computes, and the other one answers.
THREADS = 2


def own_environment() -> dict[str, str]:
    """The settings of this process that its environment has."""
    return {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}


class BlockActor:
    """It has no state but what it was prepared with, so another one computes the same results."""

    def __init__(self) -> None:
        # A terminal sends Ctrl-C to all processes that it has started. It is left to the first process.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._compute: Any = None

    def describe(self) -> dict[str, str]:
        """Its versions, before anything slow is imported."""
        return versions()

    def answers(self) -> bool:
        """Whether it still answers, while it computes."""
        return True

    def prepare(self, compute: bytes, environment: Mapping[str, str], text: str) -> tuple[dict[str, str], int]:
        """Take over the function, the settings and the text of the first process; returns its versions and process."""
        for name in own_environment():
            del os.environ[name]
        os.environ.update(environment)
        from cliffscape.app.blocks.local_processes import prepare_process
        from cliffscape.landscapes.networks.tasks.text import DefaultText

        prepare_process((), None)
        DefaultText.text = text
        self._compute = pickle.loads(compute)
        return versions(), os.getpid()

    def compute(self, block: bytes) -> bytes | Exception:
        """The pickled result of a pickled block, or the error. Arrays that Ray reads itself cannot be written to."""
        try:
            return pickle.dumps(self._compute(pickle.loads(block)))
        except Exception as failure:
            return portable(failure)

"""A training run in a terminal: it shows its progress, and Ctrl-C ends it after the present block of updates."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TextIO

import torch

from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.runs.training_result import progress_text
from cliffscape.app.scene.schema import Scene

# Seconds that a block of updates takes, and seconds between two lines of progress in a terminal and in a file.
BLOCK_SECONDS, TERMINAL_SECONDS, FILE_SECONDS = 0.2, 0.5, 10.0
AGAIN_SECONDS = 1.0
# Return to the start of the line, and clear it.
REWRITE = "\r\x1b[K"


@dataclass
class Interruption:
    """When Ctrl-C was pressed for the first time; None if it has not been."""

    time: float | None = None


@contextmanager
def catch_interruption() -> Iterator[Interruption]:
    """Note Ctrl-C instead of raising ``KeyboardInterrupt``; pressed again later, it raises."""
    found = Interruption()

    def note(number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if found.time is None:
            found.time = now
        # Programs that start this one may pass on a Ctrl-C that it has also received itself.
        elif now - found.time > AGAIN_SECONDS:
            raise KeyboardInterrupt

    usual = signal.signal(signal.SIGINT, note)
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, usual or signal.SIG_DFL)


class ProgressLine:
    """The progress of a run: one line that is rewritten in a terminal, and a line now and then in a file."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.terminal = stream.isatty()
        self.seconds = TERMINAL_SECONDS if self.terminal else FILE_SECONDS
        self.shown = time.monotonic()

    def show(self, run: TrainingRun, total: int) -> None:
        """Show the progress, if it is due or the run has ended."""
        if run.done < total and time.monotonic() - self.shown < self.seconds:
            return
        text = progress_text(run.done, total, run.pace)
        self.stream.write(f"{REWRITE}{text}" if self.terminal else f"{text}\n")
        self.stream.flush()
        self.shown = time.monotonic()

    def close(self) -> None:
        """End the line."""
        if self.terminal:
            self.stream.write("\n")


def train_scene(scene: Scene, device: torch.device | str, stream: TextIO) -> TrainingRun:
    """Train the Scene's network, with progress on ``stream``. After Ctrl-C the run has fewer updates than the Scene."""
    line = ProgressLine(stream)
    with catch_interruption() as interruption:
        run = initial_run(scene, device)
        while run.done < scene.updates and interruption.time is None:
            run.advance(scene.updates, BLOCK_SECONDS)
            line.show(run, scene.updates)
    line.close()
    return run

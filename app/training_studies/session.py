"""A study in a terminal: it shows its progress, and Ctrl-C ends it after the blocks in progress."""

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from cliffscape.app.blocks.kept_blocks import KeptBlocks
from cliffscape.app.blocks.pool import BlockPool
from cliffscape.app.blocks.session import Show, run_session
from cliffscape.app.blocks.work import Stop
from cliffscape.app.training_studies.study import Study
from cliffscape.app.training_studies.study_work import StudyWork
from cliffscape.app.training_studies.training_block import State, TrainingBlock


def compute_study(
    study: Study, out: Path, pool: Callable[[], BlockPool[TrainingBlock, State]], stream: TextIO
) -> Stop | None:
    """Run a study, with progress on ``stream``; returns why it stopped before its end, if it did.

    Raises:
        BoundError: the folder belongs to something else.
        OSError: a file cannot be written.
    """
    kept = KeptBlocks(out, study.claim)

    def train(using: BlockPool[TrainingBlock, State], show: Show, stopped: Callable[[], bool]) -> str:
        work = StudyWork(study, kept, show)
        complete = work.run(using, stopped)
        return "" if complete else f"after {work.finished:,} of {len(work.trainings):,} trainings"

    return run_session(kept, pool, train, stream, "states")

"""Small studies, whose sequences are counted often and in small numbers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from cliffscape.app.blocks.kept_blocks import KeptBlocks
from cliffscape.app.blocks.local_processes import stored_libraries
from cliffscape.app.blocks.pool import SerialPool
from cliffscape.app.training_studies import study, training_block
from cliffscape.app.training_studies.study import Study
from cliffscape.app.training_studies.study_work import StudyWork
from cliffscape.app.training_studies.training_block import State, TrainingBlock, compute_block
from cliffscape.landscapes.networks.compiled.cells import COMPILED

SMALL = Study((4, 6), (0.5, 2.0), (0.1,), 2, 30)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counts of twenty sequences after every ten updates, which are a block."""
    monkeypatch.setattr(COMPILED, "load", COMPILED.load)
    monkeypatch.setattr(study, "FEWEST", 10)
    monkeypatch.setattr(study, "BLOCK_SECONDS", 0.0)
    monkeypatch.setattr(training_block, "FRESH", 20)
    stored_libraries.cache_clear()
    yield
    stored_libraries.cache_clear()


def run_study(
    chosen: Study, folder: Path, compute: Callable[[TrainingBlock], State] = compute_block, stop_after: int = 10**9
) -> bool:
    """Run a study; returns whether it is complete, or has stopped after some blocks."""
    blocks = list[TrainingBlock]()

    def counted(block: TrainingBlock) -> State:
        blocks.append(block)
        return compute(block)

    kept = KeptBlocks(folder, chosen.claim)
    with kept.open():
        return StudyWork(chosen, kept).run(SerialPool(counted), lambda: len(blocks) >= stop_after)


def state_of(updates: int, solved_after: int = 0, diverged_at: int = 0) -> State:
    """A state without parameters."""
    values = {"updates": updates, "solved_after": solved_after, "diverged_at": diverged_at, "error": 0.5}
    return {name: np.array(float(value)) for name, value in {**values, "largest_gradient_norm": 3.0}.items()}

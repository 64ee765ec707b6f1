"""The work on a study: its trainings in blocks, whose states are kept, and its results; and what it will cost."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cliffscape.app.blocks.kept_blocks import KeptBlocks, write_atomically
from cliffscape.app.blocks.pool import BlockPool
from cliffscape.app.blocks.work import compute_blocks
from cliffscape.app.terminal import duration_text, peak_memory, size_text
from cliffscape.app.training_studies.results import Finished, to_csv, to_json
from cliffscape.app.training_studies.study import Study, Training, predicted_seconds
from cliffscape.app.training_studies.training_block import (
    RESULTS,
    State,
    TrainingBlock,
    compute_block,
    is_finished,
)

TABLE, SUMMARY = "trainings.csv", "summary.json"
# Updates of which the plan measures how long they take, after those that compile and warm up.
MEASURED, FIRST = 40, 5
# Seconds of predicted work that are worth a process of its own, which takes seconds to start.
WORTHWHILE = 10.0
predicted = lru_cache(maxsize=None)(predicted_seconds)


@dataclass
class StudyWork:
    """A study and the folder of its results. ``show`` gets a text of the progress, and whether the work has ended."""

    study: Study
    kept: KeptBlocks
    show: Callable[[Callable[[], str], bool], None] = lambda text, ended: None

    def __post_init__(self) -> None:
        self.trainings = self.study.trainings()
        self.finished = 0
        # Predicted seconds: of all updates, of those that are done, and of those that this command has done.
        self.total = sum(self.study.updates * predicted(one.length) for one in self.trainings)
        self.done = self.computed = 0.0
        self.began = time.monotonic()

    def run(self, pool: BlockPool[TrainingBlock, State], stopped: Callable[[], bool]) -> bool:
        """Train what is missing, and write the results so far; returns whether all trainings are finished.

        Raises:
            OSError: a file cannot be written.
        """
        compute_blocks(pool, self.missing(), self.keep, stopped)
        finished = self.results()
        write_atomically(self.kept.folder / TABLE, to_csv(finished))
        write_atomically(self.kept.folder / SUMMARY, to_json(self.study, finished))
        return len(finished) == len(self.trainings)

    def missing(self) -> Iterator[TrainingBlock]:
        """The next block of every training that is not finished."""
        for number, training in enumerate(self.trainings):
            first = TrainingBlock(number, training, self.study.every, 0)
            state = self.kept.load(first.name) if self.kept.holds(first.name) else None
            if state is not None:
                self.count(training, 0, state)
            if (block := self.after(first, state)) is not None:
                yield block

    def after(self, block: TrainingBlock, state: State | None) -> TrainingBlock | None:
        """The block that follows, or None if the training is finished."""
        updates, done = self.study.updates, 0 if state is None else int(state["updates"])
        if state is not None and is_finished(state, updates):
            return None
        last = min(updates, done + self.study.block_updates(block.training.length))
        return block._replace(last=last, state=state)

    def keep(self, block: TrainingBlock, state: State) -> TrainingBlock | None:
        """Keep the state after a block; of a training that is finished, only its results."""
        ended = is_finished(state, self.study.updates)
        self.kept.keep(block.name, {name: state[name] for name in (RESULTS if ended else state)})
        before = 0 if block.state is None else int(block.state["updates"])
        self.computed += (int(state["updates"]) - before) * predicted(block.training.length)
        self.count(block.training, before, state)
        return self.after(block, state)

    def count(self, training: Training, before: int, state: State) -> None:
        """Count the updates of a block, all of them if the training has ended, and show the progress."""
        ended = is_finished(state, self.study.updates)
        self.finished += ended
        done = self.study.updates if ended else int(state["updates"])
        self.done += (done - before) * predicted(training.length)
        self.show(self.text, self.finished == len(self.trainings))

    def text(self) -> str:
        """The line of progress."""
        said = f"{self.finished:,} of {len(self.trainings):,} trainings"
        if not self.computed or self.finished == len(self.trainings):
            return said
        seconds = (time.monotonic() - self.began) * (self.total - self.done) / self.computed
        return f"{said}; at most {duration_text(seconds)} left"

    def results(self) -> Finished:
        """The results of all trainings that are finished, the shortest sequences first."""
        found: dict[Training, State] = {}
        for number, training in enumerate(self.trainings):
            name = TrainingBlock(number, training, 1, 0).name
            if self.kept.holds(name):
                state = self.kept.load(name)
                if is_finished(state, self.study.updates):
                    found[training] = state
        return dict(sorted(found.items(), key=lambda one: one[0]._replace(threshold=one[0].threshold or 0)))


def useful_processes(study: Study) -> int:
    """How many processes are worth starting for a study."""
    trainings = study.trainings()
    seconds = sum(study.updates * predicted(one.length) for one in trainings)
    return min(len(trainings), int(seconds / WORTHWHILE))


def measure_training(length: int, study: Study) -> tuple[float, float]:
    """Seconds of an update and of counting unseen sequences, measured on a block."""
    training = Training(length, study.learning_rates[0], study.thresholds[0], 0)
    state = compute_block(TrainingBlock(0, training, FIRST, FIRST))
    seconds = []
    for updates in (1, 1 + MEASURED):
        began = time.perf_counter()
        last = FIRST + updates
        compute_block(TrainingBlock(0, training, updates, last, state))
        seconds.append(time.perf_counter() - began)
    each = max(0.0, seconds[1] - seconds[0]) / MEASURED
    return each, max(0.0, seconds[0] - each)


def study_plan(study: Study, processes: int) -> list[str]:
    """What the study will cost at most, a line for each thing."""
    lengths = sorted({min(study.lengths), max(study.lengths)})
    measured = {length: measure_training(length, study) for length in lengths}
    each, count = (np.array([one[k] for one in measured.values()]) for k in (0, 1))
    counts = -(-study.updates // study.every)
    total = 0.0
    for one in study.trainings():
        total += study.updates * float(np.interp(one.length, lengths, each))
        total += counts * float(np.interp(one.length, lengths, count))
    said = "one process" if processes == 1 else f"{processes} processes"
    return [
        f"{len(study.trainings()):,} trainings of {study.updates:,} updates",
        *(
            f"sequences of {length} steps: an update took {1000 * update:.2f} ms, "
            f"counting errors after every {study.every:,} of them {1000 * counting:.0f} ms"
            for length, (update, counting) in measured.items()
        ),
        f"time: at most {duration_text(total / processes)} in {said}; trainings that are solved or diverge end earlier",
        f"memory: about {size_text(peak_memory())}" + (f" in each of {said}" if processes > 1 else ""),
    ]

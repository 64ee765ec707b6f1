"""The work on a study: after any interruption it continues, and the results have the same bytes."""

import math
from pathlib import Path

import pytest

from cliffscape.app.blocks.kept_blocks import KeptBlocks
from cliffscape.app.training_studies import study_work
from cliffscape.app.training_studies.study import Study
from cliffscape.app.training_studies.study_work import SUMMARY, TABLE, StudyWork, study_plan, useful_processes
from cliffscape.app.training_studies.training_block import RESULTS, State, TrainingBlock, compute_block
from tests.app.training_studies.small_studies import SMALL, quick, run_study, state_of

__all__ = ["quick"]


@pytest.mark.usefixtures("quick")
def test_an_interrupted_study_has_the_same_bytes(tmp_path: Path) -> None:
    whole, folder, computed = tmp_path / "whole", tmp_path / "results", list[tuple[str, int]]()
    every, calls = list[tuple[str, int]](), 0

    def counted(block: TrainingBlock) -> State:
        every.append((block.name, block.last))
        return compute_block(block)

    assert run_study(SMALL, whole, counted)

    def noted(block: TrainingBlock) -> State:
        nonlocal calls
        calls += 1
        if calls == 8:
            raise SystemExit(9)
        computed.append((block.name, block.last))
        return compute_block(block)

    # Stopped in the middle of a training, then killed in another one.
    assert not run_study(SMALL, folder, noted, stop_after=5)
    assert (folder / TABLE).read_text().count("\n") == 1 + 1
    with pytest.raises(SystemExit):
        run_study(SMALL, folder, noted)
    assert run_study(SMALL, folder, noted)
    # No block was computed twice, and some trainings are solved before their last block.
    assert sorted(computed) == sorted(every)
    assert len(SMALL.trainings()) * 2 < len(every)
    for name in (TABLE, SUMMARY):
        assert (folder / name).read_bytes() == (whole / name).read_bytes()
    kept = KeptBlocks(folder, SMALL.claim)
    assert [*kept.load("training-000000")] == [*RESULTS]


def test_progress_counts_a_training_that_ends_early_as_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_work, "predicted", lambda length: 1.0)
    said = list[tuple[str, bool]]()
    chosen = Study((9,), (), (0.1,), 2, 1000)
    kept = KeptBlocks(tmp_path / "results", chosen.claim)
    with kept.open():
        work = StudyWork(chosen, kept, lambda text, ended: said.append((text(), ended)))
        first, second = work.missing()
        monkeypatch.setattr("time.monotonic", lambda: work.began + 5)
        half = work.keep(first, state_of(500))
        assert half is not None and half.state is not None and half.state["updates"] == 500
        assert work.keep(half, state_of(600, solved_after=600)) is None
        assert work.keep(second, state_of(1000)) is None
    assert said == [
        ("0 of 2 trainings; at most 15 s left", False),
        ("1 of 2 trainings; at most 9 s left", False),
        ("2 of 2 trainings", True),
    ]


def test_the_plan_has_the_numbers_of_a_measured_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which an update takes a second per step of the sequence, and a count half a minute."""
    clock = [0.0]

    def timed(block: TrainingBlock) -> State:
        done = 0 if block.state is None else int(block.state["updates"])
        clock[0] += (block.last - done) * block.training.length + 30
        return state_of(block.last)

    monkeypatch.setattr(study_work, "compute_block", timed)
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])
    monkeypatch.setattr(study_work, "peak_memory", lambda: 300 << 20)
    lines = study_plan(Study((10, 20, 30), (1.0,), (0.1,), 1, 1000), 2)
    seconds = (2 * 1000 * (10 + 20 + 30) + 6 * 4 * 30) / 2
    assert lines == [
        "6 trainings of 1,000 updates",
        "sequences of 10 steps: an update took 10000.00 ms, counting errors after every 250 of them 30000 ms",
        "sequences of 30 steps: an update took 30000.00 ms, counting errors after every 250 of them 30000 ms",
        f"time: at most {math.ceil(seconds / 3600)} h in 2 processes; trainings that are solved or diverge end earlier",
        "memory: about 300 MiB in each of 2 processes",
    ]


def test_a_small_study_needs_no_further_process() -> None:
    assert useful_processes(SMALL) == 0
    assert useful_processes(Study((250,), (1.0,), (0.01,), 2, 5_000_000)) == 4

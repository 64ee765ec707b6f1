"""Compiled routines: nothing waits for them, the newest are compiled first, and without a compiler there are none."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from cliffscape.app.compute import compiled
from cliffscape.app.compute.compiled import WAITING, Routines, SharedRoutine
from cliffscape.app.compute.cores import Cores
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import Routine, SweepRecipe
from cliffscape.landscapes.descent.sweep import Lanes, sweep
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests.routes import ROUTES, needs_compiler


def recipe(length: int = 3) -> SweepRecipe:
    """A recipe whose routine depends on its sequence length."""
    structural = {"sequence_length": length}
    return SweepRecipe("one_unit_rnn", "gradient_descent", "none", structural=structural)


def test_there_is_no_routine_before_it_is_compiled() -> None:
    known = Routines()
    assert known.get(recipe()) is None
    made = known.wait(recipe())
    assert (made is not None) == ("native" in ROUTES)
    assert known.get(recipe()) is made


def test_routines_depend_on_structure_and_swept_parameters_but_not_on_values() -> None:
    known = Routines()
    made = known.wait(recipe())
    values = {"optimizer.learning_rate": 0.3}
    same = SweepRecipe("one_unit_rnn", "gradient_descent", "none", structural={"sequence_length": 3}, values=values)
    assert known.get(same) is made
    others = [
        known.wait(recipe(4)),
        known.wait(recipe(), ("optimizer.learning_rate",)),
        known.wait(SurfaceRecipe("saddle")),
    ]
    assert len({id(one) for one in [made, *others] if one is not None}) in (0, 4)


def test_the_newest_come_first_and_the_oldest_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go, order = threading.Event(), threading.Event(), []

    def compile_slowly(one: SweepRecipe, *_: object) -> None:
        order.append(one.structural["sequence_length"])
        begun.set()
        go.wait(10)

    monkeypatch.setattr(compiled, "compile_routine", compile_slowly)
    known = Routines()
    known.get(recipe(1))
    assert begun.wait(10)
    for length in range(2, 2 + WAITING + 3):
        known.get(recipe(length))
    go.set()
    known.wait(recipe(2 + WAITING + 2))
    known.wait(recipe(5))
    assert order == [1, 8, 7, 6, 5]


def test_an_untraceable_recipe_has_no_routine_and_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def refuse(self: SweepRecipe) -> None:
        calls.append(self)
        raise UntraceableError("no scalar form")

    monkeypatch.setattr(SweepRecipe, "routine", refuse)
    known = Routines()
    assert known.wait(recipe()) is None
    assert known.get(recipe()) is None
    assert len(calls) == 1


def test_a_failure_is_logged_and_pytorch_takes_the_steps(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(compiled.c_compiler, "compile_routine", lambda *_: 1 / 0)
    assert Routines().wait(recipe()) is None
    assert "PyTorch takes its steps" in caplog.text


def test_the_number_of_routines_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled.c_compiler, "compile_routine", lambda *_: None)
    known = Routines(most=1)
    known.wait(recipe(1))
    assert known.wait(recipe(2)) is None
    assert known.get(recipe(2)) is None


def test_a_process_can_exit_during_compiling(tmp_path: Path) -> None:
    """At once, and without a core dump."""
    slow = tmp_path / "cc"
    slow.write_text("#!/bin/sh\nexec sleep 100\n")
    slow.chmod(0o755)
    code = (
        "import time; from tests.app.compute.test_compiled import Routines, recipe;"
        "Routines().get(recipe()); time.sleep(2)"
    )
    done = subprocess.run(
        # The compiler takes 100 seconds; a process that waits for it is killed, and the test fails.
        [sys.executable, "-c", code],
        env={**os.environ, "CC": str(slow)},
        capture_output=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_routines_for_a_gpu_are_compiled_by_nvrtc(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def compile_routine(routine: Routine, swept: tuple[str, ...], device: torch.device) -> None:
        asked.append((routine.columns[:2], swept, device.type))

    monkeypatch.setattr(compiled.cuda, "compile_routine", compile_routine)
    Routines(device="cuda").wait(recipe(), ("clip.threshold",))
    assert asked == [(("x", "y"), ("clip.threshold",), "cuda")]


@needs_compiler
def test_lanes_shared_by_cores_take_the_same_steps() -> None:
    """To the last bit, as no lane depends on the others; also with more parts than cores, and lanes that stop early."""
    starts = LANDSCAPES["one_unit_rnn"].window.grid(37, 37).reshape(-1, 2)
    run = SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm")
    lanes = Lanes(starts, {"optimizer.learning_rate": torch.linspace(0.01, 2, len(starts), dtype=torch.float64)})
    names = tuple(lanes.own)
    cores = Cores(3)
    alone, shared = (known.wait(run, names) for known in (Routines(), Routines(cores=cores)))
    assert isinstance(shared, SharedRoutine) and len(starts) > 2 * compiled.LANES
    found, expected = (run_to_end(sweep(run, lanes, 40, lambda one=one: one)) for one in (shared, alone))
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one.nan_to_num(), other.nan_to_num())
    cores.close()

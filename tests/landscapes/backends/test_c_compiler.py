"""Compiled routines equal PyTorch, and without a compiler there is no routine and no error."""

import errno
import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends import c_compiler
from cliffscape.landscapes.backends.c_compiler import CompiledRoutine, compile_routine, compiler
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import Routine, SweepRecipe, initial_row, step_row
from cliffscape.landscapes.tracing.program import Program
from cliffscape.landscapes.tracing.trace import trace
from tests.landscapes.processes import is_running, needs_proc
from tests.reference import tensor
from tests.routes import RECIPES, needs_compiler
from tests.routes import native as compiled_recipe

STEPS = 10
POLYNOMIAL = {"rosenbrock", "himmelblau", "beale", "saddle"}


def check_steps(recipe: SweepRecipe, routine: CompiledRoutine, bound: float) -> None:
    """Check that a recipe's compiled steps from starts all over its window are PyTorch's."""
    measure, clip, optimizer = recipe.build(recipe.parameters)
    window = LANDSCAPES[recipe.landscape].window
    row = initial_row(window.grid(9, 9).reshape(-1, 2), clip, optimizer)
    columns = row.columns().contiguous()
    routine.advance(columns, recipe.parameters, columns.new_empty(0, 81), STEPS)
    for _ in range(STEPS):
        row = step_row(measure, clip, optimizer, row, recipe.parameters["solved"], recipe.diagonal)
    expected = row.columns()
    assert torch.equal(columns.isfinite(), expected.isfinite())
    finite = expected.isfinite()
    torch.testing.assert_close(columns[finite], expected[finite], rtol=bound, atol=bound)


@needs_compiler
@pytest.mark.parametrize("name", RECIPES)
def test_compiled_steps_equal_those_of_pytorch(name: str) -> None:
    check_steps(RECIPES[name], compiled_recipe(RECIPES[name]), 1e-13 if name in POLYNOMIAL else 1e-9)


@needs_compiler
def test_compiled_steps_with_parameters_per_lane() -> None:
    recipe = SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm")
    names = ("optimizer.learning_rate", "clip.threshold", "landscape.target")
    own = tensor([0.1, 0.5, 0.9], [0.2, 3.0, 0.1], [0.7, 0.6, 0.5]).T.contiguous()
    given = {name: row.unsqueeze(-1) for name, row in zip(names, own, strict=True)}
    measure, clip, optimizer = recipe.build({**recipe.parameters, **given})
    row = initial_row(tensor([[4.6, -1.7]] * 3), clip, optimizer)
    columns = row.columns().contiguous()
    compiled_recipe(recipe, names).advance(columns, recipe.parameters, own, STEPS)
    for _ in range(STEPS):
        row = step_row(measure, clip, optimizer, row, recipe.parameters["solved"], recipe.diagonal)
    torch.testing.assert_close(columns, row.columns(), rtol=1e-9, atol=1e-12)


@needs_compiler
@pytest.mark.parametrize("lanes", [1, 63, 64, 65, 200])
def test_a_lane_does_not_depend_on_the_number_of_lanes(lanes: int) -> None:
    recipe = RECIPES["saddle"]
    _, clip, optimizer = recipe.build(recipe.parameters)
    starts = torch.linspace(-1, 1, 2 * lanes, dtype=torch.float64).reshape(-1, 2)
    whole = initial_row(starts, clip, optimizer).columns().contiguous()
    alone = whole[:, -1:].clone()
    for columns in (whole, alone):
        compiled_recipe(recipe).advance(columns, recipe.parameters, columns.new_empty(0, columns.shape[1]), STEPS)
    assert torch.equal(whole[:, -1:], alone)


def routine_of(function: Callable[[Tensor, Tensor], Tensor]) -> Routine:
    """A program that puts ``function(x, y)`` into x."""
    program = Program()
    x, y = (torch.tensor(0.5, dtype=torch.float64) for _ in range(2))
    known = [(x, program_input(program, "x")), (y, program_input(program, "y"))]
    (result,) = trace(program, lambda: function(x, y), known)
    return Routine(program, ("x", "y"), (), {"x": result, "y": program.input("y")})


def program_input(program: Program, name: str) -> object:
    """An input as an array of no dimension."""
    import numpy as np  # noqa: PLC0415 - only here

    return np.asarray(program.input(name), dtype=object)


SPECIAL = [0.0, -0.0, 0.3, -1.7, 2.5, 40.0, -40.0, 800.0, -800.0, 1e200, math.inf, -math.inf, math.nan]
FUNCTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "exp": lambda x, y: torch.exp(x),
    "log": lambda x, y: torch.log(x),
    "tanh": lambda x, y: torch.tanh(x),
    "sin": lambda x, y: torch.sin(x),
    "cos": lambda x, y: torch.cos(x),
    "sigmoid": lambda x, y: torch.sigmoid(x),
    "sqrt": lambda x, y: torch.sqrt(x),
    "sign": lambda x, y: torch.sign(x),
    "abs": lambda x, y: x.abs(),
    "floor": lambda x, y: torch.floor(x),
    "max": torch.maximum,
    "min": torch.minimum,
    "pow": torch.pow,
    "remainder": torch.remainder,
    "comparisons": lambda x, y: torch.where((x < y) & ~(x == 0) | x.ne(x), x - y, x / y),
}


@needs_compiler
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_operation_at_the_edges(name: str) -> None:
    x, y = torch.meshgrid(tensor(SPECIAL), tensor(SPECIAL), indexing="ij")
    x, y = x.reshape(-1), y.reshape(-1)
    if name in ("remainder", "sin", "cos"):
        # Quotients and angles beyond float64's whole numbers are not met by any landscape.
        small = (x.abs() < 1e3) & (y.abs() < 1e3)
        x, y = x[small], y[small]
    routine = compile_routine(routine_of(FUNCTIONS[name]))
    assert routine is not None
    columns = torch.stack([x, y]).contiguous()
    routine.advance(columns, {}, columns.new_empty(0, len(x)), 1)
    torch.testing.assert_close(columns[0], FUNCTIONS[name](x, y), rtol=2e-15, atol=0, equal_nan=True)


@needs_compiler
def test_single_precision() -> None:
    routine = compile_routine(routine_of(FUNCTIONS["sigmoid"]), dtype=torch.float32)
    assert routine is not None
    columns = torch.linspace(-20, 20, 200).reshape(2, 100).contiguous()
    expected = torch.sigmoid(columns[0].double())
    routine.advance(columns, {}, columns.new_empty(0, 100), 1)
    torch.testing.assert_close(columns[0].double(), expected, rtol=1e-6, atol=0)
    with pytest.raises(ValueError, match=r"columns must be contiguous, torch\.float32"):
        routine.advance(columns.double(), {}, columns.new_empty(0, 100), 1)


def test_without_a_compiler_there_is_no_routine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert compiler() is None
    assert compile_routine(routine_of(FUNCTIONS["exp"])) is None


@pytest.mark.parametrize("script", ["exit 1", 'touch "$5"; exit 0'])
def test_a_compiler_that_fails_gives_no_routine(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "cc"
    broken.write_text(f"#!/bin/sh\n{script}\n")
    broken.chmod(0o755)
    monkeypatch.setattr(c_compiler, "compiler", lambda: str(broken))
    assert compile_routine(routine_of(FUNCTIONS["exp"])) is None


def test_the_compiler_that_cc_names_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own-compiler"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("CC", str(own))
    assert compiler() == str(own)


def fake_compiler(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a shell script be the compiler."""
    program = folder / "cc"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(c_compiler, "compiler", lambda: str(program))


@needs_proc
def test_a_compiler_that_takes_too_long_ends_with_the_programs_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``cc`` starts ``cc1``, which does the work."""
    fake_compiler(tmp_path, f"sleep 100 &\necho $! >> {tmp_path}/started\nwait", monkeypatch)
    monkeypatch.setattr(c_compiler, "TIMEOUT_SECONDS", 0.5)
    assert compile_routine(routine_of(FUNCTIONS["exp"])) is None
    started = [int(line) for line in (tmp_path / "started").read_text().split()]
    assert len(started) == len(c_compiler.ATTEMPTS)
    until = time.monotonic() + 20
    while any(map(is_running, started)):
        assert time.monotonic() < until, "a program of the compiler goes on"
        time.sleep(0.01)


@needs_compiler
def test_a_compiler_that_is_killed_once_compiles_with_the_same_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = compiler()
    once = f"mkdir {tmp_path}/killed 2>/dev/null && kill -9 $$"
    fake_compiler(tmp_path, f'{once}\necho "$@" >> {tmp_path}/calls\nexec {real} "$@"', monkeypatch)
    assert compile_routine(routine_of(FUNCTIONS["exp"])) is not None
    assert (tmp_path / "killed").is_dir()
    assert "-DVECTORS" in (tmp_path / "calls").read_text().splitlines()[0]


def test_a_compiler_that_is_killed_every_time_gives_no_routine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_compiler(tmp_path, "kill -9 $$", monkeypatch)
    assert compile_routine(routine_of(FUNCTIONS["exp"])) is None


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS], ids=["full", "read-only"])
def test_without_a_folder_for_temporary_files_there_is_no_routine(
    number: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(c_compiler.tempfile, "mkdtemp", fail)
    monkeypatch.setattr(c_compiler, "compiler", lambda: "/bin/true")
    assert compile_routine(routine_of(FUNCTIONS["exp"])) is None
    assert f"no folder for compiled routines ({os.strerror(number)})" in caplog.text
    assert "Traceback" not in caplog.text

"""The ways to take the steps of a sweep on this machine: in PyTorch, and compiled if there is a compiler."""

import ctypes
import functools
from pathlib import Path
from typing import Any

import pytest
import torch

from cliffscape.landscapes.backends.c_compiler import CompiledRoutine, compile_routine, compiler, run_compiler
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.declare import Family
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.outcome import RunResult
from cliffscape.landscapes.descent.sweep import Lanes, Stepper, sweep
from cliffscape.landscapes.generators import run_to_end

ROUTES = ["eager", *(["native"] if compiler() else [])]
# Of 2,995 runs of 1,000 steps, compiled ones take a second and those in PyTorch 20.
FASTEST = ROUTES[-1]
# The app needs no compiler, so neither do its tests; .ci/run makes sure that there is one.
needs_compiler = pytest.mark.skipif(
    "native" not in ROUTES,
    reason="compiled routines need a C compiler, and this machine has none",
)
# Small enough to compile in a second, large enough to be the same kind of program.
STRUCTURES = {"repeated_composition": {"hidden_units": 4, "repetitions": 3}, "one_unit_rnn": {"sequence_length": 20}}
COMPILED: dict[tuple[object, ...], CompiledRoutine] = {}


def traceable_kinds(family: Family[Any]) -> list[str]:
    """The kinds that have kernels and routines; the others declare why they have none."""
    return [entry.kind for entry in family if not entry.no_kernel]


def recipes() -> dict[str, SweepRecipe]:
    """Recipes that have every entry of the catalogue in one of them.

    Each landscape is in one of its own. The others are on the saddle, an optimizer, a clip and a schedule at a time,
    since compiling takes most of the time.
    """
    found = {kind: recipe_of(kind, "gradient_descent", "by_norm", "constant") for kind in traceable_kinds(LANDSCAPES)}
    families = [traceable_kinds(family) for family in (OPTIMIZERS, CLIPS, SCHEDULES)]
    for k in range(max(map(len, families))):
        chosen = [family[k % len(family)] for family in families]
        found["-".join(chosen)] = recipe_of("saddle", *chosen)
    return found


def recipe_of(landscape: str, optimizer: str, clip: str, schedule: str) -> SweepRecipe:
    """The recipe of four entries."""
    return SweepRecipe(landscape, optimizer, clip, schedule, structural=STRUCTURES.get(landscape, {}))


RECIPES = recipes()


def native(recipe: SweepRecipe, swept: tuple[str, ...] = ()) -> CompiledRoutine:
    """A recipe's compiled routine; compiled once for all tests."""
    key = (*recipe.identity, *swept)
    if key not in COMPILED:
        found = compile_routine(recipe.routine(), swept)
        assert found is not None, "this machine's compiler does not compile"
        COMPILED[key] = found
    return COMPILED[key]


def run_sweep(recipe: SweepRecipe, lanes: Lanes, steps: int, route: str) -> RunResult:
    """Outcomes of all lanes, by one of ROUTES."""
    taken = functools.partial(native, recipe, tuple(lanes.own)) if route == "native" else lambda: None
    return run_to_end(sweep(recipe, lanes, steps, taken))


def c_library(text: str, folder: Path) -> ctypes.CDLL:
    """C, compiled fast for this machine's processor."""
    (folder / "routine.c").write_text(text, encoding="utf-8")
    flags = ["-O1", "-fPIC", "-shared", "-ffp-contract=off"]
    library = folder / "routine.so"
    assert run_compiler([str(compiler()), *flags, str(folder / "routine.c"), "-lm", "-o", str(library)])
    return ctypes.CDLL(str(library))


def same_outcome(recipe: SweepRecipe, lanes: Lanes, routine: Stepper, steps: int) -> None:
    """Check that a routine and PyTorch give the same outcomes."""
    found, expected = (run_to_end(sweep(recipe, lanes, steps, lambda one=one: one)) for one in (routine, None))
    assert torch.equal(found.outcome, expected.outcome)
    assert torch.equal(found.thrown, expected.thrown)
    for name in ("loss", "converged_at", "longest_step"):
        numbers = getattr(found, name), getattr(expected, name)
        torch.testing.assert_close(*numbers, rtol=1e-9, atol=1e-9, equal_nan=True)

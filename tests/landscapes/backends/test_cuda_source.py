"""CUDA source: what it says is what PyTorch does, tested as plain C."""

from pathlib import Path

import pytest
import torch

from cliffscape.landscapes.backends.c_compiler import CompiledRoutine
from cliffscape.landscapes.backends.cuda_source import source
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import MOVING, Routine, SweepRecipe
from cliffscape.landscapes.descent.sweep import Lanes
from cliffscape.landscapes.tracing.program import Program
from tests.reference import tensor
from tests.routes import KINDS, c_library, needs_compiler, same_outcome, sweep_recipe

STEPS = 10


def same(recipe: SweepRecipe, lanes: Lanes, folder: Path) -> None:
    """What becomes of lanes, by the text and by PyTorch."""
    routine, swept = recipe.routine(), list(lanes.own)
    library = c_library(source(routine, swept), folder)
    same_outcome(recipe, lanes, CompiledRoutine(library, routine, swept, torch.float64), STEPS)


@needs_compiler
@pytest.mark.parametrize(("family", "kind"), KINDS, ids=str)
def test_the_text_says_what_pytorch_does(family: str, kind: str, tmp_path: Path) -> None:
    recipe = sweep_recipe(family, kind)
    same(recipe, Lanes(LANDSCAPES[recipe.landscape].window.grid(9, 9).reshape(-1, 2)), tmp_path)


@needs_compiler
def test_parameters_per_lane(tmp_path: Path) -> None:
    names = ("optimizer.learning_rate", "clip.threshold", "landscape.target")
    columns = tensor([0.1, 0.5, 0.9], [0.2, 3.0, 0.1], [0.7, 0.6, 0.5]).unbind(-1)
    own = dict(zip(names, columns, strict=True))
    same(SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm"), Lanes(tensor([[4.6, -1.7]] * 3), own), tmp_path)


def test_what_holds_for_all_lanes_is_computed_before_the_steps() -> None:
    routine = SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm").routine()
    first = "sigmoid(i_landscape_initial_state)"
    before, _, within = source(routine).partition("for (long long step")
    assert first in before
    assert first not in within
    assert first in source(routine, ("landscape.initial_state",)).partition("for (long long step")[2]


def test_a_routine_without_a_mark_of_movement_has_no_early_end() -> None:
    program = Program()
    x = program.input("x")
    assert "break" not in source(Routine(program, ("x",), (), {"x": program.add("exp", x)}))
    outputs = {"x": x, MOVING: program.constant(1.0)}
    assert f"if (i_{MOVING} == 0) break;" in source(Routine(program, ("x", MOVING), (), outputs))

"""CUDA source, compiled as plain C, equals PyTorch."""

from pathlib import Path

import pytest
import torch

from cliffscape.landscapes.backends.c_compiler import CompiledRoutine
from cliffscape.landscapes.backends.gpu.cuda_source import source
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import MOVING, Routine, SweepRecipe
from cliffscape.landscapes.descent.sweep import Lanes
from cliffscape.landscapes.tracing.program import Program
from tests.reference import tensor
from tests.routes import RECIPES, c_library, needs_compiler, same_outcome

STEPS = 10


def check_lanes(recipe: SweepRecipe, lanes: Lanes, folder: Path) -> None:
    """Check that the CUDA source and PyTorch agree on the outcome of lanes."""
    routine, swept = recipe.routine(), list(lanes.own)
    library = c_library(source(routine, swept), folder)
    same_outcome(recipe, lanes, CompiledRoutine(library, routine, swept, torch.float64), STEPS)


@needs_compiler
@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_steps_in_cuda_equal_those_of_pytorch(recipe: SweepRecipe, tmp_path: Path) -> None:
    check_lanes(recipe, Lanes(LANDSCAPES[recipe.landscape].window.grid(9, 9).reshape(-1, 2)), tmp_path)


@needs_compiler
def test_parameters_per_lane(tmp_path: Path) -> None:
    names = ("optimizer.learning_rate", "clip.threshold", "landscape.target")
    columns = tensor([0.1, 0.5, 0.9], [0.2, 3.0, 0.1], [0.7, 0.6, 0.5]).unbind(-1)
    own = dict(zip(names, columns, strict=True))
    check_lanes(
        SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm"), Lanes(tensor([[4.6, -1.7]] * 3), own), tmp_path
    )


def test_values_equal_in_all_lanes_are_computed_before_the_steps() -> None:
    routine = SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm").routine()
    first = "sigmoid(i_landscape_initial_state)"
    before, _, within = source(routine).partition("for (long long step")
    assert first in before
    assert first not in within
    assert first in source(routine, ("landscape.initial_state",)).partition("for (long long step")[2]


def test_a_routine_without_a_moving_column_has_no_early_end() -> None:
    program = Program()
    x = program.input("x")
    assert "break" not in source(Routine(program, ("x",), (), {"x": program.add("exp", x)}))
    outputs = {"x": x, MOVING: program.constant(1.0)}
    assert f"if (i_{MOVING} == 0) break;" in source(Routine(program, ("x", MOVING), (), outputs))

"""The lanes of a sweep in WebAssembly have the results of PyTorch's sweep, for every entry of the catalogue."""

import re

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.lane_program import trace_lane
from cliffscape.landscapes.backends.sweep_kernel import sweep_kernel
from cliffscape.landscapes.backends.web_assembly.sweep import MOST, vector_export
from cliffscape.landscapes.backends.web_assembly.vectors import LANES
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
from cliffscape.landscapes.descent.sweep import Lanes
from tests.landscapes.backends.web_assembly.sweep_runs import check, job, run_every_entry
from tests.node import run
from tests.routes import RECIPES, run_sweep

NEEDED: dict[str, set[str]] = {"saddle": set(), "one_unit_rnn": set(), "rastrigin": {"sin", "cos"}}


@pytest.fixture(scope="module")
def every_entry() -> dict[str, tuple[Tensor, RunResult]]:
    """Results of the kernel and of PyTorch for every entry."""
    return run_every_entry(vectors=True)


@pytest.mark.parametrize("name", RECIPES)
def test_the_lanes_have_the_results_of_pytorch(every_entry: dict[str, tuple[Tensor, RunResult]], name: str) -> None:
    check(*every_entry[name])


def test_lanes_of_one_call_have_their_own_parameters_and_starts() -> None:
    recipe = SweepRecipe("saddle", "gradient_descent", "by_norm")
    generator = torch.Generator().manual_seed(1)
    starts = 2 * torch.rand(LANES + 3, 2, generator=generator, dtype=torch.float64) - 1
    rates, thresholds = torch.linspace(0.05, 0.9, LANES + 3), torch.linspace(0.01, 2, LANES + 3)
    own = {"optimizer.learning_rate": rates.double(), "clip.threshold": thresholds.double()}
    [found] = run([job(recipe, starts, 50, own, vectors=True)])
    check(found, run_sweep(recipe, Lanes(starts, own), 50, "eager"))


def test_outcomes_of_a_whole_window() -> None:
    """Every outcome, Inf and NaN included. Beyond the cliff a last bit decides, so outcomes are counted there."""
    product = SweepRecipe("product_of_weights", "gradient_descent", "none", values={"optimizer.learning_rate": 0.05})
    chain = SweepRecipe("one_unit_rnn", "gradient_descent", "none", values={"optimizer.learning_rate": 0.5})
    cases = [(one, LANDSCAPES[one.landscape].window.grid(33, 33).reshape(-1, 2)) for one in (product, chain)]
    found = run([job(one, starts, 60, vectors=True) for one, starts in cases])
    for (one, starts), results in zip(cases, found, strict=True):
        expected = run_sweep(one, Lanes(starts), 60, "eager").outcome
        counts = [torch.bincount(codes.long(), minlength=len(OUTCOMES)) for codes in (results[:, 0], expected)]
        assert (counts[0] - counts[1]).abs().max() <= 0.01 * len(starts)
    assert {int(code) for results in found for code in results[:, 0]} >= {0, 1, 3, 4}


def test_a_program_that_is_too_long_has_only_javascript() -> None:
    recipe = SweepRecipe("one_unit_rnn", "adam", "by_norm", structural={"sequence_length": 600})
    assert len(trace_lane(recipe).program.nodes) > MOST
    assert "export const vectors = null;" in sweep_kernel(recipe).source


def test_the_functions_that_a_module_imports_are_those_that_it_calls() -> None:
    found = {name: vector_export(trace_lane(SweepRecipe(name, "gradient_descent", "none"))) for name in NEEDED}
    assert {name: set(re.findall(r"(\w+): Math\.", text)) for name, text in found.items()} == NEEDED

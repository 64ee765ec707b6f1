"""The kernel of a sweep's lanes has the results of PyTorch's sweep, for every entry of the catalogue."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.lane_program import trace_lane
from cliffscape.landscapes.backends.sweep_kernel import LANES, LONG, lanes_of, sweep_kernel
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
from cliffscape.landscapes.descent.sweep import Lanes
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests.landscapes.backends.web_assembly.sweep_runs import check, job, run_every_entry
from tests.node import run
from tests.reference import tensor
from tests.routes import RECIPES, run_sweep


@pytest.fixture(scope="module")
def every_entry() -> dict[str, tuple[Tensor, RunResult]]:
    """Results of the kernel and of PyTorch for every entry."""
    return run_every_entry(vectors=False)


@pytest.mark.parametrize("name", RECIPES)
def test_the_kernel_has_the_results_of_pytorch(every_entry: dict[str, tuple[Tensor, RunResult]], name: str) -> None:
    check(*every_entry[name])


def test_all_outcomes_inf_and_nan_included() -> None:
    saddle = SweepRecipe("saddle", "gradient_descent", "none", values={"optimizer.learning_rate": 0.2})
    product = SweepRecipe("product_of_weights", "gradient_descent", "none", values={"optimizer.learning_rate": 0.05})
    chain = SweepRecipe("one_unit_rnn", "gradient_descent", "none", values={"optimizer.learning_rate": 0.5})
    slow = SweepRecipe("rosenbrock", "gradient_descent", "none", values={"optimizer.learning_rate": 1e-4})
    cases = [
        (saddle, tensor([[0.0, 0.0], [0.3, 0.2]]), 100),
        (product, tensor([[3.0, 3.0], [1.0, 1.1]]), 60),
        (chain, LANDSCAPES["one_unit_rnn"].window.grid(9, 9).reshape(-1, 2), 4),
        (slow, tensor([[-1.2, 1.0]]), 30),
    ]
    results = run([job(*case) for case in cases])
    expected = [run_sweep(recipe, Lanes(starts), steps, "eager") for recipe, starts, steps in cases]
    for found, known in zip(results, expected, strict=True):
        check(found, known, rtol=1e-6)
    codes = torch.cat([one.outcome for one in expected]).tolist()
    assert set(codes) == set(range(len(OUTCOMES)))
    assert any(math.isnan(loss) for one in expected for loss in one.loss.tolist())


def test_lanes_of_one_call_have_their_own_parameters_and_starts() -> None:
    recipe = SweepRecipe("saddle", "gradient_descent", "by_norm")
    starts = tensor([[0.02, 1.0], [1.0, 0.3]])
    own = {"optimizer.learning_rate": tensor([0.1, 0.7]), "clip.threshold": tensor([0.05, 2.0])}
    [found] = run([job(recipe, starts, 50, own)])
    check(found, run_sweep(recipe, Lanes(starts, own), 50, "eager"))


def test_a_long_program_computes_one_lane_at_a_time() -> None:
    """A function that is too long is not optimised by the browser."""
    short = trace_lane(SweepRecipe("saddle", "gradient_descent", "none"))
    long = trace_lane(SweepRecipe("one_unit_rnn", "adam", "by_norm", structural={"sequence_length": 150}))
    assert (lanes_of(short), lanes_of(long)) == (LANES, 1)
    assert len(short.program.nodes) <= LONG < len(long.program.nodes)


def test_an_entry_without_a_kernel_has_none() -> None:
    with pytest.raises(UntraceableError):
        sweep_kernel(SweepRecipe("saddle", "gradient_descent", "autoclip"))

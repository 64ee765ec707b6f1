"""Loss sweep: the outcomes of the catalogue's recipes, without its names."""

from functools import partial

import pytest
import torch

from cliffscape.landscapes.analysis.loss_sweep import LossRecipe, sweep_grid
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import trajectory

RNN = LANDSCAPES["one_unit_rnn"]
START = torch.tensor(RNN.start, dtype=torch.float64)
THRESHOLD = Axis("clip.threshold", 0.01, 10, log=True)
RATE = Axis("optimizer.learning_rate", 0.1, 1)


def recipe(clip: str = "by_norm", optimizer: str = "gradient_descent") -> LossRecipe:
    """The opening landscape as a loss."""
    functions = CLIPS[clip].function, OPTIMIZERS[optimizer].function
    return LossRecipe(RNN.loss(), *functions, RNN.window, RNN.solved)


@pytest.mark.parametrize(
    ("clip", "optimizer", "axes"),
    [
        ("by_norm", "gradient_descent", (Axis("start.x", 3.5, 5.7), THRESHOLD)),
        ("by_value", "adam", (THRESHOLD, RATE)),
        ("by_norm", "newton", (Axis("start.x", 4, 5), Axis("start.y", -3, -2))),
        ("by_norm", "nesterov", (THRESHOLD, RATE)),
    ],
)
def test_outcomes_are_those_of_the_catalogues_recipe(clip: str, optimizer: str, axes: tuple[Axis, Axis]) -> None:
    named = sweep_grid(SweepRecipe("one_unit_rnn", optimizer, clip), axes, 5, START, 12)
    found = sweep_grid(recipe(clip, optimizer), axes, 5, START, 12)
    for one, other in zip(found, named, strict=True):
        assert one.shape == (5, 5)
        assert torch.equal(one.nan_to_num(nan=-7.0), other.nan_to_num(nan=-7.0))


def test_the_first_axis_runs_along_a_row_and_the_second_one_upwards() -> None:
    across, upward = Axis("start.x", 3.5, 5.7), THRESHOLD
    found = sweep_grid(recipe(), (across, upward), 3, START, 7)
    for row, threshold in enumerate(upward.values(3).tolist()):
        for column, x in enumerate(across.values(3).tolist()):
            start = torch.tensor([x, START[1]], dtype=torch.float64)
            clip = CLIPS["by_norm"].function(threshold=threshold)
            alone = trajectory(RNN.loss(), start, OPTIMIZERS["gradient_descent"].function(), clip, 7)
            assert torch.allclose(found.loss[row, column], alone.loss[-1], rtol=1e-12)


def test_fixed_arguments_are_those_of_a_partial() -> None:
    fixed = LossRecipe(
        RNN.loss(),
        partial(CLIPS["by_norm"].function, threshold=0.05),
        OPTIMIZERS["gradient_descent"].function,
        RNN.window,
    )
    found = sweep_grid(fixed, (Axis("start.x", 3.5, 5.7), RATE), 3, START, 4)
    # With a threshold of 0.05, no step is longer than the learning rate times that.
    assert bool((found.longest_step <= 0.05 * RATE.values(3)[:, None] * (1 + 1e-12)).all())


@pytest.mark.parametrize("name", ["landscape.target", "threshold", "clip"])
def test_an_axis_that_is_no_argument_is_refused(name: str) -> None:
    bound = f"^axis must be start.x, start.y, or an argument such as clip.threshold, got {name}$"
    with pytest.raises(BoundError, match=bound):
        sweep_grid(recipe(), (Axis(name, 0, 1), THRESHOLD), 3, START, 1)

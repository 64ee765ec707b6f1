"""Lanes: hyper-parameters of their own, and the scalar program of a step."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.declare import Entry
from cliffscape.landscapes.descent.batch import DIAGONAL, MOVING, SOLVED, SweepRecipe, initial_row, step_row
from cliffscape.landscapes.descent.descend import descend_with, trajectory
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests.reference import tensor

STEPS = 12


def around(entry: Entry) -> dict[str, Tensor]:
    """Three values of each numeric parameter: the default, and two others within its bounds."""
    found = {}
    for one in entry.parameters:
        if one.range.structural:
            continue
        low, high, middle = one.range.low, one.range.high, float(one.default)
        values = [middle, middle + 0.2 * (high - middle), low + 0.8 * (middle - low)]
        if one.range.log and low > 0:
            values = [middle, middle * (high / middle) ** 0.05, middle * (low / middle) ** 0.1]
        found[one.name] = tensor([round(value) if one.type is int else value for value in values])
    return found


def sweep_recipe(family: str, kind: str) -> SweepRecipe:
    """A recipe with one entry of interest."""
    plain = {"landscape": "ravine", "optimizer": "gradient_descent", "clip": "by_norm", "schedule": "constant"}
    return SweepRecipe(**{**plain, family: kind})


CASES = [
    pytest.param(family, entry.kind, id=f"{family}-{entry.kind}")
    for family, members in (
        ("landscape", LANDSCAPES),
        ("optimizer", OPTIMIZERS),
        ("clip", CLIPS),
        ("schedule", SCHEDULES),
    )
    for entry in members
    # AutoClip remembers the whole run and cannot be swept (test_sweep.py).
    if around(entry) and entry.kind != "autoclip"
]


@pytest.mark.parametrize(("family", "kind"), CASES)
def test_lanes_with_parameters_of_their_own_equal_single_runs(family: str, kind: str) -> None:
    recipe = sweep_recipe(family, kind)
    own = {f"{family}.{name}": values for name, values in around(recipe.entries[family]).items()}
    start = tensor([0.8, 1.0, 0.6], [0.5, -0.4, 0.9])
    measure, clip, optimizer = recipe.build({**recipe.parameters, **{n: v.unsqueeze(-1) for n, v in own.items()}})
    row = initial_row(start, clip, optimizer)
    for _ in range(STEPS):
        row = step_row(measure, clip, optimizer, row, math.nan, 2.0)
    for lane in range(3):
        values = {**recipe.parameters, **{name: float(column[lane]) for name, column in own.items()}}
        _, clip, optimizer = recipe.build(values)
        chosen = {n.partition(".")[2]: v for n, v in values.items() if n.startswith("landscape.")}
        loss = LANDSCAPES[recipe.landscape].loss(**chosen)
        alone = trajectory(loss, start[lane], optimizer, clip, STEPS)
        torch.testing.assert_close(row.carry.theta[lane], alone.position[-1], rtol=1e-12, atol=1e-14)
        torch.testing.assert_close(row.summary.longest[lane], alone.step_length[:-1].max(), rtol=1e-12, atol=0)


def test_columns_hold_the_whole_state() -> None:
    recipe = SweepRecipe("ravine", "adam", "random_step", "cosine")
    measure, clip, optimizer = recipe.build(recipe.parameters)
    row = initial_row(tensor([0.8, 1.0, 0.6], [0.5, -0.4, 0.9]), clip, optimizer)
    columns = row.columns()
    assert list(columns.shape) == [len(recipe.routine().columns), 3]
    again = row.with_columns(columns)
    for name, expected in row.tensors().items():
        assert torch.equal(again.tensors()[name], expected), name
    one, other = step_row(measure, clip, optimizer, row, 0.1, 2.0), step_row(measure, clip, optimizer, again, 0.1, 2.0)
    assert torch.equal(one.columns(), other.columns())


def test_a_lane_moves_until_nothing_changes_or_it_diverges() -> None:
    recipe = SweepRecipe("saddle", "gradient_descent", "none", values={"optimizer.learning_rate": 0.2})
    measure, clip, optimizer = recipe.build(recipe.parameters)
    # In a minimum, on its way to one, and about to overflow.
    row = initial_row(tensor([1.0, 0.5, 1e200], [0.0, 0.5, 0.0]), clip, optimizer)
    assert step_row(measure, clip, optimizer, row, 0.1, 2.0).moving.tolist() == [0, 1, 0]


def test_a_lane_whose_state_changes_still_moves() -> None:
    """In a minimum, with a velocity that is 0, or with a schedule that counts the steps."""
    for recipe in (
        SweepRecipe("saddle", "momentum", "none"),
        SweepRecipe("saddle", "gradient_descent", "none", "cosine"),
    ):
        measure, clip, optimizer = recipe.build(recipe.parameters)
        row = initial_row(tensor([[1.0, 0.0]]), clip, optimizer)
        moving = step_row(measure, clip, optimizer, row, 0.1, 2.0).moving.item()
        assert moving == (recipe.schedule == "cosine")


def test_the_routine_names_columns_and_parameters() -> None:
    routine = SweepRecipe("one_unit_rnn", "momentum", "by_norm").routine()
    assert routine.columns[:4] == ("x", "y", "optimizer_state_0_0", "optimizer_state_0_1")
    assert routine.columns[-1] == MOVING
    assert set(routine.outputs) == set(routine.columns)
    assert routine.parameters == (
        "landscape.initial_state",
        "landscape.target",
        "optimizer.learning_rate",
        "optimizer.momentum",
        "clip.threshold",
        SOLVED,
        DIAGONAL,
    )


def test_an_entry_without_a_kernel_has_no_routine(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = SweepRecipe("ravine", "gradient_descent", "by_norm")
    monkeypatch.setitem(recipe.entries, "clip", type("Refusing", (), {"no_kernel": "it looks ahead"}))
    with pytest.raises(UntraceableError, match="looks ahead"):
        recipe.routine()


def test_values_are_those_given_and_structure_is_kept() -> None:
    recipe = SweepRecipe("product_of_weights", "gradient_descent", "by_norm", structural={"repetitions": 3})
    assert recipe.parameters["landscape.target"] == 1.0
    assert "landscape.repetitions" not in recipe.parameters
    measure, _, _ = recipe.build(recipe.parameters)
    loss, _ = measure(tensor([[2.0, 1.0]]))
    assert loss.item() == 0.5 * (8 - 1) ** 2
    *_, last = descend_with(measure, tensor([[1.0, 1.0]]), *recipe.build(recipe.parameters)[:0:-1], 1)
    assert last.loss[-1].item() == 0

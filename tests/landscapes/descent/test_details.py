"""Details of single runs: by definition, equal in the browser's kernel, and consistent with the summary of sweeps."""

import math

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.descent.details import arrive, details_from, details_of, initial_details, leaps, oscillates
from cliffscape.landscapes.descent.summary import ROUNDING
from tests.landscapes.definitions import finite_rows, lowest_until, throws
from tests.landscapes.descent.test_verdict import record
from tests.reference import tensor

SOLVED, DIAGONAL = 0.01, 2.0
EDGES = tensor(SOLVED), tensor(DIAGONAL)
RUNS = [
    ("one_unit_rnn", (4.6, -1.7), 0.5, "none"),
    ("one_unit_rnn", (4.6, -1.7), 0.5, "by_norm"),
    ("himmelblau", (-3.0, -3.0), 0.01, "none"),
    ("himmelblau", (4.0, 4.0), 0.2, "none"),
    ("saddle", (0.0, 0.0), 0.1, "by_value"),
    ("product_of_weights", (3.0, 3.0), 1.0, "none"),
]


def record_of(landscape: str, start: tuple[float, float], rate: float, clip: str, steps: int = 30) -> Record:
    """A run of gradient descent."""
    optimizer = OPTIMIZERS["gradient_descent"].function(learning_rate=rate)
    loss = LANDSCAPES[landscape].loss()
    return trajectory(loss, tensor(start), optimizer, CLIPS[clip].function(), steps)


def broken(rows: list[int], steps: int = 12) -> Record:
    """A run of short steps and two long ones, whose loss is Inf or NaN at some rows."""
    record = record_of("himmelblau", (-3.0, -3.0), 0.01, "by_norm", steps)
    loss, length = record.loss.clone(), record.step_length.clone()
    for k in rows:
        loss[k] = math.inf if k % 2 else math.nan
    length[1] = length[8] = 5.0
    return record._replace(loss=loss, step_length=length)


GAPS: list[list[int]] = [[], [0], [0, 1, 2], [3], [3, 4, 7], [12], [10, 11, 12], [0, 5, 12], [2, 9], list(range(13))]
RECORDS = [record_of(*run) for run in RUNS] + [broken(rows) for rows in GAPS]


def stretches(finite: list[bool]) -> tuple[list[int], int]:
    """The rows with Inf or NaN before the last finite row, and where those after it begin, or -1."""
    last = max((k for k, known in enumerate(finite) if known), default=-1)
    gaps = [k for k in range(last) if not finite[k]]
    return gaps, last + 1 if last + 1 < len(finite) else -1


def details_at_the_end(record: Record) -> dict[str, float]:
    """The details after arriving at the last row, by name."""
    details = arrive(details_of(record, *EDGES), record.position[-1], record.loss[-1], *EDGES)
    return {name: float(number) for name, number in details.tensors().items()}


@pytest.mark.parametrize("record", RECORDS)
def test_details_equal_those_of_the_trajectory(record: Record) -> None:
    found = details_at_the_end(record)
    loss, length, norms = record.loss.tolist(), record.step_length.tolist(), record.gradient_norm.tolist()
    finite, thrown = finite_rows(record), throws(record, DIAGONAL)
    gaps, nonfinite = stretches(finite)
    assert found["nonfinite_step"] == nonfinite
    assert found["summary_before_throw"] == (lowest_until(record, thrown[0]) if thrown else math.inf)
    assert found["gap_rows"] == len(gaps)
    assert (found["gap_first"], found["gap_last"]) == ((gaps[0], gaps[-1]) if gaps else (-1, -1))
    lengths = [value if math.isfinite(value) else -1.0 for value in length[:-1]]
    step = thrown[0] if thrown else lengths.index(max(lengths))
    key = [found[f"key_{name}"] for name in ("step", "norm", "length", "from", "to")]
    assert key == pytest.approx([step, norms[step], length[step], loss[step], loss[step + 1]], nan_ok=True)
    assert found["best_loss"] == lowest_until(record, step)
    taken = nonfinite if nonfinite >= 0 else len(loss) - 1
    assert found["clipped_steps"] == int(((record.clip_factor[:taken] - 1).abs() > ROUNDING).sum())
    known = [k for k, here in enumerate(finite) if here]
    last = loss[known[-1]] if known else math.nan
    assert found["finite_loss"] == pytest.approx(last, nan_ok=True)
    assert found["lowest_step"] == (min(known, key=lambda k: loss[k]) if known else 0)


def test_a_throw_needs_a_rise_and_recovery_is_measured() -> None:
    record = broken([])
    loss = record.loss.clone()
    loss[:] = torch.linspace(13, 1, 13)
    downhill = details_at_the_end(record._replace(loss=loss))
    assert math.isinf(downhill["summary_before_throw"]) and downhill["recovered_step"] == -1
    # Steps 1 and 8 are long. The second one ends above row 1, and rows 11 and 12 are below it again.
    loss[:] = tensor([9.0, 8.0, 7.0, 7.0, 6.0, 6.0, 6.0, 6.0, 5.0, 20.0, 10.0, 5.0, 4.0])
    thrown = details_at_the_end(record._replace(loss=loss))
    assert (thrown["key_step"], thrown["key_from"], thrown["key_to"]) == (8, 5, 20)
    assert (thrown["summary_before_throw"], thrown["recovered_step"]) == (5, 11)
    loss[12] = 5.5
    assert details_at_the_end(record._replace(loss=loss))["recovered_step"] == -1


@pytest.mark.parametrize(("length", "expected"), [(math.inf, (4, 0)), (math.nan, (4, 1)), (1.0, (-1, 0))])
def test_a_missing_step_is_one_without_a_finite_length(length: float, expected: tuple[int, int]) -> None:
    record = broken([])
    lengths = record.step_length.clone()
    lengths[4] = length
    found = details_at_the_end(record._replace(step_length=lengths))
    assert (found["missing_step"], found["missing_nan"]) == expected


def test_the_first_undefined_factor_is_that_of_the_clip() -> None:
    record = broken([])
    assert details_at_the_end(record)["undefined_factor"] == -1
    factors = record.clip_factor.clone()
    factors[-1] = math.nan
    assert details_at_the_end(record._replace(clip_factor=factors))["undefined_factor"] == -1, (
        "the last row has no step"
    )
    factors[3] = factors[7] = math.nan
    assert details_at_the_end(record._replace(clip_factor=factors))["undefined_factor"] == 3


def test_replaced_gradients_are_not_counted_as_clipped() -> None:
    record = broken([])
    norms, factors = record.gradient_norm.clone(), torch.ones_like(record.clip_factor)
    norms[2], norms[5], factors[2], factors[5], factors[6] = math.inf, math.nan, 0.0, math.nan, 0.5
    found = details_at_the_end(record._replace(gradient_norm=norms, clip_factor=factors))
    assert (found["replaced_steps"], found["clipped_steps"]) == (2, 1)


def test_the_distance_returned_is_over_two_steps() -> None:
    record = broken([])
    (x, y), (before_x, before_y) = record.position[-1].tolist(), record.position[-3].tolist()
    assert details_at_the_end(record)["returned"] == pytest.approx(math.hypot(x - before_x, y - before_y))


def test_details_are_read_back_from_their_names() -> None:
    first = initial_details(tensor([1.0, 2.0]))
    same = details_from(first.tensors())
    assert [number.nan_to_num(-7.0) for number in same.tensors().values()] == [
        number.nan_to_num(-7.0) for number in first.tensors().values()
    ]


LOW, HIGH = 0.001, 0.005


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([3, 2, LOW, LOW, LOW], False),
        ([3, 2, LOW, HIGH, LOW], True),
        # By less than a hundredth of what is left up to the bound.
        ([3, 2, LOW, LOW + 8e-5, LOW], False),
        ([3, 2, LOW, LOW + 1e-4, LOW], True),
        # Above the lowest loss, but not yet below the bound.
        ([3, 0.02, 0.05, 0.03, LOW, LOW], False),
        # The last ten steps count, or the last tenth of many.
        ([3, LOW, HIGH, *[LOW] * 8], True),
        ([3, LOW, HIGH, *[LOW] * 11], False),
        ([3, LOW, *[LOW] * 180, HIGH, *[LOW] * 19], True),
        ([3, LOW, *[LOW] * 180, HIGH, *[LOW] * 22], False),
    ],
)
def test_a_loss_swings_if_it_has_risen_in_the_last_steps(losses: list[float], expected: bool) -> None:
    # The row at which a run ends is one more than `details_of` has added.
    details = details_of(record([*losses, LOW], [0.1] * len(losses)), *EDGES)
    assert bool(oscillates(details, tensor(float(len(losses))))) is expected


@pytest.mark.parametrize(
    ("losses", "length", "expected"),
    [([3, 1, 1], 5.0, True), ([3, 1, 1], 1.9, False), ([3, 3, 3], 5.0, False), ([3, 9, 1], 5.0, False)],
)
def test_a_long_step_to_a_lower_loss_is_a_leap(losses: list[float], length: float, expected: bool) -> None:
    details = details_of(record([*losses, 1], [length, 0.1, 0.1]), *EDGES)
    assert bool(leaps(details, EDGES[1])) is expected

"""Details of single runs: by definition, equal in the browser's kernel, and consistent with the summary of sweeps."""

import math

import pytest
import torch

from cliffscape.landscapes.backends.kernels import outcome_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.descent.details import (
    ROUNDING,
    TrajectoryRow,
    add_details,
    details_from,
    details_of,
    initial_details,
)
from cliffscape.landscapes.descent.outcome import OUTCOMES
from tests import node
from tests.reference import tensor

SOLVED, DIAGONAL = 0.01, 2.0
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


@pytest.mark.parametrize("record", RECORDS)
def test_details_equal_those_of_the_trajectory(record: Record) -> None:
    _, found = details_of(record, SOLVED, DIAGONAL)
    loss, length = record.loss.tolist(), record.step_length.tolist()
    finite = [
        math.isfinite(at) and all(map(math.isfinite, place))
        for at, place in zip(loss, record.position.tolist(), strict=True)
    ]
    gaps, nonfinite = stretches(finite)
    throws = [k for k in range(len(loss) - 1) if length[k] > DIAGONAL and finite[k] and finite[k + 1]]
    assert (found["nonfinite_step"], found["thrown"]) == (nonfinite, bool(throws))
    assert found["gap_rows"] == len(gaps)
    assert (found["gap_first"], found["gap_last"]) == ((gaps[0], gaps[-1]) if gaps else (-1, -1))
    lengths = [value if math.isfinite(value) else -1.0 for value in length[:-1]]
    step = throws[0] if throws else lengths.index(max(lengths))
    assert found["key_step"] == step
    lowest = min((value for value in loss[: step + 1] if not math.isnan(value)), default=math.inf)
    assert found["best_loss"] == pytest.approx(lowest)
    assert found["clipped_steps"] == int(((record.clip_factor[:-1] - 1).abs() > ROUNDING).sum())


@pytest.mark.parametrize(("length", "expected"), [(math.inf, (4, 0)), (math.nan, (4, 1)), (1.0, (-1, 0))])
def test_a_missing_step_is_one_without_a_finite_length(length: float, expected: tuple[int, int]) -> None:
    record = broken([])
    lengths = record.step_length.clone()
    lengths[4] = length
    _, found = details_of(record._replace(step_length=lengths), SOLVED, DIAGONAL)
    assert (found["missing_step"], found["missing_nan"]) == expected


def test_the_first_undefined_factor_is_that_of_the_clip() -> None:
    record = broken([])
    last = len(record.loss) - 1
    assert details_of(record, SOLVED, DIAGONAL)[1]["undefined_factor"] == last, "nothing is clipped at the last row"
    factors = record.clip_factor.clone()
    factors[3] = factors[7] = math.nan
    assert details_of(record._replace(clip_factor=factors), SOLVED, DIAGONAL)[1]["undefined_factor"] == 3


def test_the_outcome_of_details_depends_on_the_last_step() -> None:
    assert details_of(record_of("saddle", (0.0, 0.0), 0.1, "none"), SOLVED, DIAGONAL)[0] == "stalled"
    assert details_of(record_of("himmelblau", (3.1, 2.1), 0.01, "none", 200), SOLVED, 10.0)[0] == "converged"
    assert details_of(record_of("himmelblau", (4.0, 4.0), 0.2, "none"), SOLVED, 10.0)[0] == "diverged"
    assert set(OUTCOMES) >= {"stalled", "converged", "diverged"}


def test_details_are_read_back_from_their_names() -> None:
    first = initial_details(tensor([1.0, 2.0]))
    assert details_from(first.tensors()) == first


@pytest.mark.parametrize("record", RECORDS)
def test_the_kernel_adds_the_same_rows(record: Record) -> None:
    details, given, expected = initial_details(record.position[0]), [], []
    edges = tensor(SOLVED), tensor(DIAGONAL)
    columns = (record.position, record.loss, record.gradient_norm, record.clip_factor, record.step_length)
    for row in zip(*columns, strict=True):
        numbers = torch.stack(list(details.tensors().values()))
        given.append(torch.cat([numbers, row[0], torch.stack([*row[1:], *edges])]))
        details = add_details(details, TrajectoryRow(*row), *edges)
        expected.append(torch.stack(list(details.tensors().values())))
    call = node.Call(outcome_kernel().source, "add_row", torch.stack(given), results=len(expected[0]))
    assert torch.equal(node.run([call])[0].nan_to_num(-7.0), torch.stack(expected).nan_to_num(-7.0))

"""Details of single runs: by definition, equal in the browser's kernel, and consistent with the summary of sweeps."""

import math

import pytest
import torch

from cliffscape.landscapes.backends.kernels import outcome_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.descent.details import ROUNDING, add_details, details_from, details_of, initial_details
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


@pytest.mark.parametrize("run", RUNS)
def test_details_equal_those_of_the_trajectory(run: tuple[str, tuple[float, float], float, str]) -> None:
    record = record_of(*run)
    _, found = details_of(record, SOLVED, DIAGONAL)
    loss, length = record.loss.tolist(), record.step_length.tolist()
    whole = [
        math.isfinite(at) and all(map(math.isfinite, place))
        for at, place in zip(loss, record.position.tolist(), strict=True)
    ]
    nonfinite = next((k for k, known in enumerate(whole) if not known), -1)
    throws = [k for k in range(len(loss) - 1) if length[k] > DIAGONAL and all(whole[: k + 2])]
    assert (found["nonfinite_step"], found["thrown"]) == (nonfinite, bool(throws))
    finite = [value if math.isfinite(value) else -1.0 for value in length[:-1]]
    step = throws[0] if throws else finite.index(max(finite))
    assert found["key_step"] == step
    assert found["best_loss"] == pytest.approx(min(loss[: step + 1]), nan_ok=True)
    assert found["clipped_steps"] == int(((record.clip_factor[:-1] - 1).abs() > ROUNDING).sum())


def test_the_outcome_of_details_depends_on_the_last_step() -> None:
    assert details_of(record_of("saddle", (0.0, 0.0), 0.1, "none"), SOLVED, DIAGONAL)[0] == "stalled"
    assert details_of(record_of("himmelblau", (3.1, 2.1), 0.01, "none", 200), SOLVED, 10.0)[0] == "converged"
    assert details_of(record_of("himmelblau", (4.0, 4.0), 0.2, "none"), SOLVED, 10.0)[0] == "diverged"
    assert set(OUTCOMES) >= {"stalled", "converged", "diverged"}


def test_details_are_read_back_from_their_names() -> None:
    first = initial_details(tensor([1.0, 2.0]))
    assert details_from(first.named()) == first


@pytest.mark.parametrize("run", RUNS)
def test_the_kernel_adds_the_same_rows(run: tuple[str, tuple[float, float], float, str]) -> None:
    record = record_of(*run)
    details, given, expected = initial_details(record.position[0]), [], []
    edges = tensor(SOLVED), tensor(DIAGONAL)
    for row in zip(record.position, record.loss, record.step_length, record.clip_factor, strict=True):
        numbers = torch.stack(list(details.named().values()))
        given.append(torch.cat([numbers, row[0], torch.stack([*row[1:], *edges])]))
        details = add_details(details, *row, *edges)
        expected.append(torch.stack(list(details.named().values())))
    call = node.Call(outcome_kernel().source, "add_row", torch.stack(given), results=len(expected[0]))
    assert torch.equal(node.run([call])[0].nan_to_num(-7.0), torch.stack(expected).nan_to_num(-7.0))

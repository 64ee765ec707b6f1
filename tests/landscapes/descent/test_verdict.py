"""Verdicts: which clauses are said, on runs made by hand, and equal in the browser's kernel."""

import math
import re

import pytest
import torch

from cliffscape.landscapes.descent.clip_role import CLIP_ROLES
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.details import details_of
from cliffscape.landscapes.descent.outcome import OUTCOMES, place
from cliffscape.landscapes.descent.verdict import CLAUSES, Circumstances, conclude
from tests.reference import tensor

INF, NAN = math.inf, math.nan


def circumstances(**chosen: float) -> Circumstances:
    """An unclipped run of three steps on a landscape with a known minimum, unless chosen otherwise."""
    numbers = {"solved": 0.01, "diagonal": 2.0, "steps": 3, "clips": 0, "threshold": 0, "raises": 0}
    numbers |= {"minibatches": 0, "matrix": 0, "products": 0, "product_cost": 0, **chosen}
    return Circumstances(**{name: tensor(float(number)) for name, number in numbers.items()})


def record(
    losses: list[float],
    lengths: list[float],
    norms: list[float] | None = None,
    factors: list[float] | None = None,
    x: list[float] | None = None,
) -> Record:
    """A trajectory along x, one loss more than steps; norms and factors are 1 by default."""
    places = tensor(x or [0.1 * k for k in range(len(losses))])
    position = torch.stack([places, torch.zeros_like(places)], -1)
    columns = (norms or [1.0] * len(lengths), factors or [1.0] * len(lengths), lengths)
    return Record(position, tensor(losses), *(tensor([*column, NAN]) for column in columns))


def facts(run: Record, about: Circumstances) -> dict[str, float]:
    """The facts about a run."""
    details = details_of(run, about.solved, about.diagonal)
    found = conclude(details, run.position[-1], run.loss[-1], about)
    return {name: float(number) for name, number in found.items()}


STEPS = [0.1, 0.1, 0.1]
PLAIN, CLIPPED = circumstances(), circumstances(clips=1)
CURVED = circumstances(matrix=1, products=2, product_cost=2)
CASES: list[tuple[Record, Circumstances, str, str]] = [
    (record([3, 2, 1, 0.005], STEPS), CLIPPED, "converged", "end unclipped"),
    (record([3, 0.001, 0.005, 0.002], STEPS), PLAIN, "converged", "end oscillates"),
    (record([3, 0.001, 0.00102, 0.001], STEPS), PLAIN, "converged", "end"),
    # It rose long ago.
    (record([3, 0.001, 0.005, *[0.001] * 10], [0.1] * 12), circumstances(steps=12), "converged", "end"),
    (record([3, 0.001, 0.005, *[0.001] * 9], [0.1] * 11), circumstances(steps=11), "converged", "end oscillates"),
    (record([3, 0.001, 0.005, *[0.001] * 99], [0.1] * 101), circumstances(steps=101), "converged", "end"),
    (record([3, 2, 1, 0.5], STEPS), PLAIN, "not_converged", "end falls"),
    (record([3, 2, 1, 0.5], [0.1, 5, 0.1]), PLAIN, "not_converged", "leaps end falls"),
    # It comes back from Inf at its last step, and has not fallen since.
    (record([INF, INF, INF, 1], STEPS), PLAIN, "not_converged", "gap end"),
    (record([INF, INF, 2, 1], STEPS), PLAIN, "not_converged", "gap end falls"),
    # Three more steps like the last one would lower the loss by 0.6 %, or by 1.2 %.
    (record([3, 2, 1.002, 1], STEPS), PLAIN, "not_converged", "end creeps"),
    (record([3, 2, 1.004, 1], STEPS), PLAIN, "not_converged", "end falls"),
    (record([3, 2, 1, 1], STEPS), PLAIN, "not_converged", "end creeps"),
    (record([3, 1, 2, 3], STEPS), PLAIN, "not_converged", "end strays"),
    (record([1, 2, 4, 3], STEPS), PLAIN, "not_converged", "end rises"),
    (record([3, 1, 1, 1.001], STEPS), PLAIN, "not_converged", "end"),
    (record([3, 1, 3, 1], STEPS, x=[0, 0.1, 0, 0.1]), PLAIN, "not_converged", "end bounces"),
    (record([3, 1, 1.01, 1], STEPS, x=[0, 0.1, 0, 0.1]), PLAIN, "not_converged", "end level_bounces"),
    (record([3, 1, 1.02, 1], STEPS, x=[0, 0.1, 0, 0.1]), PLAIN, "not_converged", "end bounces"),
    (record([3, 2, 1, 0.005], STEPS, factors=[1, 0.5, 1]), CLIPPED, "converged", "end clipped"),
    (record([3, 2, 2, 2], [0.1, 0.1, 1e-9], [1, 1, 1e-8]), PLAIN, "stalled", "end rests"),
    (
        record([3, 2, 2, 2], [0.1, 0.1, 1e-9], [9, 9, 9], [0.5, 0.5, 1e-9]),
        circumstances(clips=1, minibatches=1),
        "stalled",
        "end cancelled clipped",
    ),
    (
        record([3, 2, 2, 2], [0.1, 0.1, 1e-9], [9, 9, 9], [0.5, 0.5, 1e-9]),
        CLIPPED,
        "stalled",
        "end shortened clipped",
    ),
    (record([3, 2, 2, 2], [0.1, 0.1, 0], [9, 9, INF], [1, 1, NAN]), CLIPPED, "stalled", "end zeroed clipped replaced"),
    # No gradient has a length: "0 of 3 steps clipped" would be no news.
    (record([3] * 4, [0] * 3, [INF] * 3, [NAN] * 3), CLIPPED, "stalled", "end zeroed replaced"),
    (record([3] * 4, [1e-6] * 3, [9] * 3, [1e-3] * 3), CLIPPED, "not_converged", "end slow_threshold clipped"),
    # Without the clip, a step ten times as long would still be short.
    (record([3] * 4, [1e-8] * 3, [9] * 3, [0.1] * 3), CLIPPED, "not_converged", "end slow_rate clipped"),
    (record([3] * 4, [1e-6] * 3, [9] * 3), PLAIN, "not_converged", "end slow_rate"),
    (record([3] * 4, [1e-6] * 3, [9] * 3), CURVED, "not_converged", "end slow_step cost"),
    (record([3, 9, 8, 7], [5, 1, 1]), PLAIN, "thrown", "thrown end"),
    (record([3, 9, 8, 2], [5, 1, 1]), PLAIN, "not_converged", "recovered end falls"),
    (record([3, 9, 8, 0.001], [5, 1, 1]), PLAIN, "converged", "recovered end"),
    (record([3, 9, 0.001, 0.009], [5, 1, 1]), PLAIN, "converged", "recovered end oscillates"),
    (record([3, 9, INF, NAN], [5, INF, NAN], [1, 1e9, NAN]), CLIPPED, "diverged", "thrown nonfinite unclipped"),
    (record([INF, INF, NAN, NAN], [NAN] * 3, [NAN] * 3), CLIPPED, "diverged", "nonfinite_start"),
    (record([INF, 3, 2, 1], STEPS, [NAN, 1, 1]), CLIPPED, "not_converged", "gap_of_one end falls clipped replaced"),
    (record([INF, NAN, 2, 1], STEPS), PLAIN, "not_converged", "gap end falls"),
    (record([INF, 3, NAN, 1], STEPS), PLAIN, "not_converged", "gaps end"),
    (record([3, 2, NAN, NAN], [0.1, INF, NAN]), CURVED, "diverged", "nonfinite overflowed cost"),
    (record([3, 2, NAN, NAN], [0.1, INF, 1]), CURVED, "diverged", "nonfinite singular cost"),
    (
        record([3, NAN, NAN, NAN], [NAN] * 3, factors=[NAN] * 3),
        circumstances(clips=1, raises=1),
        "diverged",
        "nonfinite raised clipped",
    ),
]


@pytest.mark.parametrize(("run", "about", "outcome", "said"), CASES)
def test_clauses_say_what_happened(run: Record, about: Circumstances, outcome: str, said: str) -> None:
    found = facts(run, about)
    clauses = [name for name in CLAUSES if found.get(f"says_{name}")]
    assert (OUTCOMES[int(found["outcome"])], " ".join(clauses)) == (outcome, said)


@pytest.mark.parametrize(
    ("norms", "factors", "role"),
    [
        ([1, 1, 1], [1, 1, 1], "says_safety_net"),
        ([9, 9, 1], [0.5, 0.5, 1], "says_limit"),
        ([INF, 1, 1], [NAN, 1, 1], None),
        ([INF, INF, INF], [NAN, NAN, NAN], None),
    ],
)
def test_a_threshold_has_a_role_where_gradients_have_a_length(
    norms: list[float], factors: list[float], role: str | None
) -> None:
    found = facts(record([3, 2, 1, 0.5], STEPS, norms, factors), circumstances(clips=1, threshold=1))
    assert [f"says_{name}" for name in CLIP_ROLES if found[f"says_{name}"]] == ([role] if role else [])


# Smallest and largest curvature, and what they say for a loss of 2 and a diagonal of 2: 5e-4 counts.
PLACES = [
    (-1.0, 1.0, "saddle"),
    (0.1, 1.0, "minimum"),
    (6e-4, 6e-4, "even_minimum"),
    (-3.0, -1.0, "maximum"),
    (-3.0, -3.0, "even_maximum"),
    (4e-4, 1.0, "trough"),
    (-4e-4, 1.0, "trough"),
    (-1.0, 4e-4, "ridge"),
    (-4e-4, 4e-4, "plateau"),
    (0.0, 0.0, "plateau"),
    (NAN, NAN, ""),
]


@pytest.mark.parametrize(("flattest", "sharpness", "expected"), PLACES)
def test_the_curvature_says_where_a_run_rests(flattest: float, sharpness: float, expected: str) -> None:
    found = place(*map(tensor, (flattest, sharpness, 2.0, 2.0)))
    assert [name for name, said in found.items() if said] == ([f"says_{expected}"] if expected else [])


def test_every_clause_has_a_case() -> None:
    places = {name for *_, name in PLACES if name}
    assert {name for *_, said in CASES for name in said.split()} | places == set(CLAUSES)


def test_clauses_are_filled_in_from_facts() -> None:
    known = {*facts(*CASES[0][:2]), "matrix", "flattest", "sharpness"}
    assert {name for clause in CLAUSES.values() for name in re.findall(r"{(\w+)", clause)} <= known


def test_steps_are_counted_while_the_run_is_finite() -> None:
    found = facts(record([3, 2, NAN, NAN], [0.1, INF, NAN], [9] * 3, [0.5, 0.5, NAN]), CLIPPED)
    assert (found["clipped_steps"], found["taken_steps"], found["steps"]) == (2, 2, 3)
    assert (found["finite_loss"], found["last"]) == (2, 1)

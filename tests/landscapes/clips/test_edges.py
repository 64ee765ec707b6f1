"""Every clip at the edges: at the threshold, with one Inf, with one NaN, and with a norm whose square overflows.

The gradients are those of ``clip_semantics.json``, two tensors of two entries and one, with v = 1. The results of clips
of libraries are read from there; those of other clips follow from their rule. Both are compared with the declaration.
"""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.family import EDGES
from cliffscape.landscapes.transform import State, Transform, norm
from tests.reference import reference, tensor

INF, NAN = float("inf"), float("nan")
CASES = ("exactly at threshold", "one Inf", "one NaN", "1e200 (square overflows float64)")
ROWS = {row["case"]: row for row in reference("clip_semantics")["rows"]}
VARIABLES = {"weight_hh": (1, 2), "bias": (1,)}
THETA = tensor([0.6, 0.8, 0.5])
SAME, RANDOM = "the gradient itself", "a random vector of norm v"
KEPT = "Clipped like any other"
UNIT = [1.0, 1e-200, 2e-200]
CORNER = [math.sqrt(3) / 2 + 0.5, 0.5 - math.sqrt(3) / 2, 1.0]
SHRUNK = [0.012, 0.016, 0.0]
# By kind, for every edge: words of the declaration, and the result as numbers, by name, or as a column of the data.
TABLE: dict[str, list[tuple[str, list[float] | str]]] = {
    "none": [("This rule has no threshold", SAME), ("Passed on", SAME), ("Passed on", SAME), ("No norm", SAME)],
    "by_norm": [("Unchanged", SAME), ("Passed on", SAME), ("Passed on", SAME), (KEPT, UNIT)],
    "by_value": [
        ("Unchanged", "torch.clip_grad_value_"),
        ("That entry becomes v", "torch.clip_grad_value_"),
        ("stays NaN", "torch.clip_grad_value_"),
        ("No norm", "torch.clip_grad_value_"),
    ],
    # The corner of the square that is rotated by 30°: (v cos φ + v sin φ, v sin φ − v cos φ).
    "by_value_turned": [
        ("Unchanged", SAME),
        ("a corner of the square", CORNER),
        ("Both coordinates become NaN", [NAN, NAN, 1.0]),
        ("No norm", CORNER),
    ],
    "by_norm_pytorch": [
        ("0.999999", "torch.clip_grad_norm_"),
        ("That entry becomes NaN, the others 0", "torch.clip_grad_norm_"),
        ("All entries become NaN", "torch.clip_grad_norm_"),
        ("every entry 0", "torch.clip_grad_norm_"),
    ],
    # The first gradient has the norms 1.4 and 0.8; see test_frameworks.py for gradients at the threshold.
    "by_one_norm_pytorch": [
        ("slightly less than 1", [0.6 / 1.400001, 0.8 / 1.400001, 0.0]),
        ("That entry becomes NaN, the others 0", "torch.clip_grad_norm_"),
        ("All entries become NaN", "torch.clip_grad_norm_"),
        (KEPT, UNIT),
    ],
    "by_max_norm_pytorch": [
        ("slightly less than 1", SAME),
        ("That entry becomes NaN, the others 0", "torch.clip_grad_norm_"),
        ("All entries become NaN", "torch.clip_grad_norm_"),
        (KEPT, UNIT),
    ],
    "random_step": [
        ("Unchanged", SAME),
        ("A random gradient of norm v", RANDOM),
        ("A random gradient of norm v", RANDOM),
        ("like every norm above the threshold", RANDOM),
    ],
    "by_norm_pascanu": [("Scaled by 1", SAME), ("Passed on", SAME), ("Passed on", SAME), (KEPT, UNIT)],
    "by_norm_keras": [
        ("Unchanged except for rounding", "keras global_clipnorm"),
        ("All entries become NaN", "keras global_clipnorm"),
        ("All entries become NaN", "keras global_clipnorm"),
        ("all entries NaN", "keras global_clipnorm"),
    ],
    "by_norm_optax": [
        ("Scaled by 1", "optax clip_by_global_norm"),
        ("That entry becomes NaN, the others 0", "optax clip_by_global_norm"),
        ("All entries become NaN", "optax clip_by_global_norm"),
        ("every entry 0", "optax clip_by_global_norm"),
    ],
    "skip_nonfinite": [
        ("This rule has no threshold", SAME),
        ("becomes 0", [0.0, 0.0, 0.0]),
        ("becomes 0", [0.0, 0.0, 0.0]),
        ("the gradient passes", SAME),
    ],
    "by_norm_else_random": [
        ("Unchanged", SAME),
        ("A random gradient of norm v", RANDOM),
        ("A random gradient of norm v", RANDOM),
        (KEPT, UNIT),
    ],
    "by_norm_else_shrink": [
        ("Unchanged", SAME),
        ("0.02 times the recurrent weights, 0 for all else", SHRUNK),
        ("Replaced as well", SHRUNK),
        ("Replaced as well", SHRUNK),
    ],
    "step_by_norm": [("Unchanged", SAME), ("passed on", SAME), ("passed on", SAME), (KEPT, UNIT)],
    "by_variable_keras": [
        ("Unchanged", "keras clipnorm (per variable)"),
        ("the others of its variable 0", "keras clipnorm (per variable)"),
        ("Its variable becomes NaN", "keras clipnorm (per variable)"),
        ("its gradient 0", "keras clipnorm (per variable)"),
    ],
    # The second unit's weight is 0.5, and so is its bound.
    "adaptive_by_unit": [
        ("Scaled by 1", SAME),
        ("the others of its unit 0", [NAN, 0.0, 0.5]),
        ("Its unit becomes NaN", [NAN, NAN, 0.5]),
        ("its gradient 0", [0.0, 0.0, 0.5]),
    ],
    # With c = 1 every entry becomes 1, and the norm of three components is the root of 3.
    "by_value_then_norm": [
        ("slightly less than 1", "torch.clip_grad_norm_"),
        ("That entry becomes c, with its sign", [1 / (math.sqrt(3) + 1e-6)] * 3),
        ("All entries become NaN", "torch.clip_grad_norm_"),
        ("the norm cannot overflow", [1 / (math.sqrt(3) + 1e-6)] * 3),
    ],
    "by_norm_then_mean": [("Unchanged", SAME), ("Passed on", SAME), ("Passed on", SAME), (KEPT, UNIT)],
    # v = μ + z₀ s z₀/z: what stands out without measure is made as small as it was large.
    "zclip": [("Unchanged", SAME), ("Passed on", SAME), ("Passed on", SAME), (KEPT, [0.999999e-200, 0.0, 0.0])],
    "autoclip": [
        ("slightly less than 1", "torch.clip_grad_norm_"),
        ("That entry becomes NaN, the others 0", "torch.clip_grad_norm_"),
        ("All entries become NaN", "torch.clip_grad_norm_"),
        ("every entry becomes 0", "torch.clip_grad_norm_"),
    ],
    "by_norm_pytorch_error": [
        ("0.999999", "torch.clip_grad_norm_"),
        ("PyTorch raises a RuntimeError; here all entries become NaN", [NAN] * 3),
        ("PyTorch raises a RuntimeError; here all entries become NaN", [NAN] * 3),
        ("PyTorch raises a RuntimeError; here all entries become NaN", [NAN] * 3),
    ],
    "autoclip_window": [
        ("slightly less than 1", "torch.clip_grad_norm_"),
        ("That entry becomes NaN, the others 0", "torch.clip_grad_norm_"),
        ("All entries become NaN", "torch.clip_grad_norm_"),
        ("every entry becomes 0", "torch.clip_grad_norm_"),
    ],
}
PARAMETERS = {
    "zclip": {"score": 1.0},
    "autoclip": {"percentile": 50.0},
    "autoclip_window": {"percentile": 50.0, "window": 10},
    "adaptive_by_unit": {"factor": 1.0},
    "by_value_turned": {"threshold": 1.0, "angle": 30.0},
}


def thresholds(kind: str, value: float) -> dict[str, float]:
    """All thresholds of a clip, set to one value."""
    return {name: value for name in CLIPS[kind].defaults if name.endswith("threshold")}


def initial_state(kind: str, clip: Transform) -> State:
    """A state of the clip with which its threshold is 1."""
    if kind == "zclip":  # mean 0, and a deviation that is 1 after 1e-6 is added
        return tensor([0.0]), tensor([0.999999**2]), tensor([25.0])
    state = clip.init(THETA)
    if kind == "autoclip_window":  # nine norms of 1
        for _ in range(9):
            _, state = clip.update(tensor([1.0, 0.0, 0.0]), state, THETA)
    return (torch.ones(9, dtype=torch.float64),) if kind == "autoclip" else state


def clip_gradient(kind: str, gradient: Tensor) -> Tensor:
    """A gradient, or a step, after one clip with a threshold of 1."""
    chosen = PARAMETERS.get(kind, thresholds(kind, 1.0))
    clip = CLIPS[kind].build(chosen, VARIABLES)
    passed, _ = clip.update(gradient, initial_state(kind, clip), THETA)
    return passed if clip.limit is None else clip.limit(passed)


def test_every_clip_has_a_row_of_all_edges() -> None:
    assert set(TABLE) == set(CLIPS.entries)
    assert {len(row) for row in TABLE.values()} == {len(EDGES)} == {len(CASES)}


@pytest.mark.parametrize(("edge", "case"), list(zip(EDGES, CASES, strict=True)))
@pytest.mark.parametrize("kind", TABLE)
def test_a_clip_does_at_the_edges_what_it_declares(kind: str, edge: str, case: str) -> None:
    declared, expected = TABLE[kind][EDGES.index(edge)]
    assert declared in CLIPS[kind].documentation.notes[edge]
    gradient = tensor([number for part in ROWS[case]["g"] for number in part])
    result = clip_gradient(kind, gradient)
    if expected == RANDOM:
        assert norm(result).item() == pytest.approx(1, rel=4e-16)
        assert not torch.equal(result.abs(), gradient.nan_to_num().abs())
        return
    if isinstance(expected, str):
        expected = [number for part in ROWS[case]["g" if expected == SAME else expected] for number in part]
    torch.testing.assert_close(result, tensor(expected), rtol=1e-15, atol=0, equal_nan=True)


UNTOUCHED = [
    kind
    for kind, entry in CLIPS.entries.items()
    if "threshold" in entry.defaults and entry.documentation.notes["At threshold"].startswith("Unchanged")
]


@pytest.mark.parametrize("kind", UNTOUCHED)
def test_gradients_at_a_threshold_of_49_are_untouched_as_declared(kind: str) -> None:
    """49 (1/49) is less than 1 in float64. Only clips that declare rounding may change the gradient by that."""
    gradient, clip = tensor([49.0, 0.0, 0.0]), CLIPS[kind].build(thresholds(kind, 49.0), VARIABLES)
    passed, _ = clip.update(gradient, clip.init(THETA), THETA)
    passed = passed if clip.limit is None else clip.limit(passed)
    if "except for" in CLIPS[kind].documentation.notes["At threshold"]:
        torch.testing.assert_close(passed, gradient, rtol=4e-16, atol=0)
    else:
        assert torch.equal(passed, gradient)


def test_keras_is_off_by_one_unit_in_the_last_place_at_a_threshold_of_49() -> None:
    gradient = tensor([49.0, 0.0, 0.0])
    passed, _ = CLIPS["by_norm_keras"].function(49.0).update(gradient, (), THETA)
    assert passed[0] == torch.nextafter(gradient, torch.zeros_like(gradient))[0]


SIGNED = {"by_value_turned": 2, "by_value_then_norm": 1}


def test_the_sign_of_inf_only_changes_the_sign_of_the_result() -> None:
    """Clipping by value replaces Inf by its threshold with its sign. No other result depends on the sign."""
    positive, negative = (tensor([sign * INF, 1.0, 2.0]) for sign in (1, -1))
    for kind in TABLE:
        up, down = clip_gradient(kind, positive), clip_gradient(kind, negative)
        # Rotated axes spread an entry over two coordinates, and a second rule scales the clamped entry.
        count = SIGNED.get(kind, int(down[0] in (-1, -INF)))
        mirrored = torch.cat([-down[:count], down[count:]])
        torch.testing.assert_close(up, mirrored, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("kind", ["zclip"])
def test_an_overflow_in_the_warm_up_disables_zclip(kind: str) -> None:
    """As declared: the variance becomes Inf, and no norm is an outlier any more."""
    assert "During the warm-up the variance becomes Inf" in CLIPS[kind].documentation.notes["Norm overflow"]
    clip = CLIPS[kind].function(warm_up=2)
    state = clip.init(THETA)
    for size in (1e200, 1.0, 1.0, 1e9):
        gradient = tensor([size, 0.0, 0.0])
        passed, state = clip.update(gradient, state, THETA)
        assert torch.equal(passed, gradient)
    assert state[1].isinf().all() or state[1].isnan().all()

"""A table over every clip: at the threshold, with one Inf, with one NaN, with a norm whose square overflows.

The gradients are those of ``clip_semantics.json``, two tensors of two and one entries, with v = 1. What comes out is
read there where the clip is a library's, and else written down from its rule; beside it stands what is declared.
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
# Kind: what is declared at each edge, and what comes out there: numbers, a word, or a column of the data.
TABLE: dict[str, list[tuple[str, list[float] | str]]] = {
    "none": [("This rule has no threshold", SAME), ("Passed on", SAME), ("Passed on", SAME), ("No norm", SAME)],
    "by_norm": [("Unchanged", SAME), ("Passed on", SAME), ("Passed on", SAME), (KEPT, UNIT)],
    "by_value": [
        ("Unchanged", "torch.clip_grad_value_"),
        ("That entry becomes v", "torch.clip_grad_value_"),
        ("stays NaN", "torch.clip_grad_value_"),
        ("No norm", "torch.clip_grad_value_"),
    ],
    # The corner of the square that is turned by 30°: (v cos φ + v sin φ, v sin φ − v cos φ).
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
    # v = μ + z₀ s z₀/z: what stands out without measure is made as small as it was large.
    "zclip": [("Unchanged", SAME), ("Passed on", SAME), ("Passed on", SAME), (KEPT, [0.999999e-200, 0.0, 0.0])],
    "autoclip": [
        ("slightly less than 1", "torch.clip_grad_norm_"),
        ("That entry becomes NaN, the others 0", "torch.clip_grad_norm_"),
        ("All entries become NaN", "torch.clip_grad_norm_"),
        ("every entry becomes 0", "torch.clip_grad_norm_"),
    ],
}
PARAMETERS = {
    "zclip": {"score": 1.0},
    "autoclip": {"percentile": 50.0},
    "adaptive_by_unit": {"factor": 1.0},
    "by_value_turned": {"threshold": 1.0, "angle": 30.0},
}


def seen(kind: str, clip: Transform) -> State:
    """What a clip remembers beforehand, such that its threshold is 1."""
    if kind == "zclip":  # mean 0, and a deviation that is 1 with what is added to it
        return tensor([0.0]), tensor([0.999999**2]), tensor([25.0])
    return (torch.ones(9, dtype=torch.float64),) if kind == "autoclip" else clip.init(THETA)


def treated(kind: str, gradient: Tensor) -> Tensor:
    """What one clip makes of a gradient, or of a step, when its threshold is 1."""
    chosen = PARAMETERS.get(kind, {"threshold": 1.0} if "threshold" in CLIPS[kind].defaults else {})
    clip = CLIPS[kind].build(chosen, VARIABLES)
    passed, _ = clip.update(gradient, seen(kind, clip), THETA)
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
    result = treated(kind, gradient)
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
def test_untouched_at_a_threshold_whose_inverse_is_rounded(kind: str) -> None:
    """49 (1/49) is less than 1: what is untouched "but for rounding" may be off by that, all else by nothing."""
    gradient, clip = tensor([49.0, 0.0, 0.0]), CLIPS[kind].build({"threshold": 49.0}, VARIABLES)
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


def test_a_gradient_that_is_no_number_is_no_different_with_a_minus() -> None:
    """All that changes with the sign of Inf is the sign of what clipping by value puts in its place."""
    positive, negative = (tensor([sign * INF, 1.0, 2.0]) for sign in (1, -1))
    for kind in TABLE:
        up, down = treated(kind, positive), treated(kind, negative)
        # Turned axes share an entry out over two coordinates.
        count = 2 if kind == "by_value_turned" else int(down[0] in (-1, -INF))
        mirrored = torch.cat([-down[:count], down[count:]])
        torch.testing.assert_close(up, mirrored, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("kind", ["zclip"])
def test_a_giant_in_the_warm_up_ends_zclips_clipping(kind: str) -> None:
    """As it declares: the variance becomes Inf, and nothing stands out any more."""
    assert "During the warm-up the variance becomes Inf" in CLIPS[kind].documentation.notes["Norm overflow"]
    clip = CLIPS[kind].function(warm_up=2)
    state = clip.init(THETA)
    for size in (1e200, 1.0, 1.0, 1e9):
        gradient = tensor([size, 0.0, 0.0])
        passed, state = clip.update(gradient, state, THETA)
        assert torch.equal(passed, gradient)
    assert state[1].isinf().all() or state[1].isnan().all()

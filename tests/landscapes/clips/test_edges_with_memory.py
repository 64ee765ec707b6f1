"""What a clip with a memory does at the edges depends on its memory: each clause of its sentences, and a state for it.

``test_edges.py`` has the table of all clips in one state. Here are the first gradient, and states in which another
clause of the sentence applies.
"""

import math
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.family import EDGES
from cliffscape.landscapes.transform import State, Transform, norm
from tests.reference import tensor

INF, NAN = math.inf, math.nan
THETA = tensor([0.6, 0.8])
GRADIENTS = dict(zip(EDGES, ([0.6, 0.8], [INF, 1.0], [NAN, 1.0], [1e200, 1e200]), strict=True))
SAME, RANDOM = "the gradient itself", "a random vector of norm 1"
MEMORY = {entry.kind for entry in CLIPS if entry.function().init(THETA)}


class Claim(NamedTuple):
    """A clause of a clip's sentence about an edge, the norms before the gradient, and the result."""

    kind: str
    edge: str
    clause: str
    before: list[float]
    result: list[float] | str
    percentile: float = 10.0


NORM, ONE_INF, ONE_NAN, OVERFLOW = EDGES
FEW, MANY = [1.0], [1.0] * 9
RANKED, FIRST = "if the percentile ranks below the largest finite norm", "as at the first gradient"
WARM = [1.0, 1.2, 0.8] * 10
RANDOM_KINDS = [kind for kind in sorted(MEMORY) if "random" in kind]
AUTOCLIPS = ("autoclip", "autoclip_window")
AUTOCLIP_CLAIMS = [
    Claim("autoclip", NORM, "the first gradient is always at the threshold", [], [0.6 / 1.000001, 0.8 / 1.000001]),
    Claim("autoclip", ONE_INF, FIRST, [], [NAN, NAN]),
    Claim("autoclip", ONE_INF, RANKED, MANY, [NAN, 0.0]),
    Claim("autoclip", ONE_INF, "If not, all entries become NaN", MANY, [NAN, NAN], 100.0),
    # Of the norms 1, 1 and Inf the median is the largest finite one.
    Claim("autoclip", ONE_INF, "If not, all entries become NaN", FEW * 2, [NAN, NAN], 50.0),
    Claim("autoclip", ONE_INF, "The Inf stays among the norms", [*FEW, INF], [NAN, NAN]),
    Claim("autoclip", ONE_NAN, "All entries become NaN", [], [NAN, NAN]),
    Claim("autoclip", ONE_NAN, "All entries become NaN", MANY, [NAN, NAN]),
    Claim("autoclip", OVERFLOW, FIRST, [], [NAN, NAN]),
    Claim("autoclip", OVERFLOW, RANKED, MANY, [0.0, 0.0]),
    Claim("autoclip", OVERFLOW, "If not, every entry becomes NaN", FEW, [NAN, NAN]),
]
CLAIMS = [
    *(claim._replace(kind=kind) for kind in AUTOCLIPS for claim in AUTOCLIP_CLAIMS),
    Claim("zclip", NORM, "Unchanged", [], SAME),
    Claim("zclip", ONE_INF, "Passed on", [], SAME),
    Claim("zclip", ONE_INF, "Passed on", WARM, SAME),
    Claim("zclip", ONE_NAN, "Passed on", [], SAME),
    Claim("zclip", ONE_NAN, "Passed on", WARM, SAME),
    Claim("zclip", OVERFLOW, "nothing is clipped, then or later", [], SAME),
    Claim("zclip", OVERFLOW, "nothing is clipped, then or later", MANY, SAME),
    *(Claim(kind, NORM, "Unchanged", before, SAME) for kind in RANDOM_KINDS for before in ([], MANY)),
    *(
        Claim(kind, edge, "A random gradient of norm v", before, RANDOM)
        for kind in RANDOM_KINDS
        for edge in (ONE_INF, ONE_NAN)
        for before in ([], [*MANY, INF], [NAN, 1.0])
    ),
    *(Claim("random_step", OVERFLOW, "Replaced", before, RANDOM) for before in ([], MANY)),
    Claim("by_norm_else_random", OVERFLOW, "Clipped like any other", [], [math.sqrt(0.5)] * 2),
    Claim("by_norm_else_random", OVERFLOW, "Clipped like any other", [INF], [math.sqrt(0.5)] * 2),
]


def remember(clip: Transform, norms: list[float]) -> State:
    """The state after gradients of these norms."""
    state = clip.init(THETA)
    for size in norms:
        _, state = clip.update(tensor([size, 0.0]), state, THETA)
    return state


def build(kind: str, chosen: dict[str, float]) -> Transform:
    """The clip, with a threshold of 1 if it has one."""
    threshold = {"threshold": 1.0} if "threshold" in CLIPS[kind].defaults else {}
    return CLIPS[kind].function(**threshold, **chosen)


def test_every_clip_with_a_memory_has_a_claim_for_every_edge_at_its_first_gradient() -> None:
    assert {(claim.kind, claim.edge) for claim in CLAIMS if not claim.before} == {
        (kind, edge) for kind in MEMORY for edge in EDGES
    }


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.kind}, {claim.edge}, {len(claim.before)}")
def test_each_clause_holds_in_the_state_that_it_names(claim: Claim) -> None:
    assert claim.clause in CLIPS[claim.kind].documentation.notes[claim.edge]
    clip, gradient = (
        build(claim.kind, {"percentile": claim.percentile} if claim.kind in AUTOCLIPS else {}),
        tensor(GRADIENTS[claim.edge]),
    )
    result, _ = clip.update(gradient, remember(clip, claim.before), THETA)
    if claim.result == RANDOM:
        assert norm(result).item() == pytest.approx(1, rel=4e-16)
        assert not torch.equal(result.abs(), gradient.nan_to_num().abs())
        return
    expected = gradient if claim.result == SAME else tensor(claim.result)
    torch.testing.assert_close(result, expected, rtol=1e-12, atol=0, equal_nan=True)


@pytest.mark.parametrize("share", [0.0, 10.0, 50.0, 90.0, 100.0])
@pytest.mark.parametrize("infinite", [0, 1, 3])
@pytest.mark.parametrize("finite", [0, 1, 2, 3, 12])
@pytest.mark.parametrize("kind", AUTOCLIPS)
def test_autoclips_percentile_decides_between_0_and_nan(kind: str, share: float, infinite: int, finite: int) -> None:
    """Of n norms, k of them Inf with the present one, the largest finite one has rank n - k - 1, counted from 0."""
    # A window that holds all of them.
    clip = build(kind, {"percentile": share, **({"window": 32} if kind == "autoclip_window" else {})})
    state = remember(clip, [1.0] * finite + [INF] * infinite)
    rank = share / 100 * (finite + infinite)
    below = rank < finite - 1
    for edge, if_below in ((ONE_INF, [NAN, 0.0]), (OVERFLOW, [0.0, 0.0])):
        result, _ = clip.update(tensor(GRADIENTS[edge]), state, THETA)
        expected = tensor(if_below if below else [NAN, NAN])
        torch.testing.assert_close(result, expected, rtol=0, atol=0, equal_nan=True)


def moments(state: State) -> list[float]:
    """ZClip's mean and variance."""
    return [float(part) for part in state[:2]]


@pytest.mark.parametrize("special", [INF, NAN])
def test_zclip_counts_a_step_that_is_not_finite(special: float) -> None:
    assert "During the warm-up this step is still counted" in CLIPS["zclip"].documentation.notes[ONE_NAN]
    assert "so later norms have less weight in the mean" in CLIPS["zclip"].documentation.notes[ONE_INF]
    clip = build("zclip", {})
    for before in ([2.0], WARM):
        assert moments(remember(clip, [*before, special])) == moments(remember(clip, before))
    assert moments(remember(clip, [2.0, 4.0]))[0] == 3
    assert moments(remember(clip, [2.0, special, 4.0]))[0] == pytest.approx(2 + 2 / 3)


@pytest.mark.parametrize("calm", [0, 1, 5])
def test_zclip_clips_nothing_after_an_overflow_in_the_warm_up(calm: int) -> None:
    clip = build("zclip", {"warm_up": 10})
    assert (
        "the variance becomes Inf or NaN, with this gradient or with the next"
        in CLIPS["zclip"].documentation.notes[OVERFLOW]
    )
    assert not math.isfinite(moments(remember(clip, [1.0] * calm + [1e200, 1.0]))[1])
    for outlier in (1e6, 1e300):
        gradient: Tensor = tensor([outlier, 0.0])
        passed, _ = clip.update(gradient, remember(clip, [1.0] * calm + [1e200] + [1.0] * 20), THETA)
        assert torch.equal(passed, gradient)


def test_zclip_clips_an_overflow_after_the_warm_up() -> None:
    clip = build("zclip", {})
    passed, state = clip.update(tensor(GRADIENTS[OVERFLOW]), remember(clip, WARM), THETA)
    assert 0 < norm(passed).item() < 2 and math.isfinite(moments(state)[1])

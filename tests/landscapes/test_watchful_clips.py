"""Clips that watch the run: ZClip against its algorithm written out, and skipping what is not finite."""

import math

import pytest
import torch
from torch import Tensor

from landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from landscapes.descent import trajectory
from tests.landscapes.test_clips import clipped, samples
from tests.reference import tensor


def norms_after(kind: str, norms: list[float], **chosen: float) -> list[float]:
    """Norms of gradients ``(n, 0)`` after one clip that has seen them all."""
    clip, theta = CLIPS[kind].function(**chosen), torch.zeros(2, dtype=torch.float64)
    state, found = clip.init(theta), []
    for size in norms:
        gradient, state = clip.update(tensor([size, 0.0]), state, theta)
        found.append(float(gradient[0]))
    return found


def written_out(norms: list[float], score: float, decay: float, warm_up: int) -> list[float]:
    """ZClip with plain numbers: mean and variance of the first norms, then moving ones of what came out."""
    first = norms[:warm_up]
    mean = sum(first) / warm_up
    variance = sum((size - mean) ** 2 for size in first) / warm_up
    found = list(first)
    for size in norms[warm_up:]:
        z = (size - mean) / (math.sqrt(variance) + 1e-6)
        kept = mean + score * math.sqrt(variance) * score / z if z > score else size
        mean = decay * mean + (1 - decay) * kept
        variance = decay * variance + (1 - decay) * (kept - mean) ** 2
        found.append(kept)
    return found


def test_zclip_is_its_papers_algorithm() -> None:
    generator = torch.Generator().manual_seed(4)
    norms = (1 + 0.1 * torch.randn(80, generator=generator, dtype=torch.float64)).abs()
    norms[40], norms[41], norms[60] = 50.0, 1.6, 1000.0
    expected = written_out(norms.tolist(), 2.5, 0.97, 25)
    found = norms_after("zclip", norms.tolist(), score=2.5, decay=0.97, warm_up=25)
    assert found == pytest.approx(expected, rel=1e-10)
    assert found[40] < 1.5 and found[60] < 1.5
    assert sum(a != b for a, b in zip(found, norms.tolist(), strict=True)) >= 3


def test_zclip_only_watches_while_it_warms_up() -> None:
    norms = [1.0, 1.1, 900.0, 0.9, 1.0]
    assert norms_after("zclip", norms, warm_up=5) == norms


def test_what_is_not_finite_leaves_no_trace_in_zclips_memory() -> None:
    calm = [1.0, 1.2, 0.8, 1.1, 0.9] * 5
    clean = norms_after("zclip", [*calm, 40.0], warm_up=4)
    stained = norms_after("zclip", [*calm, math.inf, 40.0], warm_up=4)
    assert stained[-1] == pytest.approx(clean[-1], rel=1e-12)


def test_every_finite_gradient_passes_where_only_the_others_are_skipped() -> None:
    gradients = torch.cat([samples(), tensor([[1e300, 1e300, 1e300]])])
    assert torch.equal(clipped("skip_nonfinite", gradients), gradients)


def test_after_skipping_gradient_descent_stands_still() -> None:
    """Where the gradient is not finite it never gets away; that is what the random step is for."""

    def edge(theta: Tensor) -> Tensor:
        return (theta.exp().exp() ** 2).sum(-1)

    start = tensor([8.0, 0.0])
    run = trajectory(edge, start, OPTIMIZERS["gradient_descent"].function(0.1), CLIPS["skip_nonfinite"].function(), 5)
    assert torch.equal(run.position, start.expand(6, 2))
    assert LANDSCAPES["rosenbrock"].loss()(start).isfinite()

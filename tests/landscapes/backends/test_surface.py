"""Surfaces: losses by a compiled routine, and in blocks."""

import pytest
import torch

from cliffscape.landscapes.backends.c_compiler import compile_routine
from cliffscape.landscapes.backends.surface import BLOCK, SurfaceRecipe, evaluate_points, losses
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests import node
from tests.routes import STRUCTURES, needs_compiler

TRACEABLE = [entry.kind for entry in LANDSCAPES if not entry.no_kernel]


@needs_compiler
@pytest.mark.parametrize("kind", TRACEABLE)
def test_compiled_points_equal_those_of_pytorch(kind: str) -> None:
    entry, points = LANDSCAPES[kind], LANDSCAPES[kind].window.grid(9, 7).reshape(-1, 2)
    values = {f"landscape.{one.name}": float(one.default) for one in entry.parameters if not one.range.structural}
    structural = STRUCTURES.get(kind, {})
    value, gradient = value_and_gradient(entry.loss(**structural), points)
    routine = compile_routine(SurfaceRecipe(kind, structural).routine())
    assert routine is not None
    loss, norm = evaluate_points(routine, points, values)
    torch.testing.assert_close(loss, value, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(norm, gradient.norm(dim=-1), rtol=1e-8, atol=1e-10)


@needs_compiler
def test_the_loss_alone_in_single_precision() -> None:
    entry = LANDSCAPES["one_unit_rnn"]
    points = entry.window.grid(33, 33).reshape(-1, 2)
    flat = SurfaceRecipe("one_unit_rnn", with_gradient=False)
    routine = compile_routine(flat.routine(), dtype=torch.float32)
    assert routine is not None
    values = {"landscape.initial_state": 0.5, "landscape.target": 0.7}
    (loss,) = evaluate_points(routine, points.float(), values, with_gradient=False)
    assert float((loss - entry.loss()(points)).abs().median()) < 1e-6
    assert flat.identity != SurfaceRecipe("one_unit_rnn").identity


def test_kernels_of_surfaces_equal_pytorch() -> None:
    """Every landscape on a grid, all in one Node process."""
    jobs, places = [], []
    for entry in map(LANDSCAPES.__getitem__, TRACEABLE):
        points = entry.window.grid(9, 7).reshape(-1, 2)
        kernel = SurfaceRecipe(entry.kind).kernel()
        values = [float(entry.defaults[name.removeprefix("landscape.")]) for name in kernel.parameters]
        jobs.append(node.Call(kernel.source, "measure", points, 2, values))
        places.append((entry, points))
    for (entry, points), found in zip(places, node.run(jobs), strict=True):
        value, gradient = value_and_gradient(entry.loss(), points)
        expected = torch.stack([value, gradient.norm(dim=-1)], -1)
        torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-10, equal_nan=True, msg=entry.kind)


def test_losses_in_blocks_equal_those_of_all_points_together() -> None:
    points = torch.rand(2 * BLOCK + 5, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    loss = LANDSCAPES["himmelblau"].loss()
    torch.testing.assert_close(losses(loss, points), loss(points), rtol=1e-14, atol=0)


def test_a_landscape_without_a_kernel_has_no_surface_routine() -> None:
    with pytest.raises(UntraceableError):
        SurfaceRecipe("heavy_tails").routine()

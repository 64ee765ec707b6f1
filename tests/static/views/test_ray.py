"""The relief's ray: the point of the mesh that a line of sight meets first."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests import node

RAY = Path(__file__).parents[3] / "static" / "js" / "views" / "relief" / "ray.js"
# A mesh of 41 x 70 points over [-1, 1]^2 with its height as a formula of x and y; a miss is NaN.
MESH = """
const [lines, count] = [41, 70];
const grid = (f) => Float64Array.from({{ length: lines * count }}, (_, k) =>
  f(2 * (k % count) / (count - 1) - 1, 2 * Math.floor(k / count) / (lines - 1) - 1));
const mesh = {{ lines, count, across: grid((x) => x), upward: grid((x, y) => y), z: grid((x, y) => {height}) }};
mesh.boxes = boxesOf(mesh);
export const f = (_, a, b, c, d, e, g) => pick([[a, b, c], [d, e, g]], mesh) ?? [NaN, NaN];
"""


def met(height: str, near: Tensor, far: Tensor) -> Tensor:
    """Where rays ``near (N, 3)`` to ``far (N, 3)`` meet the mesh, ``(N, 2)``."""
    source = RAY.read_text(encoding="utf-8") + MESH.format(height=height)
    return node.run([node.Call(source, "f", torch.cat([near, far], 1), results=2)])[0]


def cloud(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Eyes above the mesh and points on the ground."""
    random = torch.Generator().manual_seed(seed)
    draw = torch.rand(2, count, 3, generator=random, dtype=torch.float64) * 2 - 1
    above = draw[0] * torch.tensor([2.0, 2.0, 0.5]) + torch.tensor([0.0, 0.0, 4.0])
    return above, draw[1] * torch.tensor([1.3, 1.3, 0.0]) - torch.tensor([0.0, 0.0, 2.0])


def test_on_a_plane_it_agrees_with_the_closed_form() -> None:
    near, far = cloud(500)
    above = near[:, 2] - (0.3 * near[:, 0] - 0.2 * near[:, 1])
    below = far[:, 2] - (0.3 * far[:, 0] - 0.2 * far[:, 1])
    share = (above / (above - below))[:, None]
    point = (near + share * (far - near))[:, :2]
    found = met("0.3 * x - 0.2 * y", near, far)
    hit = point.abs().amax(1) < 1
    assert 100 < hit.sum() < 400
    assert torch.allclose(found[hit], point[hit], atol=1e-9)
    assert found[~hit].isnan().all()


def test_on_a_ridge_it_is_on_the_near_side() -> None:
    near = torch.tensor([[3.0, 0.01, 0.5], [-3.0, 0.01, 0.5]], dtype=torch.float64)
    found = met("1 - Math.abs(x)", near, near * torch.tensor([-1.0, 1.0, 1.0]))
    expected = torch.tensor([[0.5, 0.01], [-0.5, 0.01]], dtype=torch.float64)
    assert torch.allclose(found, expected, atol=1e-9)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_ray_along_an_axis_does_not_divide_by_zero(axis: int) -> None:
    middle = torch.tensor([[0.25, -0.35, 0.0]], dtype=torch.float64)
    away = torch.zeros(1, 3, dtype=torch.float64)
    away[0, axis] = 5.0
    found = met("x + y + 0.1", middle + away, middle - away)
    expected = torch.tensor([[0.25, -0.35]], dtype=torch.float64)
    if axis != 2:  # the plane lies at height 0 where x + y = -0.1
        expected[0, axis] = -0.1 - middle[0, 1 - axis]
    assert torch.allclose(found, expected, atol=1e-9)

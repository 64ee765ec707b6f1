"""Attention that can be differentiated twice."""

import torch
from torch.nn.functional import scaled_dot_product_attention

from cliffscape.landscapes.models.attention import plain_attention


def test_plain_attention_has_a_second_derivative() -> None:
    query = torch.randn(1, 1, 3, 4, generator=torch.Generator().manual_seed(0), requires_grad=True)
    with plain_attention():
        value = scaled_dot_product_attention(query, query, query).sum()
    (slope,) = torch.autograd.grad(value, query, create_graph=True)
    (curvature,) = torch.autograd.grad(slope.square().sum(), query)
    assert bool(curvature.isfinite().all())

"""The functions of formulas: values, ties, and both ends of float64."""

import torch

from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from cliffscape.landscapes.formula.functions import FUNCTIONS, absolute, larger, smaller, softplus, tangent, total
from tests.reference import tensor

LINE = torch.linspace(-3, 3, 61, dtype=torch.float64)


def test_values_are_those_of_pytorch() -> None:
    other = LINE.flip(0)
    assert torch.equal(absolute(LINE), LINE.abs())
    assert torch.equal(larger(LINE, other), torch.maximum(LINE, other))
    assert torch.equal(smaller(LINE, other), torch.minimum(LINE, other))
    assert torch.equal(total(LINE, other, LINE), LINE + other + LINE)
    torch.testing.assert_close(softplus(LINE), torch.nn.functional.softplus(LINE), rtol=1e-14, atol=0)
    torch.testing.assert_close(tangent(LINE), torch.tan(LINE), rtol=1e-13, atol=0)


def test_large_numbers_and_nan() -> None:
    far = tensor(-torch.inf, -800.0, 800.0, torch.inf, torch.nan)
    assert softplus(far)[:4].tolist() == [0, 0, 800, torch.inf] and softplus(far)[4].isnan()
    assert absolute(far)[:4].tolist() == [torch.inf, 800, 800, torch.inf] and absolute(far)[4].isnan()
    for function in (larger, smaller):
        assert function(far, far.flip(0))[[0, 4]].isnan().all()
        assert function(tensor(torch.inf), tensor(-torch.inf)).isinf()


def test_gradients_at_ties_are_one_of_both_and_finite() -> None:
    for function, expected in ((larger, [0.0, 1.0]), (smaller, [0.0, 1.0])):
        gradient = value_and_gradient(lambda theta, f=function: f(*theta.unbind(-1)), tensor([1.0, 1.0]))[1]  # type: ignore[misc]
        assert gradient.tolist() == expected
    assert value_and_gradient(lambda theta: absolute(theta).sum(-1), tensor([0.0, -2.0]))[1].tolist() == [0, -1]


def test_second_derivatives_exist() -> None:
    low, high = curvatures(lambda theta: softplus(theta[..., 0]) + absolute(theta[..., 1]), tensor([0.0, 1.0]))
    assert (low.item(), high.item()) == (0.0, 0.25)


def test_every_function_counts_its_operations() -> None:
    assert all(function.operations >= 1 and function.least <= function.most for function in FUNCTIONS.values())

"""Every op of the tables, traced from the real PyTorch call and run in Node, equals PyTorch."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.tracing.operations import CONSTANT, POINTWISE, SAME, STRUCTURE
from cliffscape.landscapes.tracing.program import Program
from cliffscape.landscapes.tracing.trace import trace
from tests import node
from tests.reference import tensor

aten = torch.ops.aten
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 40.0, -40.0, 800.0, -800.0, 1e-320, 1e308, math.inf, -math.inf, math.nan]


@dataclass(frozen=True)
class Case:
    """A call over tensors of the given shapes; pointwise ones are tried at special values too.

    ``ulps`` is the error allowed, in units of 2.2e-16 relative: exp, tanh and the like are rounded differently by
    different libraries, the four operations and the square root by none. ``smallest`` excuses numbers near 0, where
    cosines of large angles and denormal results differ by more than that.
    """

    call: Callable[..., Tensor | tuple[Tensor, ...]]
    shapes: tuple[tuple[int, ...], ...] = ((),)
    special: bool = True
    ulps: int = 0
    smallest: float = 0.0


PAIR = ((), ())
# PyTorch may fuse a product with the sum behind it, or add in another order: a rounding of numbers up to 10.
FUSED = 4e-15
CASES: dict[object, list[Case]] = {
    aten.add: [
        Case(aten.add, PAIR),
        Case(lambda a: aten.add(a, 2.5)),
        Case(lambda a, b: aten.add(a, b, alpha=3), PAIR, special=False, smallest=FUSED),
    ],
    aten.sub: [
        Case(aten.sub, PAIR),
        Case(lambda a: aten.sub(a, 1)),
        Case(lambda a, b: aten.sub(a, b, alpha=3), PAIR, special=False, smallest=FUSED),
    ],
    aten.rsub: [Case(lambda a: aten.rsub(a, 1)), Case(aten.rsub, PAIR)],
    aten.mul: [Case(aten.mul, PAIR), Case(lambda a: aten.mul(a, -3)), Case(lambda a: aten.mul(a, 1))],
    aten.div: [Case(aten.div, PAIR), Case(lambda a: aten.div(a, 3)), Case(lambda a: aten.div(a, 1))],
    aten.pow: [Case(lambda a, e=e: aten.pow(a, e), ulps=2) for e in (0, 1, 2, 3, 0.5, 4, -1, 2.5)],
    aten.clamp: [
        Case(lambda a: aten.clamp(a, -1, 2)),
        Case(lambda a: aten.clamp(a, min=0.25)),
        Case(lambda a: aten.clamp(a, max=0.25)),
    ],
    aten.sigmoid_backward: [Case(aten.sigmoid_backward, PAIR)],
    aten.tanh_backward: [Case(aten.tanh_backward, PAIR, ulps=1, smallest=FUSED)],
    aten.relu: [Case(aten.relu)],
    aten.threshold_backward: [Case(lambda g, a: aten.threshold_backward(g, a, 0), PAIR)],
    aten.reciprocal: [Case(aten.reciprocal)],
    aten.square: [Case(aten.square)],
    aten.maximum: [Case(aten.maximum, PAIR)],
    aten.minimum: [Case(aten.minimum, PAIR)],
    aten.lt: [Case(aten.lt, PAIR), Case(lambda a: aten.lt(a, 0.5))],
    aten.le: [Case(aten.le, PAIR), Case(lambda a: aten.le(a, 0.5))],
    aten.gt: [Case(aten.gt, PAIR), Case(lambda a: aten.gt(a, 0.5))],
    aten.ge: [Case(aten.ge, PAIR), Case(lambda a: aten.ge(a, 0.5))],
    aten.eq: [Case(aten.eq, PAIR), Case(lambda a: aten.eq(a, 0.5))],
    aten.ne: [Case(aten.ne, PAIR), Case(lambda a: aten.ne(a, 0.5))],
    aten.bitwise_and: [Case(lambda a, b: aten.bitwise_and(a > 0, b < 1), PAIR)],
    aten.logical_and: [Case(lambda a, b: aten.logical_and(a > 0, b < 1), PAIR)],
    aten.bitwise_or: [Case(lambda a, b: aten.bitwise_or(a > 0, b < 1), PAIR)],
    aten.logical_or: [Case(lambda a, b: aten.logical_or(a > 0, b < 1), PAIR)],
    aten.bitwise_not: [Case(lambda a: aten.bitwise_not(a > 0))],
    aten.logical_not: [Case(lambda a: aten.logical_not(a > 0))],
    aten.where: [Case(lambda a, b: aten.where(a > b, a, b), PAIR), Case(lambda a: aten.where(a.ne(a), 3.0, a))],
    aten.sgn: [Case(aten.sgn)],
    aten.sign: [Case(aten.sign)],
    aten.neg: [Case(aten.neg)],
    aten.abs: [Case(aten.abs)],
    aten.exp: [Case(aten.exp, ulps=2, smallest=1e-300)],
    aten.log: [Case(aten.log, ulps=2)],
    aten.sqrt: [Case(aten.sqrt)],
    aten.sin: [Case(aten.sin, ulps=2, smallest=1e-14)],
    aten.cos: [Case(aten.cos, ulps=2, smallest=1e-14)],
    aten.tanh: [Case(aten.tanh, ulps=4)],
    aten.sigmoid: [Case(aten.sigmoid, ulps=4)],
    aten.remainder: [
        Case(aten.remainder, PAIR),
        *(Case(lambda a, m=m: aten.remainder(a, m)) for m in (2147483647.0, -3.0, 0.75)),
    ],
    aten.floor: [Case(aten.floor)],
    aten.sum: [
        Case(aten.sum, ((2, 3),), special=False, smallest=FUSED),
        Case(lambda a: aten.sum(a, [-1]), ((2, 3),), special=False, smallest=FUSED),
        Case(lambda a: aten.sum(a, [0, 2], True), ((2, 3, 2),), special=False, smallest=FUSED),
        Case(lambda a: aten.sum(a, None), ((2, 3),), special=False, smallest=FUSED),
        Case(lambda a: aten.sum(a, []), ((2, 3),), special=False, smallest=FUSED),
        Case(lambda a: aten.sum(a, [0]), ((),)),
    ],
    aten.amax: [
        Case(lambda a: aten.amax(a, [-1], True), ((2, 3),)),
        Case(aten.amax, ((2, 2),)),
        Case(lambda a: aten.amax(a, [0]), ((3, 2),)),
    ],
    aten.select_backward: [
        Case(lambda g: aten.select_backward(g, [2], 0, 1)),
        Case(lambda g: aten.select_backward(g, [3, 2], 0, -1), ((2,),)),
    ],
    aten.slice_backward: [
        Case(lambda g: aten.slice_backward(g, [2, 5], 1, 1, 5, 2), ((2, 2),)),
        Case(lambda g: aten.slice_backward(g, [5, 2], 0, 0, 9223372036854775807, 1), ((5, 2),)),
    ],
    aten.select: [Case(lambda a: aten.select(a, 0, 1), ((3, 2),)), Case(lambda a: aten.select(a, -1, -1), ((3, 2),))],
    aten.unbind: [Case(lambda a: aten.unbind(a, -1), ((3, 2),)), Case(aten.unbind, ((3,),))],
    aten.stack: [Case(lambda a, b: aten.stack([a, b], -1), ((3,), (3,))), Case(lambda a, b: aten.stack([a, b]), PAIR)],
    aten.cat: [
        Case(lambda a, b: aten.cat([a, b], -1), ((2, 1), (2, 3))),
        Case(lambda a, b: aten.cat([b, a]), ((1,), (2,))),
    ],
    aten.split: [Case(lambda a: aten.split(a, 2, -1), ((2, 5),)), Case(lambda a: aten.split(a, 2), ((4,),))],
    aten.split_with_sizes: [Case(lambda a: aten.split_with_sizes(a, [1, 3, 1], -1), ((2, 5),))],
    aten.slice: [
        Case(lambda a: aten.slice(a, 1, 1, 4, 2), ((2, 5),)),
        Case(lambda a: aten.slice(a, -1, -2), ((2, 5),)),
        Case(lambda a: aten.slice(a, 0, 0, 9223372036854775807), ((3, 2),)),
    ],
    aten.unsqueeze: [Case(lambda a: aten.unsqueeze(a, -1), ((2, 3),)), Case(lambda a: aten.unsqueeze(a, 0), ((2,),))],
    aten.squeeze: [
        Case(aten.squeeze, ((1, 3, 1),)),
        Case(lambda a: aten.squeeze(a, 0), ((1, 3, 1),)),
        Case(lambda a: aten.squeeze(a, 1), ((1, 3, 1),)),
        Case(lambda a: aten.squeeze(a, [0, 1]), ((1, 3, 1),)),
    ],
    aten.view: [Case(lambda a: aten.view(a, [3, 2]), ((2, 3),)), Case(lambda a: aten.view(a, [-1]), ((2, 3),))],
    aten._unsafe_view: [Case(lambda a: aten._unsafe_view(a, [3, 2]), ((2, 3),))],
    aten.expand: [Case(lambda a: aten.expand(a, [2, -1, 4]), ((3, 1),)), Case(lambda a: aten.expand(a, [2, 2]), ((),))],
    aten.permute: [
        Case(lambda a: aten.permute(a, [2, 0, 1]), ((2, 3, 4),)),
        Case(lambda a: aten.permute(a, [-1, 0]), ((2, 3),)),
    ],
    aten.t: [Case(aten.t, ((2, 3),)), Case(aten.t, ((3,),))],
    aten.detach: [Case(aten.detach, ((2, 3),))],
    aten.alias: [Case(aten.alias, ((2, 3),))],
    aten.clone: [Case(aten.clone, ((2, 3),))],
    aten._to_copy: [Case(lambda a: aten._to_copy(a > 0, dtype=torch.float64), ((2, 3),))],
    aten.lift_fresh: [Case(aten.lift_fresh, ((2, 3),))],
    aten.zeros_like: [Case(lambda a: aten.zeros_like(a) + a, ((2,),))],
    aten.ones_like: [Case(lambda a: aten.ones_like(a) * a, ((2,),))],
    aten.full_like: [Case(lambda a: aten.full_like(a, 2.5) * a, ((2,),))],
    aten.empty_like: [Case(lambda a: aten.empty_like(a).fill_(2.5) * a, ((2,),))],
    aten.new_zeros: [Case(lambda a: aten.new_zeros(a, [2, 2]) + a, ((2,),))],
    aten.new_ones: [Case(lambda a: aten.new_ones(a, [2, 2]) * a, ((2,),))],
}
FLAT = [(op, k, case) for op, cases in CASES.items() for k, case in enumerate(cases)]


def rows_for(case: Case) -> Tensor:
    """Argument rows: seeded normal numbers, and for pointwise calls every pair of special values."""
    count = sum(math.prod(shape) for shape in case.shapes)
    rows = 2 * torch.randn(20, count, dtype=torch.float64, generator=torch.Generator().manual_seed(count))
    if not case.special:
        return rows
    pairs = torch.cartesian_prod(tensor(EDGES), tensor(EDGES))
    repeats = pairs[:, torch.arange(count) % 2]
    return torch.cat([rows, repeats])


def tensors_of(case: Case, row: Tensor) -> list[Tensor]:
    """A row of arguments as tensors of the case's shapes, with memory of their own."""
    parts = row.split([math.prod(shape) for shape in case.shapes])
    return [part.reshape(shape).clone() for part, shape in zip(parts, case.shapes, strict=True)]


def flat(outputs: object) -> Tensor:
    """Outputs as one row of float64."""
    listed = outputs if isinstance(outputs, (tuple, list)) else [outputs]
    return torch.cat([output.reshape(-1).double() for output in listed])


def job_of(case: Case) -> node.Call:
    """The case traced and written as a module, to be called at its rows."""
    program, rows = Program(), rows_for(case)
    arguments = tensors_of(case, rows[0])
    names = [f"a{k}" for k in range(rows.shape[1])]
    symbols = np.array([program.input(name) for name in names], dtype=object)
    sizes = [tensor_.numel() for tensor_ in arguments]
    parts = np.split(symbols, np.cumsum(sizes)[:-1])
    known = [(t, part.reshape(tuple(t.shape))) for t, part in zip(arguments, parts, strict=True)]
    outputs = trace(program, lambda: case.call(*arguments), known)
    return node.Call(node.function(program, outputs, names), "f", rows, results=len(outputs))


@pytest.fixture(scope="module")
def in_node() -> dict[tuple[object, int], Tensor]:
    """The result of every case in Node, all computed in one process."""
    results = node.run([job_of(case) for _, _, case in FLAT])
    return {(op, k): result for (op, k, _), result in zip(FLAT, results, strict=True)}


@pytest.mark.parametrize(("op", "k", "case"), FLAT, ids=[f"{op}-{k}" for op, k, _ in FLAT])
def test_an_operation_in_node_gives_the_result_of_pytorch(
    op: object, k: int, case: Case, in_node: dict[tuple[object, int], Tensor]
) -> None:
    expected = torch.stack([flat(case.call(*tensors_of(case, row))) for row in rows_for(case)])
    measured = in_node[op, k]
    assert measured.shape == expected.shape
    torch.testing.assert_close(measured, expected, rtol=case.ulps * 2.3e-16, atol=case.smallest, equal_nan=True)


def test_every_operation_of_the_tables_has_a_test_case() -> None:
    assert set(CASES) == {*POINTWISE, *STRUCTURE, *SAME, *CONSTANT}

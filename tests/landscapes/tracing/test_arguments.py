"""Arguments of programs: declared parameters become inputs, structural ones numbers."""

from typing import Annotated

import torch

from cliffscape.landscapes.declare import Range, entry_of
from cliffscape.landscapes.tracing.arguments import Arguments, scalar_names, variables
from cliffscape.landscapes.tracing.program import Program
from tests import node
from tests.reference import tensor


def power_sum(
    base: Annotated[float, Range(0, 9)] = 2.0, terms: Annotated[int, Range(1, 9, structural=True)] = 3
) -> float:
    """A sum of powers.

    Args:
        base: The base.
        terms: How many powers are added.
    """
    return sum(base**k for k in range(terms))


ENTRY = entry_of(power_sum)


def test_a_number_becomes_an_input_and_a_structural_parameter_stays_a_number() -> None:
    arguments = Arguments(Program())
    chosen = arguments.of("series", ENTRY, {"terms": 5})
    assert arguments.names == ["series.base"]
    assert chosen["terms"] == 5
    assert torch.equal(chosen["base"], tensor(2.0))
    assert Arguments(Program()).of("series", ENTRY, {})["terms"] == 3


def test_a_traced_function_depends_on_inputs_and_parameters() -> None:
    program = Program()
    arguments = Arguments(program)
    chosen = arguments.of("series", ENTRY, {})
    [scalar] = arguments.trace(lambda x: [x * power_sum(**chosen)], {"x": tensor(1.0)})
    source = node.function(program, [scalar], ["x"])
    rows = tensor([[1.0], [2.0]])
    [found] = node.run([node.Call(source.replace("parameters, x", "[series_base], x"), "f", rows, parameters=[3.0])])
    assert found.flatten().tolist() == [13.0, 26.0]


def test_inputs_that_share_memory_are_distinct() -> None:
    program, one = Program(), tensor(1.0)
    [difference] = Arguments(program).trace(lambda a, b: [a - 2 * b], {"a": one, "b": one})
    [found] = node.run([node.Call(node.function(program, [difference], ["a", "b"]), "f", tensor([[7.0, 3.0]]))])
    assert found.item() == 1.0


def test_names_of_scalars() -> None:
    assert variables("theta", 2) == ["x", "y"]
    assert variables("loss", 1) == ["loss"]
    assert variables("along", 3) == ["along_0", "along_1", "along_2"]
    assert scalar_names({"theta": tensor([1.0, 2.0]), "step": tensor(0.0)}) == ["x", "y", "step"]

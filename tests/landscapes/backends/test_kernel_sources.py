"""The text of kernels: arguments, hashes, and errors for what has no kernel."""

import dataclasses
import re
import subprocess
import sys
from typing import Annotated

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.curvature_kernel import curvature_kernel
from cliffscape.landscapes.backends.kernels import Kernel, descent_kernel
from cliffscape.landscapes.backends.outcome_kernel import outcome_kernel
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests.landscapes.kernel_runs import traceable_kinds


def test_structural_parameters_are_in_the_kernel_and_numeric_ones_are_its_arguments() -> None:
    kernel = descent_kernel("one_unit_rnn", {"sequence_length": 7}, "momentum", "random_step")
    assert kernel.parameters == (
        "landscape.initial_state",
        "landscape.target",
        "optimizer.learning_rate",
        "optimizer.momentum",
        "clip.threshold",
        "clip.seed",
    )
    assert "sequence_length = 7" in kernel.source
    assert kernel.source.count("= sigmoid(") == 8, "one per step and one for the output"
    listed = re.search(r"export const parameters = \[(.*)\];", kernel.source)
    assert listed and tuple(re.findall(r'"([^"]+)"', listed[1])) == kernel.parameters


def test_hashes_are_equal_for_equal_programs_only() -> None:
    def of(steps: int = 5, optimizer: str = "adam", clip: str = "by_norm", kind: str = "one_unit_rnn") -> Kernel:
        return descent_kernel(kind, {"sequence_length": steps}, optimizer, clip)

    assert of().source == of().source and of().hash == of().hash
    others = [of(steps=6), of(optimizer="momentum"), of(clip="by_value"), of(kind="linear_recurrence")]
    assert len({of().hash, *(kernel.hash for kernel in others)}) == 5
    assert re.fullmatch(r"[0-9a-f]{20}", of().hash)
    default = descent_kernel("one_unit_rnn", {}, "adam", "by_norm")
    assert default.hash == of(steps=50).hash, "a default that is named is the same program"


def test_hashes_are_the_same_in_another_process() -> None:
    """The address of a kernel outlives the server that made it."""
    code = (
        "from cliffscape.landscapes.backends.kernels import descent_kernel;"
        "from cliffscape.landscapes.backends.outcome_kernel import outcome_kernel;"
        "print(descent_kernel('product_of_weights', {}, 'adam', 'random_step').hash, outcome_kernel().hash)"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert there == [descent_kernel("product_of_weights", {}, "adam", "random_step").hash, outcome_kernel().hash]


def test_unknown_kinds_are_named() -> None:
    for kinds in (("moon", "adam", "none"), ("ravine", "moon", "none"), ("ravine", "adam", "moon")):
        with pytest.raises(KeyError, match="moon"):
            descent_kernel(kinds[0], {}, kinds[1], kinds[2])
    with pytest.raises(KeyError, match="moon"):
        curvature_kernel("moon", {})


def test_a_landscape_with_an_op_outside_the_tables_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    def bessel(theta: Tensor, scale: Annotated[float, Range(1, 2)] = 1.0) -> Tensor:
        """A summary."""
        return torch.special.bessel_j0(scale * theta).sum(-1) ** 2

    strange = dataclasses.replace(
        LANDSCAPES["ravine"], kind="bessel", squares=None, function=lambda theta, **_: bessel(theta)
    )
    monkeypatch.setitem(LANDSCAPES.entries, "bessel", strange)
    with pytest.raises(UntraceableError, match="bessel_j0"):
        descent_kernel("bessel", {}, "gradient_descent", "none")


def test_a_landscape_without_a_kernel_says_why() -> None:
    kinds = set(LANDSCAPES.entries) - set(traceable_kinds(LANDSCAPES))
    assert kinds >= {"heavy_tails"}
    for kind in kinds:
        reason = LANDSCAPES[kind].no_kernel
        assert reason.endswith(".")
        with pytest.raises(UntraceableError, match=re.escape(reason)):
            descent_kernel(kind, {}, "adam", "none")
        with pytest.raises(UntraceableError, match=re.escape(reason)):
            curvature_kernel(kind, {})

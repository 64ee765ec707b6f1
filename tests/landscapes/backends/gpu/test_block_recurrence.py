"""Steps of nets as CUDA, compiled as plain C with one thread, equal those of PyTorch."""

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.gpu.block_recurrence import BlockRecurrence, compile_blocks, source
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.compiled.cells import trace_activation
from tests.landscapes.networks.compiled.test_cells import (
    KINDS,
    LANES,
    SIZES,
    compare_with_pytorch,
    random_tensor,
    setting,
)
from tests.routes import c_library, needs_compiler

# Shared memory of a block of an H100.
HOPPER_BYTES = 227 * 1024


class HostLibrary:
    """A library whose kernels run on the processor, with one thread per block."""

    def __init__(self, text: str, folder: Path, shared_bytes: int = HOPPER_BYTES) -> None:
        self.library, self.shared_bytes = c_library(text, folder), shared_bytes
        self.launched: list[tuple[str, int, int]] = []

    def launch(self, name: str, blocks: int, shared: int, values: Sequence[int], form: Sequence[Any]) -> None:
        """Run a kernel for all blocks."""
        self.launched.append((name, blocks, shared))
        function = getattr(self.library, name)
        function.argtypes, function.restype = form, ctypes.c_long
        assert function(*values) == 0


def on_host(kind: str, folder: Path) -> tuple[BlockRecurrence, HostLibrary]:
    """The compiled steps of a cell, on the processor."""
    activation = trace_activation(CELLS[kind].function(5))
    library = HostLibrary(source(activation), folder)
    recurrence = compile_blocks(activation, lambda _: library)
    assert recurrence is not None
    return recurrence, library


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
def test_states_and_gradients_are_those_of_pytorch(kind: str, tmp_path: Path) -> None:
    recurrence, _ = on_host(kind, tmp_path)
    for units, width, size, length, wanted in SIZES:
        for count in (1, LANES):
            given = setting(kind, units, width)
            inputs = random_tensor(count, length, size, width, seed=30)
            grad_states = random_tensor(LANES, wanted, size, units, seed=40)
            states, tape = recurrence.states(given.theta, given.places, inputs, wanted)
            gradient = torch.zeros_like(given.theta)
            recurrence.gradient(tape, given.places, grad_states, gradient)
            brief, _ = recurrence.states(given.theta, given.places, inputs, wanted, keep=False)
            assert torch.equal(brief, states)
            compare_with_pytorch(given, inputs, grad_states, (states, gradient))


@needs_compiler
@pytest.mark.parametrize("kind", KINDS)
def test_a_block_gets_the_shared_memory_that_its_lane_needs(kind: str, tmp_path: Path) -> None:
    recurrence, library = on_host(kind, tmp_path)
    given, inputs = setting(kind, 7, 3), random_tensor(1, 5, 2, 3, seed=30)
    states, tape = recurrence.states(given.theta, given.places, inputs, 1)
    recurrence.gradient(tape, given.places, states, torch.zeros_like(given.theta))
    blocks, extra, factor = recurrence.blocks, recurrence.memories - 1, 7 * 7
    forward = blocks * (4 * 7 + factor) + (blocks + 2 + 2 * extra) * 2 * 7
    backward = blocks * (4 * 7 + 2 * factor) + (blocks + 3 + 2 * extra) * 2 * 7
    assert library.launched == [("forward", LANES, 8 * forward), ("backward", LANES, 8 * backward)]


@needs_compiler
def test_no_lanes_launch_nothing(tmp_path: Path) -> None:
    recurrence, library = on_host("tanh_rnn", tmp_path)
    given = setting("tanh_rnn", 7, 3)
    empty: Tensor = given.theta[:0]
    states, _ = recurrence.states(empty, given.places, random_tensor(1, 5, 2, 3), 1)
    assert states.shape == (0, 1, 2, 7) and library.launched == []


@needs_compiler
def test_the_default_net_fits_into_a_block_and_a_large_one_does_not(tmp_path: Path) -> None:
    small, _ = on_host("tanh_rnn", tmp_path)
    assert small.fits(width=6, units=50, batch=20)
    assert not small.fits(width=6, units=128, batch=20)


def test_without_a_library_there_are_no_steps() -> None:
    assert compile_blocks(trace_activation(CELLS["gru"].function(3)), lambda _: None) is None

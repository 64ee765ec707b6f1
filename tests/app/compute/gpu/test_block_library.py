"""The steps of nets compile for a GPU on any machine. A launch has a block per lane, on PyTorch's stream."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from cliffscape.app.compute.gpu import block_library
from cliffscape.app.compute.gpu.block_library import CudaBlockLibrary, block_loader, compile_steps_for
from cliffscape.app.compute.gpu.cuda import CudaError, compile_cubin
from cliffscape.landscapes.backends.gpu.block_recurrence import THREADS, compile_blocks, source
from cliffscape.landscapes.backends.recurrence import Places
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.compiled.cells import COMPILED_FOR_GPU, no_library, trace_activation
from tests.devices import DEVICES
from tests.landscapes.backends.gpu.test_block_recurrence import HostLibrary
from tests.landscapes.networks.compiled.test_cells import KINDS, compare_with_pytorch, random_tensor, setting
from tests.routes import needs_compiler

MOST = 200_000


class Driver:
    """The driver's calls, noted; ``cuLaunchKernel`` answers with ``status``."""

    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.noted: list[tuple[Any, ...]] = []
        self.CUdevice_attribute = self.CUfunction_attribute = self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("CU_"):
            return name
        return lambda *given: self.answer(name, given)

    def answer(self, name: str, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """Note a call; what it returns is named after it, and the limit is a number."""
        self.noted.append((name, *given))
        found = {"cuDeviceGetAttribute": MOST, "cuModuleGetFunction": given[-1]}.get(name, name)
        return (self.status,) if name == "cuLaunchKernel" else (0, found)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> int:
    """PyTorch's current stream on a machine without a GPU."""
    monkeypatch.setattr(block_library.torch.cuda, "current_stream", lambda _: type("", (), {"cuda_stream": 7}))
    return 7


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_compiles_for_a_gpu(kind: str) -> None:
    text = source(trace_activation(CELLS[kind].function(5)))
    assert compile_cubin(text, "sm_90", fused=True).startswith(b"\x7fELF")


def test_a_launch_has_a_block_per_lane(stream: int) -> None:
    driver = Driver()
    library = CudaBlockLibrary(driver, b"", torch.device("cuda:0"))
    assert library.shared_bytes == MOST
    allowed = [call[1:] for call in driver.noted if call[0] == "cuFuncSetAttribute"]
    assert allowed == [
        (name, "CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES", MOST) for name in (b"forward", b"backward")
    ]
    library.launch("backward", 60, 5000, [1, 2], ["a", "b"])
    given = ((1, 2), ("a", "b"))
    assert driver.noted[-1] == ("cuLaunchKernel", b"backward", 60, 1, 1, THREADS, 1, 1, 5000, stream, given, 0)


def test_a_launch_that_fails_is_an_error(stream: int) -> None:
    library = CudaBlockLibrary(Driver(status=1), b"", torch.device("cuda:0"))
    with pytest.raises(CudaError, match="1"):
        library.launch("forward", 1, 0, [], [])


def test_without_the_bindings_or_a_gpu_nothing_is_loaded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cuda.bindings", None)
    assert block_loader(torch.device("cuda:0"))("") is None
    assert "steps of nets are not compiled for cuda:0; PyTorch takes them" in caplog.text


def test_only_a_gpu_has_a_loader_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(COMPILED_FOR_GPU, "load", no_library)
    compile_steps_for(torch.device("cpu"))
    assert COMPILED_FOR_GPU.load is no_library
    compile_steps_for(torch.device("cuda:0"))
    assert COMPILED_FOR_GPU.load is not no_library


@needs_compiler
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", KINDS)
def test_steps_on_every_device_equal_those_of_pytorch(kind: str, device: str, tmp_path: Path) -> None:
    """On the CPU as plain C with one thread, as in tests/landscapes/backends/gpu."""
    activation = trace_activation(CELLS[kind].function(5))
    load = block_loader(torch.device(device)) if device == "cuda" else partial(HostLibrary, folder=tmp_path)
    recurrence = compile_blocks(activation, load)
    assert recurrence is not None
    given, inputs = setting(kind, 20, 6), random_tensor(1, 12, 20, 6, seed=30)
    grad_states = random_tensor(len(given.theta), 2, 20, 20, seed=40)
    assert recurrence.fits(6, 20, 20)
    places = Places(*(place.to(device) for place in given.places))
    states, tape = recurrence.states(given.theta.to(device), places, inputs.to(device), 2)
    gradient = torch.zeros_like(given.theta, device=device)
    recurrence.gradient(tape, places, grad_states.to(device), gradient)
    compare_with_pytorch(given, inputs, grad_states, (states.cpu(), gradient.cpu()))

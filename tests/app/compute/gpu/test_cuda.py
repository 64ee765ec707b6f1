"""CUDA: routines compile for a GPU on any machine, and a launch covers all lanes."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.app.compute.gpu.cuda import THREADS, CudaError, CudaRoutine, check, compile_cubin, compile_routine
from cliffscape.landscapes.backends.gpu.cuda_source import source
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import Row, SweepRecipe, initial_row
from cliffscape.landscapes.descent.sweep import Lanes
from tests.devices import DEVICES
from tests.reference import tensor
from tests.routes import RECIPES, c_library, needs_compiler, same_outcome

HOPPER = "sm_90"
STEPS = 10
CLIFF = SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm")
OWN = ("optimizer.learning_rate", "clip.threshold")


class HostDriver:
    """The driver's calls of a routine, with a library for the processor instead of a GPU."""

    def __init__(self, text: str, folder: Path) -> None:
        self.library = c_library(text, folder)
        self.launched: list[tuple[int, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given: (0, name)

    def cuLaunchKernel(self, function: str, *given: Any) -> tuple[int]:  # noqa: N802 - the driver's name
        """Run the function over all lanes."""
        grid, block, shared_memory, stream, (values, form), extra = given[:3], given[3:6], *given[6:]
        assert (function, shared_memory, stream, extra) == ("cuModuleGetFunction", 0, 0, 0)
        self.launched.append((*grid, *block))
        self.library.advance.argtypes = form
        self.library.advance(*values)
        return (0,)


def on_host(recipe: SweepRecipe, folder: Path, swept: tuple[str, ...] = ()) -> CudaRoutine:
    """A recipe's routine for a GPU, run on the processor."""
    routine = recipe.routine()
    return CudaRoutine(
        HostDriver(source(routine, swept), folder), b"", routine, swept, torch.zeros(1, dtype=torch.float64)
    )


def first_row(recipe: SweepRecipe, starts: Tensor) -> Row:
    """Lanes of a recipe before their first step."""
    _, clip, optimizer = recipe.build(recipe.parameters)
    return initial_row(starts, clip, optimizer)


@pytest.mark.parametrize("name", RECIPES)
def test_every_entry_compiles_for_a_gpu(name: str) -> None:
    assert compile_cubin(source(RECIPES[name].routine()), HOPPER).startswith(b"\x7fELF")


@pytest.mark.parametrize("single", [False, True])
def test_surfaces_and_swept_parameters_compile_for_a_gpu(single: bool) -> None:
    for text in (source(SurfaceRecipe("one_unit_rnn").routine()), source(CLIFF.routine(), OWN)):
        assert compile_cubin(text, HOPPER, single).startswith(b"\x7fELF")


@needs_compiler
@pytest.mark.parametrize(("lanes", "blocks"), [(1, 1), (THREADS, 1), (THREADS + 1, 2), (0, 0)])
def test_there_is_a_thread_for_every_lane(lanes: int, blocks: int, tmp_path: Path) -> None:
    routine = on_host(CLIFF, tmp_path)
    columns = first_row(CLIFF, tensor([[4.6, -1.7]] * lanes).reshape(lanes, 2)).columns().contiguous()
    routine.advance(columns, CLIFF.parameters, columns.new_empty(0, lanes), 1)
    assert routine.driver.launched == [(blocks, 1, 1, THREADS, 1, 1)] * min(blocks, 1)


@needs_compiler
def test_tensors_of_another_type_or_layout_are_rejected(tmp_path: Path) -> None:
    routine = on_host(CLIFF, tmp_path)
    columns = first_row(CLIFF, tensor([[4.6, -1.7]] * 2)).columns().contiguous()
    none = columns.new_empty(0, 2)
    with pytest.raises(
        ValueError, match=r"columns must be contiguous, torch\.float64, on cpu, got torch\.float32 on cpu"
    ):
        routine.advance(columns.float(), CLIFF.parameters, none, 1)
    with pytest.raises(ValueError, match="own must be contiguous"):
        routine.advance(columns, CLIFF.parameters, none.to("meta"), 1)
    with pytest.raises(ValueError, match="columns must be contiguous"):
        routine.advance(columns.mT.contiguous().mT, CLIFF.parameters, none, 1)


def test_an_error_has_the_code_of_the_call() -> None:
    assert check((0, 7)) == 7
    assert check((0,)) is None
    with pytest.raises(CudaError, match="700"):
        check((700,))


def test_a_compile_error_has_the_log() -> None:
    with pytest.raises(CudaError, match=r"(?s)NVRTC_ERROR_COMPILATION.*nonsense"):
        compile_cubin("nonsense;", HOPPER)


def test_without_the_bindings_or_a_gpu_there_is_no_routine(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cuda.bindings", None)
    assert compile_routine(CLIFF.routine(), (), torch.device("cuda:0")) is None
    assert "routines are not compiled for cuda:0; sweeps run in PyTorch" in caplog.text


@needs_compiler
@pytest.mark.parametrize("device", DEVICES)
def test_steps_on_every_device_of_this_machine(device: str, tmp_path: Path) -> None:
    """If there is a GPU, the compiled routine takes the steps on it."""
    start = LANDSCAPES["one_unit_rnn"].window.grid(17, 17, device).reshape(-1, 2)
    routine = compile_routine(CLIFF.routine(), (), start.device) if device == "cuda" else on_host(CLIFF, tmp_path)
    assert routine is not None
    same_outcome(CLIFF, Lanes(start), routine, STEPS)

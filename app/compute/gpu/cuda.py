"""CUDA: routines compiled for a GPU at run time.

PyTorch for CUDA includes NVIDIA's ``cuda.bindings`` and NVRTC, so neither a C compiler nor a toolkit is needed.
Compiling takes about a second, in the background. Where either package is missing, PyTorch does the work.
"""

import ctypes
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from cliffscape.landscapes.backends.gpu.cuda_source import source
from cliffscape.landscapes.bound_error import must_be
from cliffscape.landscapes.descent.batch import Routine

logger = logging.getLogger(__name__)
# The source's header holds functions that a routine may not call, so warnings about them are off.
OPTIONS = ("--device-as-default-execution-space", "--disable-warnings")
# Every operation of a routine is rounded, as on a processor.
UNFUSED = "--fmad=false"
# Threads per block; each takes the steps of one lane.
THREADS = 128
# C types of the arguments: three counts and three pointers.
FORM = (*[ctypes.c_longlong] * 3, *[ctypes.c_void_p] * 3)


class CudaError(RuntimeError):
    """A failed call of NVRTC or of the driver, with its error code and log."""


def check(answer: tuple[Any, ...]) -> Any:
    """The result of a call of ``cuda.bindings`` without its error code; None if it returns nothing else.

    Raises:
        CudaError: it failed.
    """
    error, *results = answer
    if int(error):
        raise CudaError(str(error))
    return results[0] if results else None


def compile_cubin(text: str, architecture: str, single: bool = False, fused: bool = False) -> bytes:
    """CUDA source compiled to machine code for an architecture such as ``sm_90``. Needs no GPU.

    With ``single`` a ``real`` is a float32. With ``fused`` a product and a sum may be rounded together.

    Raises:
        CudaError: compiling failed; the message is NVRTC's log.
        ImportError: ``cuda.bindings`` is missing.
    """
    from cuda.bindings import nvrtc  # noqa: PLC0415 - comes with PyTorch for CUDA

    program = check(nvrtc.nvrtcCreateProgram(text.encode(), b"routine.cu", 0, [], []))
    options = [f"--gpu-architecture={architecture}", *OPTIONS]
    options += ["--define-macro=SINGLE"] * single + [UNFUSED] * (not fused)
    try:
        check(nvrtc.nvrtcCompileProgram(program, len(options), [option.encode() for option in options]))
        code = bytes(check(nvrtc.nvrtcGetCUBINSize(program)))
        check(nvrtc.nvrtcGetCUBIN(program, code))
    except CudaError as error:
        log = bytes(check(nvrtc.nvrtcGetProgramLogSize(program)))
        check(nvrtc.nvrtcGetProgramLog(program, log))
        text = log.rstrip(b"\0\n").decode()
        raise CudaError(f"{error}: {text}") from None
    finally:
        nvrtc.nvrtcDestroyProgram(program)
    return code


def primary_context(driver: Any, device: torch.device) -> Any:
    """PyTorch's own context of a device, made current on this thread: code is compiled and launched on different ones.

    Raises:
        CudaError: the driver fails.
    """
    context = check(driver.cuDevicePrimaryCtxRetain(check(driver.cuDeviceGet(device.index or 0))))
    check(driver.cuCtxSetCurrent(context))
    return context


def architecture(device: torch.device) -> str:
    """The name of a GPU's machine code, such as ``sm_90``."""
    major, minor = torch.cuda.get_device_capability(device)
    return f"sm_{major}{minor}"


class CudaRoutine:
    """A routine compiled for a GPU. It takes the steps of all lanes in parallel, in place."""

    def __init__(self, driver: Any, code: bytes, routine: Routine, swept: Sequence[str], sample: Tensor) -> None:
        self.driver, self.dtype, self.device = driver, sample.dtype, sample.device
        self.shared = [name for name in routine.parameters if name not in swept]
        self.context = primary_context(driver, sample.device)
        self.module = check(driver.cuModuleLoadData(code))
        self.function = check(driver.cuModuleGetFunction(self.module, b"advance"))

    def advance(self, columns: Tensor, values: Mapping[str, float], own: Tensor, steps: int) -> None:
        """Take ``steps`` steps: ``columns`` ``(C, L)`` change in place, ``own`` ``(P, L)`` holds swept parameters.

        Raises:
            ValueError: a tensor is not contiguous, of another type or on another device.
            CudaError: the launch failed.
        """
        for name, tensor in (("columns", columns), ("own", own)):
            if not tensor.is_contiguous() or (tensor.dtype, tensor.device) != (self.dtype, self.device):
                found = f"{tensor.dtype} on {tensor.device}"
                raise ValueError(must_be(name, found, f"contiguous, {self.dtype}, on {self.device}"))
        shared = torch.tensor([values[name] for name in self.shared] or [0.0], dtype=self.dtype, device=self.device)
        lanes = columns.shape[-1]
        if not lanes:
            return  # a launch of no blocks is an error
        pointers = (shared.data_ptr(), own.data_ptr(), columns.data_ptr())
        check(self.driver.cuCtxSetCurrent(self.context))
        check(
            self.driver.cuLaunchKernel(
                self.function,
                *((lanes + THREADS - 1) // THREADS, 1, 1),
                *(THREADS, 1, 1),
                0,
                torch.cuda.current_stream(self.device).cuda_stream if self.device.type == "cuda" else 0,
                ((lanes, lanes, steps, *pointers), FORM),
                0,
            )
        )


def compile_routine(
    routine: Routine, swept: Sequence[str], device: torch.device, dtype: torch.dtype = torch.float64
) -> CudaRoutine | None:
    """The routine for a GPU, compiled and run once as a test; None if either fails."""
    try:
        from cuda.bindings import driver  # noqa: PLC0415 - comes with PyTorch for CUDA

        code = compile_cubin(source(routine, swept), architecture(device), dtype == torch.float32)
        sample = torch.zeros(len(routine.columns), 1, dtype=dtype, device=device)
        compiled = CudaRoutine(driver, code, routine, swept, sample)
        compiled.advance(sample, dict.fromkeys(routine.parameters, 0.0), sample.new_zeros(len(swept), 1), 1)
        torch.cuda.synchronize(device)
    except (ImportError, RuntimeError) as error:
        logger.warning("routines are not compiled for %s; sweeps run in PyTorch: %s", device, error)
        return None
    return compiled

"""The steps of recurrent nets on a GPU: CUDA compiled and loaded, and launched with a block of threads per lane."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import torch

from cliffscape.app.compute.gpu.cuda import architecture, check, compile_cubin, primary_context
from cliffscape.landscapes.backends.gpu.block_recurrence import THREADS
from cliffscape.landscapes.networks.compiled.cells import COMPILED_FOR_GPU

logger = logging.getLogger(__name__)
NAMES = ("forward", "backward")


class CudaBlockLibrary:
    """The kernels ``forward`` and ``backward`` on a device."""

    def __init__(self, driver: Any, code: bytes, device: torch.device) -> None:
        self.driver, self.device = driver, device
        self.context = primary_context(driver, device)
        limits = driver.CUdevice_attribute
        most = limits.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
        self.shared_bytes = int(check(driver.cuDeviceGetAttribute(most, check(driver.cuDeviceGet(device.index or 0)))))
        self.module = check(driver.cuModuleLoadData(code))
        self.functions = {name: check(driver.cuModuleGetFunction(self.module, name.encode())) for name in NAMES}
        # By default a block has at most 48 KiB.
        attribute = driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
        for function in self.functions.values():
            check(driver.cuFuncSetAttribute(function, attribute, self.shared_bytes))

    def launch(self, name: str, blocks: int, shared: int, values: Sequence[int], form: Sequence[Any]) -> None:
        """Start a kernel on PyTorch's current stream.

        Raises:
            CudaError: the launch failed.
        """
        check(self.driver.cuCtxSetCurrent(self.context))
        stream = torch.cuda.current_stream(self.device).cuda_stream
        grid, block = (blocks, 1, 1), (THREADS, 1, 1)
        given = (tuple(values), tuple(form))
        check(self.driver.cuLaunchKernel(self.functions[name], *grid, *block, shared, stream, given, 0))


def block_loader(device: torch.device) -> Callable[[str], CudaBlockLibrary | None]:
    """A function that compiles CUDA and loads it on a device; it returns None if either fails."""

    def load(text: str) -> CudaBlockLibrary | None:
        try:
            from cuda.bindings import driver  # noqa: PLC0415 - comes with PyTorch for CUDA

            # Sums may be fused with products, as in the matrix products of PyTorch's libraries.
            return CudaBlockLibrary(driver, compile_cubin(text, architecture(device), fused=True), device)
        except (ImportError, RuntimeError) as error:
            logger.warning("steps of nets are not compiled for %s; PyTorch takes them: %s", device, error)
            return None

    return load


def compile_steps_for(device: torch.device) -> None:
    """Let nets on a GPU have compiled steps, from now on in the whole process; on the CPU there is nothing to do."""
    if device.type == "cuda":
        COMPILED_FOR_GPU.load = block_loader(device)

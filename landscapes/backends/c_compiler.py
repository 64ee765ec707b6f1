"""Routines compiled by the C compiler of this machine, if there is one.

Compiling takes about a second, so callers do it in the background. Until it is done, and if there is no compiler or it
fails, PyTorch takes the steps.
"""

import contextlib
import ctypes
import logging
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from cliffscape.landscapes.backends.c_source import WIDTH, source
from cliffscape.landscapes.bound_error import must_be
from cliffscape.landscapes.descent.batch import Routine

logger = logging.getLogger(__name__)
# Arithmetic errors are data here, so errno and traps are disabled. Without contraction, sums and products are rounded
# separately, as in PyTorch. -O3 unrolls loops: it compiles four times as long for code that is a twentieth faster.
BASE_FLAGS = (
    "-O2",
    "-ftree-vectorize",
    "-fPIC",
    "-shared",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=off",
)
VECTOR_FLAGS = ("-march=native", "-mprefer-vector-width=512", "-DVECTORS")
# Not every compiler has vector functions, or knows the processor. Each attempt requires less than the previous one.
ATTEMPTS = ((*BASE_FLAGS, *VECTOR_FLAGS), (*BASE_FLAGS, "-march=native"), BASE_FLAGS)
TIMEOUT_SECONDS, POLL_SECONDS = 120, 0.1
POINTER = ctypes.c_void_p


def compiler() -> str | None:
    """Path of a C compiler: the one that ``CC`` names, or the machine's default."""
    return next(
        (path for name in (os.environ.get("CC"), "cc", "gcc", "clang") if name and (path := shutil.which(name))), None
    )


class CompiledRoutine:
    """A compiled routine: takes the steps of many lanes, in place."""

    def __init__(self, library: ctypes.CDLL, routine: Routine, swept: Sequence[str], dtype: torch.dtype) -> None:
        self.function = library.advance
        self.function.argtypes = [ctypes.c_longlong] * 3 + [POINTER] * 3
        self.function.restype = None
        self.shared = [name for name in routine.parameters if name not in swept]
        self.dtype = dtype

    def advance(self, columns: Tensor, values: Mapping[str, float], own: Tensor, steps: int) -> None:
        """Take ``steps`` steps: ``columns`` ``(C, L)`` change in place, ``own`` ``(P, L)`` holds swept parameters.

        Raises:
            ValueError: a tensor is not contiguous, of another type or on another device.
        """
        for name, tensor in (("columns", columns), ("own", own)):
            if not tensor.is_contiguous() or tensor.dtype != self.dtype or tensor.is_cuda:
                raise ValueError(must_be(name, tensor.dtype, f"contiguous, {self.dtype}, in main memory"))
        shared = torch.tensor([values[name] for name in self.shared] or [0.0], dtype=self.dtype)
        lanes = columns.shape[-1]
        self.function(lanes, lanes, steps, shared.data_ptr(), own.data_ptr(), columns.data_ptr())


def run_compiler(command: Sequence[str]) -> bool:
    """Run the compiler and return whether it succeeded. It is killed if it takes too long or this program ends."""
    until, quiet = time.monotonic() + TIMEOUT_SECONDS, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        while True:
            try:
                return process.wait(POLL_SECONDS) == 0
            except subprocess.TimeoutExpired:
                if time.monotonic() > until or not threading.main_thread().is_alive():
                    process.kill()
                    return False


def compile_library(text: str, folder: Path) -> ctypes.CDLL | None:
    """The library compiled from a C text, or None if no compiler can build it."""
    program = compiler()
    if program is None:
        return None
    (folder / "routine.c").write_text(text, encoding="utf-8")
    for number, flags in enumerate(ATTEMPTS):
        library = folder / f"routine{number}.so"
        libraries = ("-lmvec", "-lm") if "-DVECTORS" in flags else ("-lm",)
        command = [program, *flags, str(folder / "routine.c"), "-o", str(library), *libraries]
        with contextlib.suppress(OSError):
            if run_compiler(command):
                return ctypes.CDLL(str(library))
    if threading.main_thread().is_alive():
        logger.warning("%s does not compile routines; sweeps run in PyTorch", program)
    return None


def compile_routine(
    routine: Routine, swept: Sequence[str] = (), dtype: torch.dtype = torch.float64
) -> CompiledRoutine | None:
    """The compiled routine, or None if it cannot be compiled."""
    single = dtype == torch.float32
    # A float32 is half as large, so twice as many lanes fit. With fewer, the compiler unrolls the inner loops, which is
    # slower than vector instructions.
    text = "#define SINGLE\n" * single + source(routine, swept, 2 * WIDTH if single else WIDTH)
    with tempfile.TemporaryDirectory(prefix="cliffscape-", ignore_cleanup_errors=True) as folder:
        # A loaded library stays usable after its file is deleted.
        library = compile_library(text, Path(folder))
    return None if library is None else CompiledRoutine(library, routine, swept, dtype)

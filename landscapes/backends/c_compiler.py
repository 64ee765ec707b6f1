"""Routines compiled by the C compiler of this machine, if there is one.

Compiling takes about a second, so callers do it in the background. Until it is done, and if there is no compiler or it
fails, PyTorch takes the steps.
"""

import contextlib
import ctypes
import functools
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from cliffscape.landscapes.backends.c_source import WIDTH, source
from cliffscape.landscapes.backends.c_vectors import vector_source
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
# For the steps of a sweep, -O2 compiles two to four times as long as -O1 for code that is not faster. For the loops of
# recurrent nets it does pay. Other compilers than GCC ignore this line.
LIGHT = '#pragma GCC optimize ("O1")\n'
TIMEOUT_SECONDS, VERSION_SECONDS, POLL_SECONDS = 120, 10, 0.1
TIMED_OUT = 124  # the exit status of a program that was killed for taking too long, as in shells
# Set when this program ends, so that its compilers do too.
ENDING = threading.Event()
POINTER = ctypes.c_void_p
Load = Callable[[str], ctypes.CDLL | None]


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
        self.bind(columns, values, own)(range(columns.shape[-1]), steps)

    def bind(self, columns: Tensor, values: Mapping[str, float], own: Tensor) -> Callable[[range, int], None]:
        """A function that takes steps of some lanes. Several threads may call it for different ones.

        Raises:
            ValueError: a tensor is not contiguous, of another type or on another device.
        """
        for name, tensor in (("columns", columns), ("own", own)):
            if not tensor.is_contiguous() or tensor.dtype != self.dtype or tensor.is_cuda:
                raise ValueError(must_be(name, tensor.dtype, f"contiguous, {self.dtype}, in main memory"))
        shared = torch.tensor([values[name] for name in self.shared] or [0.0], dtype=self.dtype)
        stride, size = columns.shape[-1], columns.element_size()

        def take(lanes: range, steps: int) -> None:
            # The tensors are named here so that their memory lasts as long as this function.
            first = lanes.start * size
            pointers = shared.data_ptr(), own.data_ptr() + first, columns.data_ptr() + first
            self.function(len(lanes), stride, steps, *pointers)

        return take


def is_ending() -> bool:
    """Whether this program is about to end."""
    return ENDING.is_set() or not threading.main_thread().is_alive()


def run_program(command: Sequence[str], seconds: float) -> tuple[int, str]:
    """The exit status and the output of a program. It is killed if it takes too long or this program ends."""
    until, quiet = time.monotonic() + seconds, subprocess.DEVNULL
    # In a process group of its own: a compiler starts programs that do the work, and they must end with it.
    with subprocess.Popen(
        command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, text=True, errors="replace", start_new_session=True
    ) as process:
        while True:
            try:
                output, _ = process.communicate(timeout=POLL_SECONDS)
            except subprocess.TimeoutExpired:
                if time.monotonic() > until or is_ending():
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    return TIMED_OUT, ""
            else:
                return process.returncode, output


def run_compiler(command: Sequence[str]) -> bool:
    """Run the compiler and return whether it succeeded."""
    status, _ = run_program(command, TIMEOUT_SECONDS)
    if status < 0 and not is_ending():
        # Somebody killed it, such as the system when memory ran out; a moment later there may be enough.
        status, _ = run_program(command, TIMEOUT_SECONDS)
    return status == 0


@functools.cache
def compiler_version(program: str) -> str:
    """What a compiler says about itself."""
    return run_program([program, "--version"], VERSION_SECONDS)[1]


def compile_library(text: str, folder: Path) -> Path | None:
    """The library compiled from a C text in a folder, or None if no compiler can build it.

    Raises:
        OSError: the folder cannot be written to.
    """
    program = compiler()
    if program is None:
        return None
    (folder / "routine.c").write_text(text, encoding="utf-8")
    for number, flags in enumerate(ATTEMPTS):
        if is_ending():
            return None
        library = folder / f"routine{number}.so"
        libraries = ("-lmvec", "-lm") if "-DVECTORS" in flags else ("-lm",)
        command = [program, *flags, str(folder / "routine.c"), "-o", str(library), *libraries]
        with contextlib.suppress(OSError):
            if run_compiler(command):
                ctypes.CDLL(str(library))
                return library
    if not is_ending():
        logger.warning("%s does not compile routines; sweeps run in PyTorch", program)
    return None


def load_temporary(text: str) -> ctypes.CDLL | None:
    """The library compiled from a C text, without a file that stays, or None if it cannot be compiled."""
    try:
        with tempfile.TemporaryDirectory(prefix="cliffscape-", ignore_cleanup_errors=True) as folder:
            library = compile_library(text, Path(folder))
            # A loaded library stays usable after its file is deleted.
            return None if library is None else ctypes.CDLL(str(library))
    except OSError as error:
        logger.warning("no folder for compiled routines (%s); sweeps run in PyTorch", error.strerror or error)
        return None


def routine_text(routine: Routine, swept: Sequence[str], single: bool) -> str:
    """The C of a routine: with lanes in vector registers where processor and compiler have them, or else in loops."""
    if single:
        # A float32 is half as large, so twice as many lanes fit. With fewer, the compiler unrolls the inner loops,
        # which is slower than vector instructions.
        return "#define SINGLE\n" + source(routine, swept, 2 * WIDTH)
    loops, vectors = source(routine, swept), vector_source(routine, swept)
    if vectors is None:
        return loops
    return f"#if defined(VECTORS) && defined(__AVX512F__)\n{vectors}#else\n{loops}#endif\n"


def compile_routine(
    routine: Routine, swept: Sequence[str] = (), dtype: torch.dtype = torch.float64, load: Load = load_temporary
) -> CompiledRoutine | None:
    """The compiled routine, or None if it cannot be compiled; ``load`` compiles and loads a C text."""
    library = load(LIGHT + routine_text(routine, swept, dtype == torch.float32))
    return None if library is None else CompiledRoutine(library, routine, swept, dtype)

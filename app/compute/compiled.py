"""Compiled routines: descent steps and surface points, compiled in the background while PyTorch does the work.

The machine's C compiler makes routines for a processor; NVRTC, which comes with PyTorch for CUDA, those for a GPU.
"""

import logging
import threading
from collections.abc import Hashable, Mapping
from functools import partial

import torch
from torch import Tensor

from cliffscape.app.compute.cores import Cores
from cliffscape.app.compute.gpu import cuda
from cliffscape.landscapes.backends import c_compiler
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.sweep import Stepper
from cliffscape.landscapes.tracing.trace import UntraceableError

logger = logging.getLogger(__name__)
# A routine of about 50 kB stays loaded until the process ends. Beyond this number new work runs in PyTorch.
MOST = 200
# Lanes that a core takes at a time: their steps take far longer than handing them to a thread, and cores that get
# lanes that have stopped early take more of the others.
LANES = 512
# Dragging a slider requests many routines that are never used, so only the newest few requests are kept.
WAITING = 4


class SharedRoutine:
    """A routine for the CPU whose lanes are computed by several cores."""

    def __init__(self, routine: c_compiler.CompiledRoutine, cores: Cores) -> None:
        self.routine, self.cores = routine, cores

    def advance(self, columns: Tensor, values: Mapping[str, float], own: Tensor, steps: int) -> None:
        """Take ``steps`` steps of all lanes, in place; see ``CompiledRoutine``."""
        count = columns.shape[-1]
        parts = [range(first, min(first + LANES, count)) for first in range(0, count, LANES)]
        take = self.routine.bind(columns, values, own)
        self.cores.run([partial(take, part, steps) for part in parts])


class Routines:
    """Compiled routines by what they compute; safe to use from any thread. ``cores`` share the lanes on the CPU."""

    def __init__(
        self,
        most: int = MOST,
        device: torch.device | str = "cpu",
        load: c_compiler.Load = c_compiler.load_temporary,
        cores: Cores | None = None,
    ) -> None:
        self.most, self.device, self.load, self.cores = most, torch.device(device), load, cores or Cores()
        self._compiled: dict[Hashable, Stepper | None] = {}
        self._waiting: dict[Hashable, tuple[SweepRecipe | SurfaceRecipe, tuple[str, ...]]] = {}
        self._current: Hashable = None
        self._changed = threading.Condition()
        self._busy = False
        self._thread: threading.Thread | None = None

    def get(
        self, recipe: SweepRecipe | SurfaceRecipe, swept: tuple[str, ...] = (), begin: bool = True
    ) -> Stepper | None:
        """The routine if it is compiled; otherwise None, and compiling is requested unless ``begin`` is false."""
        key = (recipe.identity, swept)
        with self._changed:
            if key in self._compiled:
                return self._compiled[key]
            # The routine that is being compiled is not requested again.
            if begin and key != self._current and len(self._compiled) < self.most:
                self._waiting.setdefault(key, (recipe, swept))
                if len(self._waiting) > WAITING:
                    del self._waiting[next(iter(self._waiting))]
                if not self._busy:
                    self._busy = True
                    # Not a daemon: killing a thread inside PyTorch at exit crashes the process.
                    self._thread = threading.Thread(target=self._run, name="compile")
                    self._thread.start()
        return None

    def wait(self, recipe: SweepRecipe | SurfaceRecipe, swept: tuple[str, ...] = ()) -> Stepper | None:
        """The routine once it is compiled, or None if it cannot be; blocks until then."""
        key = (recipe.identity, swept)
        while True:
            found = self.get(recipe, swept)
            with self._changed:
                if key in self._compiled or len(self._compiled) >= self.most:
                    return found or self._compiled.get(key)
                # With a timeout: newer requests may have dropped this one, and ``get`` then repeats it.
                self._changed.wait(0.1)

    def stop(self, seconds: float) -> None:
        """End the compilers of this process, and wait at most ``seconds`` until their files are deleted."""
        c_compiler.ENDING.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                # The interpreter waits for this thread at exit, so it stops when the main thread has ended.
                if not self._waiting or c_compiler.is_ending():
                    self._busy, self._current = False, None
                    return
                # The newest request: it belongs to what is on screen.
                self._current, (recipe, swept) = self._waiting.popitem()
            routine = compile_routine(recipe, swept, self.device, self.load)
            if isinstance(routine, c_compiler.CompiledRoutine) and self.cores.count > 1:
                routine = SharedRoutine(routine, self.cores)
            with self._changed:
                self._compiled[self._current] = routine
                self._changed.notify_all()


def compile_routine(
    recipe: SweepRecipe | SurfaceRecipe,
    swept: tuple[str, ...],
    device: torch.device,
    load: c_compiler.Load = c_compiler.load_temporary,
) -> Stepper | None:
    """The compiled routine, or None if it cannot be compiled."""
    try:
        if device.type == "cuda":
            return cuda.compile_routine(recipe.routine(), swept, device)
        return c_compiler.compile_routine(recipe.routine(), swept, torch.float64, load)
    except UntraceableError:
        return None
    except Exception:
        logger.exception("compiling a routine failed; PyTorch takes its steps")
        return None

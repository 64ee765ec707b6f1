"""Routines: compiled steps of descents and points of surfaces, made beside the work; until then PyTorch serves.

For a processor by the machine's C compiler, for a GPU by the compiler that comes with PyTorch for CUDA.
"""

import logging
import threading
from collections.abc import Hashable

import torch

from cliffscape.app.compute import cuda
from cliffscape.landscapes.backends import c_compiler
from cliffscape.landscapes.backends.surface import Points
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.sweep import Route
from cliffscape.landscapes.tracing.trace import UntraceableError

logger = logging.getLogger(__name__)
# What a process has loaded it keeps, some 50 kilobytes each; after so many, what is new runs in PyTorch.
MOST = 200
# Who drags a slider asks for more than anyone will look at: of those not yet begun, the newest few are made.
WAITING = 4


class Routines:
    """Compiled routines by what they compute; safe to use from any thread."""

    def __init__(self, most: int = MOST, device: torch.device | str = "cpu") -> None:
        self.most, self.device = most, torch.device(device)
        self._made: dict[Hashable, Route | None] = {}
        self._waiting: dict[Hashable, tuple[SweepRecipe | Points, tuple[str, ...]]] = {}
        self._making: Hashable = None
        self._changed = threading.Condition()
        self._busy = False

    def get(self, recipe: SweepRecipe | Points, swept: tuple[str, ...] = (), begin: bool = True) -> Route | None:
        """The routine if it is there; if not, None, and it is begun (unless ``begin`` is false)."""
        key = (recipe.identity, swept)
        with self._changed:
            if key in self._made:
                return self._made[key]
            if begin and key != self._making and len(self._made) < self.most:
                self._waiting.setdefault(key, (recipe, swept))
                if len(self._waiting) > WAITING:
                    del self._waiting[next(iter(self._waiting))]
                if not self._busy:
                    self._busy = True
                    # No daemon: a thread that is cut off in PyTorch takes the whole program down with a core dump.
                    threading.Thread(target=self._run, name="compile").start()
        return None

    def wait(self, recipe: SweepRecipe | Points, swept: tuple[str, ...] = ()) -> Route | None:
        """The routine, once it is there, None where there can be none: for those who are in no hurry."""
        key = (recipe.identity, swept)
        while True:
            found = self.get(recipe, swept)
            with self._changed:
                if key in self._made or len(self._made) >= self.most:
                    return found or self._made.get(key)
                self._changed.wait(0.1)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._waiting or not threading.main_thread().is_alive():
                    self._busy, self._making = False, None
                    return
                self._making, (recipe, swept) = self._waiting.popitem()
            routine = made(recipe, swept, self.device)
            with self._changed:
                self._made[self._making] = routine
                self._changed.notify_all()


def made(recipe: SweepRecipe | Points, swept: tuple[str, ...], device: torch.device) -> Route | None:
    """The compiled routine, None where there can be none."""
    try:
        if device.type == "cuda":
            return cuda.compiled(recipe.routine(), swept, device)
        return c_compiler.compile_routine(recipe.routine(), swept)
    except UntraceableError:
        return None
    except Exception:
        logger.exception("compiling a routine failed; PyTorch takes its steps")
        return None

"""The workspace: the device that frames are computed on, and the caches of earlier results."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from cliffscape.app.compute.batches import Batches
from cliffscape.app.compute.cache import SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.compiled import Routines
from cliffscape.app.compute.cores import Cores
from cliffscape.landscapes.backends.kernels import Kernel


class KernelRecipe(Hashable, Protocol):
    """What determines a kernel: it can be traced, and equal recipes have equal kernels."""

    def trace(self) -> Kernel:
        """The kernel."""


def sized_cache(most: int) -> SizedCache[Any]:
    """A cache of objects whose method ``size`` gives their bytes."""
    return SizedCache(most, lambda thing: int(thing.size()))


def cells_size(found: Mapping[str, Mapping[str, Tensor]]) -> int:
    """Bytes of both runs' cells."""
    return sum(column.nbytes for cells in found.values() for column in cells.values())


def keep_nothing(key: str, run: Any) -> None:
    """A process of its own keeps no copies of training runs."""


@dataclass(frozen=True)
class Workspace:
    """The device, the sizes of chunks, and caches of kernels, slices, runs, cells of outcome maps, and routines.

    ``batches`` are those of several requests, and ``cores`` compute their parts.

    ``memory`` bounds the bytes that one chunk may take. ``keep`` is called with the key of a training run and the run
    after every block of updates, so that a copy outlives the process.
    """

    device: torch.device
    kernels: SizedCache[Kernel]
    chunking: Chunking
    views: SizedCache[Any] = field(default_factory=lambda: sized_cache(64 << 20))
    runs: SizedCache[Any] = field(default_factory=lambda: sized_cache(256 << 20))
    memory: int = 512 << 20
    cells: SizedCache[Any] = field(default_factory=lambda: SizedCache(128 << 20, cells_size))
    routines: Routines = field(default_factory=Routines)
    batches: Batches = field(default_factory=Batches)
    cores: Cores = field(default_factory=Cores)
    keep: Callable[[str, Any], None] = keep_nothing

    @property
    def gpu(self) -> bool:
        """Whether the device is a GPU."""
        return self.device.type == "cuda"

    def kernel(self, recipe: KernelRecipe) -> Kernel:
        """The kernel of a recipe, from the cache or traced.

        Raises:
            UntraceableError: the landscape cannot be written as a scalar program.
        """
        kernel = self.kernels.get(recipe)
        if kernel is None:
            kernel = recipe.trace()
            self.kernels.put(recipe, kernel)
        return kernel

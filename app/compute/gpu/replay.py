"""Replay: the loss and gradient of many lanes, recorded once as a CUDA graph and then launched as one.

A step of a descent on a slice is some twenty small kernels. Launched one after the other they take ten times as long as
the work.
"""

from collections.abc import Callable

import torch
from torch import Tensor

# Lanes of a graph. A GPU takes this many in the time of one, since each has a multiprocessor of its own. All calls use
# the same graph, so the result of a lane does not depend on how many there are.
LANES = 128
Work = Callable[[], None]


def record_graph(work: Work, device: torch.device) -> Work:
    """A function that repeats ``work`` on the same memory as one CUDA graph, and waits until it is done.

    Raises:
        RuntimeError: it cannot be recorded.
    """
    stream, graph = torch.cuda.Stream(device), torch.cuda.CUDAGraph()  # type: ignore[no-untyped-call]
    with torch.no_grad(), torch.cuda.stream(stream):
        # The first call loads libraries and allocates their memory, which cannot be recorded.
        work()
        stream.synchronize()
        # Other threads may use the GPU meanwhile.
        with torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"):
            work()

    def replay() -> None:
        with torch.cuda.stream(stream):
            graph.replay()
        stream.synchronize()

    return replay


class Replay:
    """``measure`` on a GPU, of points ``(..., 2)`` on the CPU: loss ``(...)`` and gradient ``(..., 2)``, there too.

    ``measure`` must always launch the same kernels, whatever the numbers are. ``record`` makes them one.

    Raises:
        RuntimeError: it cannot be recorded.
    """

    def __init__(
        self,
        measure: Callable[[Tensor], tuple[Tensor, Tensor]],
        device: torch.device,
        record: Callable[[Work, torch.device], Work] = record_graph,
    ) -> None:
        # A GPU reads and writes pinned memory itself.
        pinned = device.type == "cuda"
        sizes = (LANES, 2), (LANES,), (LANES, 2)
        points, value, gradient = (torch.zeros(size, dtype=torch.float64, pin_memory=pinned) for size in sizes)
        self.points, self.value, self.gradient = points, value, gradient

        def work() -> None:
            # Without ``self``: a cycle of references would keep the memory of the graph for a while.
            for there, here in zip((value, gradient), measure(points.to(device, non_blocking=True)), strict=True):
                there.copy_(here, non_blocking=True)

        # A graph repeats launches on addresses. It does not keep the tensors there, such as the targets of ``measure``.
        self._work = work
        self._repeat = record(work, device)

    def __call__(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and gradient of any number of points."""
        found = [self._measure(part) for part in torch.split(points.reshape(-1, 2), LANES)]
        value, gradient = (torch.cat(column) for column in zip(*found, strict=True))
        return value.reshape(points.shape[:-1]), gradient.reshape(points.shape)

    def _measure(self, points: Tensor) -> tuple[Tensor, Tensor]:
        count = len(points)
        self.points[:count] = points
        self._repeat()
        # The next call writes into the same memory.
        return self.value[:count].clone(), self.gradient[:count].clone()

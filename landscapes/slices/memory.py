"""Memory within a budget: a loss at many points, as many at a time as fit, and fewer where that proves too many."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from cliffscape.landscapes.loss import Loss

# What PyTorch's allocator says on Linux and macOS, and on Windows; on the CPU it raises a plain RuntimeError.
REFUSALS = ("can't allocate memory", "cannot allocate memory", "not enough memory")


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on the CPU or on a GPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in REFUSALS)


def try_loss(loss: Loss, points: Tensor) -> Tensor | None:
    """The losses ``(n,)`` at ``points`` ``(n, D)``, None where memory runs out; any other error is raised on."""
    try:
        return loss(points)
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error):
            raise
    # Only here, after the error and the tensors its traceback holds on to are gone, is there anything to give back.
    if points.is_cuda:
        torch.cuda.empty_cache()
    return None


def losses_within(
    budget: int, bytes_per_point: int, loss: Loss, points: Tensor, most: Callable[[], int] | None = None
) -> Iterator[Tensor]:
    """Losses ``(n,)`` of ``points`` ``(N, D)`` in order, chunk by chunk, each within ``budget`` bytes.

    Or whatever else ``loss`` says of every point, ``(n, ...)``.

    ``bytes_per_point`` is what evaluating one point takes (``Net.bytes_per_lane``). ``most``, asked before every
    chunk, holds it to a number of points: a caller that keeps to a time learns it from the chunks before. A chunk
    for which memory runs out all the same is halved, and the chunks after it stay that small. Which
    chunk a point is in makes no difference, to the last bit with ``Net.value``; Inf and NaN are losses like any other.

    Raises:
        ValueError: the budget holds not even one point.
        MemoryError: memory runs out for a single point.
    """
    if bytes_per_point > budget:
        raise ValueError(f"budget must be at least {bytes_per_point} bytes, which one point takes, got {budget}")
    size, done = budget // max(1, bytes_per_point), 0
    while done < len(points):
        rows = points[done : done + max(1, min(size, most() if most else size))]
        values = try_loss(loss, rows)
        if values is not None:
            done += len(rows)
            yield values
        elif len(rows) > 1:
            size = math.ceil(len(rows) / 2)
        else:
            one = f"one point of {points.shape[-1]} parameters takes about {bytes_per_point} bytes"
            raise MemoryError(f"points: {one}, more than {points.device} has left")

"""A loss at many points within a memory budget: in chunks that fit, and in smaller ones if memory runs out."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import must_be
from cliffscape.landscapes.loss import Loss

# The messages of PyTorch's allocator on Linux and macOS, and on Windows. On the CPU it raises a plain RuntimeError.
ALLOCATOR_MESSAGES = ("can't allocate memory", "cannot allocate memory", "not enough memory")


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on the CPU or on a GPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in ALLOCATOR_MESSAGES)


def try_loss(loss: Loss, points: Tensor) -> Tensor | None:
    """The losses ``(n,)`` at ``points`` ``(n, D)``, or None if memory runs out; any other error is re-raised."""
    try:
        return loss(points)
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error):
            raise
    # Not inside the handler: there, the traceback still references the tensors, so no memory could be released.
    if points.is_cuda:
        torch.cuda.empty_cache()
    return None


def losses_within(
    budget: int, bytes_per_point: int, loss: Loss, points: Tensor, most: Callable[[], int] | None = None
) -> Iterator[Tensor]:
    """Losses ``(n,)`` of ``points`` ``(N, D)`` in order, chunk by chunk, each within ``budget`` bytes.

    ``loss`` may also return ``(n, ...)``.

    ``bytes_per_point`` is the memory for evaluating one point (``Net.bytes_per_lane``). ``most`` is called before every
    chunk and returns the largest number of points for it; a caller with a time limit derives it from the previous
    chunks. If memory runs out for a chunk all the same, it is halved, and later chunks stay that small. The chunk of a
    point does not change its loss, with ``Net.value`` not even in the last bit. Inf and NaN are valid losses.

    Raises:
        ValueError: the budget is too small for one point.
        MemoryError: memory runs out for a single point.
    """
    if bytes_per_point > budget:
        raise ValueError(must_be("budget", budget, f"at least {bytes_per_point} bytes, which one point takes"))
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

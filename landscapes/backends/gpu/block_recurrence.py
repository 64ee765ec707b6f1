"""A recurrent net's states and their gradient as CUDA: the threads of a block take all steps of a lane.

PyTorch launches some kernels for every step, and on small nets the launches take longer than the work. Here a launch
takes all steps of all lanes. The functions have the arguments of those in ``recurrence.c``.
"""

import ctypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from cliffscape.landscapes.backends.c_expressions import HEAD
from cliffscape.landscapes.backends.recurrence import Recurrence, argument_types
from cliffscape.landscapes.backends.recurrence_source import Activation, nonlinearities

# Threads per block. With 384 to 1,024 the default net takes about the same time on an H100.
THREADS = 512
SIZES = "count lanes, count length, count batch, count width, count units, count wanted"
GIVEN = (
    "const double *inputs, count across, const double *theta, count stride, const count *input_places, "
    "const count *state_places, double *tape"
)
FORWARD = f"{SIZES}, count keep, {GIVEN}, double *states"
BACKWARD = f"{SIZES}, {GIVEN}, const double *grad_states, double *grad_theta"
PREAMBLE = f"""\
typedef long long count;
#define FORWARD {FORWARD}
#define BACKWARD {BACKWARD}
#ifdef __CUDACC_RTC__
#define restrict __restrict__
#define EACH(k, size) for (int k = threadIdx.x; k < (size); k += blockDim.x)
#define EACH_TILE(first, tile, size) \\
  for (int warps = blockDim.x / 32, tile = (threadIdx.x / 32 + warps - (first) % warps) % warps; tile < (size); \\
       tile += warps)
#define EACH_PLACE(down, across) \\
  for (int down = threadIdx.x % 32 / 4, across = threadIdx.x % 4, once = 1; once; once = 0)
#define EACH_SUM(n, down, across) \\
  for (int n = 0, down = threadIdx.x % 32 / 4, across = threadIdx.x % 4 * 2; n < 2; n++, across++)
#define BARRIER __syncthreads()
#define MULTIPLY(sums, left, right) \\
  asm("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {{%0, %1}}, {{%2}}, {{%3}}, {{%0, %1}};" \\
      : "+d"((sums)[0]), "+d"((sums)[1]) : "d"(left), "d"(right))
typedef double Sums[2];
#else
#include <stdlib.h>
#define EACH(k, size) for (int k = 0; k < (size); k++)
#define EACH_TILE(first, tile, size) for (int tile = 0; tile < (size); tile++)
#define EACH_PLACE(down, across) \\
  for (int down = 0; down < SIDE; down++) for (int across = 0; across < SIDE; across++)
#define EACH_SUM(n, down, across) \\
  for (int n = 0, down = 0, across = 0; n < SIDE * SIDE; n++, down = n / SIDE, across = n % SIDE)
#define BARRIER
typedef double Sums[64];
#endif
"""
# The numbers of a step on the tape are padded, as in ``recurrence.c``.
ENTRIES = """\
static count tape_size(count batch, count units, count slots) {
  return slots * (MEMORIES + STORED) * batch * ((units + 7) / 8 * 8);
}
#ifdef __CUDACC_RTC__
extern __shared__ double shared[];
#define ENTRY extern "C" __global__ void __launch_bounds__(512)
#define LANES const count lane = blockIdx.x;
#define DONE
#else
#define ENTRY long
#define LANES \\
  const count weights = BLOCKS * units * (width + 1 + 2 * units); \\
  double *shared = calloc(weights + (2 * BLOCKS + 5) * batch * units, sizeof(double)); \\
  for (count lane = 0; lane < lanes; lane++)
#define DONE free(shared); return 0;
#endif
ENTRY forward(FORWARD) {
  LANES
  forward_lane(shared, length, batch, width, units, wanted, keep, inputs + lane * across, theta + lane * stride,
               input_places, state_places, tape + lane * tape_size(batch, units, keep ? length + 1 : 2),
               states + lane * wanted * batch * units);
  DONE
}
ENTRY backward(BACKWARD) {
  LANES
  backward_lane(shared, length, batch, width, units, wanted, inputs + lane * across, theta + lane * stride,
                input_places, state_places, tape + lane * tape_size(batch, units, length + 1),
                grad_states + lane * wanted * batch * units, grad_theta + lane * stride);
  DONE
}
"""


class BlockLibrary(Protocol):
    """CUDA that is compiled and loaded. ``shared_bytes`` is the most shared memory that a block can have."""

    shared_bytes: int

    def launch(self, name: str, blocks: int, shared: int, values: Sequence[int], form: Sequence[Any]) -> None:
        """Start a kernel on ``blocks`` blocks of ``THREADS`` threads with ``shared`` bytes; ``form`` are C types."""


class BlockRecurrence(Recurrence):
    """The compiled steps of a cell, in float64 on a GPU."""

    def __init__(self, library: BlockLibrary, activation: Activation) -> None:
        self.library = library
        super().__init__(self._kernel("forward"), self._kernel("backward"), activation)

    def _kernel(self, name: str) -> Callable[..., int]:
        form = argument_types(ctypes.c_longlong)[name]

        def launch(*values: int) -> int:
            lanes, _, batch, width, units, _ = values[:6]
            if lanes:  # a launch of no blocks is an error
                self.library.launch(name, lanes, self.shared_bytes(name, width, units, batch), values, form)
            return 0

        return launch

    def shared_bytes(self, name: str, width: int, units: int, batch: int) -> int:
        """Bytes of shared memory that a block of ``forward`` or of ``backward`` takes."""
        size, weights, extra = batch * units, self.blocks * units * units, self.memories - 1
        factors = weights + self.blocks * units * (width + 1)
        if name == "forward":
            return 8 * (factors + (self.blocks + 2 + 2 * extra) * size)
        return 8 * (factors + weights + (self.blocks + 3 + 2 * extra) * size)

    def fits(self, width: int, units: int, batch: int) -> bool:
        """Whether a block has enough shared memory. Larger nets keep a GPU busy in PyTorch, too."""
        return self.shared_bytes("backward", width, units, batch) <= self.library.shared_bytes


def compile_blocks(activation: Activation, load: Callable[[str], BlockLibrary | None]) -> BlockRecurrence | None:
    """The compiled steps, or None if they cannot be compiled; ``load`` compiles and loads CUDA."""
    library = load(source(activation))
    return None if library is None else BlockRecurrence(library, activation)


def source(activation: Activation) -> str:
    """CUDA's C++ with the kernels ``forward`` and ``backward``: a block per lane."""
    steps = Path(__file__).with_name("block_recurrence.c").read_text(encoding="utf-8")
    return "\n".join([HEAD, PREAMBLE, *nonlinearities(activation, "EACH(k, size)"), steps, ENTRIES])

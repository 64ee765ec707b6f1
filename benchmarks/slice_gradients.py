"""Loss and gradient on a slice of a recurrent net: by hand, by autograd, and by forward-mode tangents.

    python benchmarks/slice_gradients.py

Milliseconds of processor time per point, one thread, medians of several turns taken one after the other. Forward mode
follows two tangents, one along each direction of the slice, and keeps nothing for later; reverse mode keeps every step
and goes back once, for all parameters. Their gradients are compared in every row.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable

import torch
from torch import Tensor

from landscapes.landscape import value_and_gradient
from landscapes.recurrent.catalogue import CELLS, TASKS
from landscapes.recurrent.net import Net

# Cell, units, steps, minibatch, points.
SIZES = [
    ("tanh_rnn", 50, 20, 20, 289),
    ("tanh_rnn", 32, 50, 64, 289),
    ("tanh_rnn", 50, 200, 20, 48),
    ("gru", 50, 20, 20, 96),
    ("lstm", 50, 20, 20, 96),
]


def ways(net: Net, size: int, count: int, dtype: torch.dtype) -> dict[str, Callable[[], Tensor]]:
    """Gradients ``(N, 2)`` at the same points of the same slice, one function each; and the losses alone."""
    generator = torch.Generator().manual_seed(0)
    origin = torch.randn(net.layout.size, dtype=dtype, generator=generator) / 10
    directions = torch.randn(2, net.layout.size, dtype=dtype, generator=generator) / 10
    points = torch.randn(count, 2, dtype=dtype, generator=generator) / 2
    batch = net.minibatch(torch.tensor(0), 0, size, dtype)
    loss = net.loss(batch)

    def on_slice(rows: Tensor) -> Tensor:
        return loss(origin + rows @ directions)

    def forward() -> Tensor:
        along = torch.eye(2, dtype=dtype).unsqueeze(1).expand(2, count, 2)
        return torch.stack([torch.func.jvp(on_slice, (points,), (tangent,))[1] for tangent in along], -1)

    return {
        "losses alone": lambda: net.value(batch)(origin + points @ directions),
        "by hand": lambda: net.value_and_gradient(batch)(origin + points @ directions)[1] @ directions.mT,
        "autograd": lambda: value_and_gradient(on_slice, points)[1],
        "forward mode": forward,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", choices=["float64", "float32"], default="float64")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    # PyTorch's own forward-mode rules are made with a call that PyTorch deprecates.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    print(f"torch {torch.__version__}, {options.dtype}, one thread, milliseconds of processor time per point")
    for kind, units, length, size, count in SIZES:
        net = Net(CELLS[kind].function(units), TASKS["temporal_order"].function(length))
        work = ways(net, size, count, getattr(torch, options.dtype))
        times: dict[str, list[float]] = {name: [] for name in work}
        for turn in range(options.turns + 1):
            for name, job in work.items():
                began = time.process_time()
                job()
                if turn:
                    times[name].append(1000 * (time.process_time() - began) / count)
        found = [work[name]() for name in ("by hand", "autograd", "forward mode")]
        apart = max(float((one - found[1]).abs().max() / found[1].abs().max()) for one in found)
        row = "; ".join(f"{name} {statistics.median(seconds):.3f}" for name, seconds in times.items())
        print(f"{kind}, {units} units, T = {length}, B = {size}: {row}; gradients apart {apart:.0e}", flush=True)


if __name__ == "__main__":
    main()

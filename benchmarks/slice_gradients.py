"""Loss and gradient on a slice of a recurrent net: by hand, by autograd, and by forward-mode tangents.

    python benchmarks/slice_gradients.py            five nets
    python benchmarks/slice_gradients.py --grid     2 to 1,681 points, 20 to 200 steps, 16 to 128 tanh units

Milliseconds of processor time per point, one thread, medians of several turns taken one after the other. Forward mode
follows two tangents, one along each direction of the slice, and keeps nothing for later; reverse mode keeps every step
and goes back once, for all parameters. Their gradients are compared in every row. Slices are descended by hand,
whatever the size, so that must be fastest, or within a tenth of it, in every row.
"""

import argparse
import itertools
import statistics
import sys
import time
import warnings
from collections.abc import Callable

import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.networks.catalogue import CELLS, TASKS
from cliffscape.landscapes.networks.network import Net

# Cell, units, steps, minibatch, points.
SIZES = [
    ("tanh_rnn", 50, 20, 20, 289),
    ("tanh_rnn", 32, 50, 64, 289),
    ("tanh_rnn", 50, 200, 20, 48),
    ("gru", 50, 20, 20, 96),
    ("lstm", 50, 20, 20, 96),
]
GRID = [
    ("tanh_rnn", units, length, 20, count)
    for count, length, units in itertools.product((2, 64, 1681), (20, 50, 200), (16, 32, 128))
    # The rest take minutes each and say nothing new.
    if count * length * units**2 < 1e8
]
# Autograd and tangents get as many points at a time as keep their states within a gibibyte.
MOST = 2**30 // (8 * 4)


def ways(net: Net, size: int, count: int, dtype: torch.dtype) -> dict[str, Callable[[], Tensor]]:
    """Gradients ``(N, 2)`` at the same points of the same slice, one function each; and the losses alone."""
    generator = torch.Generator().manual_seed(0)
    # A spectral radius of about a half: beyond 1 the net is chaotic, and rounding is all that is compared.
    scale = 0.5 / net.cell.hidden_units**0.5
    origin = scale * torch.randn(net.layout.size, dtype=dtype, generator=generator)
    directions = scale * torch.randn(2, net.layout.size, dtype=dtype, generator=generator)
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
    parser.add_argument("--grid", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    # PyTorch's own forward-mode rules are made with a call that PyTorch deprecates.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    print(f"torch {torch.__version__}, {options.dtype}, one thread, milliseconds of processor time per point")
    good = True
    for kind, units, length, size, points in GRID if options.grid else SIZES:
        count = min(points, MOST // (length * size * units))
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
        medians = {name: statistics.median(seconds) for name, seconds in times.items()}
        row = "; ".join(f"{name} {each:.3f}" for name, each in medians.items())
        shape = f"{kind}, {units} units, T = {length}, B = {size}, {count} points"
        print(f"{shape}: {row}; gradients apart {apart:.0e}", flush=True)
        good = good and medians["by hand"] <= 1.1 * min(medians["autograd"], medians["forward mode"])
        good = good and apart < {"float64": 1e-10, "float32": 1e-3}[options.dtype]
    sys.exit(not good)


if __name__ == "__main__":
    main()

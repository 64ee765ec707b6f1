"""How many seeds learn the temporal order, without and with clipping: the same weights and the same minibatches.

    python benchmarks/learning/temporal_order.py                          T = 20, 2,500 updates: two minutes on one core
    python benchmarks/learning/temporal_order.py short long lstm plain    all four; the long ones take an hour

A seed is solved once fewer than 1 % of 10,000 unseen sequences are answered wrongly. Seeds and pair are lanes of one
run. This shows that clipping permits a learning rate which otherwise destroys the solution; it is not a
reproduction of the paper, whose learning rate is ten times smaller and whose runs are a thousand times longer.
"""

import argparse
import time
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.app.compute.gpu.block_library import compile_steps_for
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import side_by_side, train


class Setting(NamedTuple):
    """One row of the table."""

    length: int
    updates: int
    seeds: int
    cell: str = "tanh_rnn"
    initialisation: str = "normal"
    learning_rate: float = 0.1
    required: str = ""


SETTINGS = {
    "short": Setting(20, 2500, 10, required="without <= 5, with >= 9 of 10"),
    "long": Setting(30, 10_000, 10, required="without <= 1, with >= 9 of 10"),
    "lstm": Setting(30, 4000, 6, "lstm", "framework_default", 0.5, "with >= 5 of 6"),
    "plain": Setting(30, 4000, 6, "tanh_rnn", "framework_default", 0.5, "<= 1 of 6"),
}
HEAD = f"{'T':>3} {'cell':<9} {'initialisation':<18} {'rate':>5} {'updates':>8} {'seeds':>6} {'without':>8} {'with':>5}"


def first_solved(setting: Setting, device: str, dtype: torch.dtype, every: int, fresh: int) -> tuple[Tensor, Tensor]:
    """Updates after which each run ``(2, S)`` was first seen solved (0: never), and its largest gradient norm."""
    net = Net(CELLS[setting.cell].function(50), TASKS["temporal_order"].function(setting.length))
    seeds = torch.arange(setting.seeds, device=device)
    theta = net.initial(INITIALISATIONS[setting.initialisation].function(), seeds, dtype)
    clip = side_by_side(CLIPS["none"].function(), CLIPS["by_norm"].function(1.0))
    optimizer = OPTIMIZERS["gradient_descent"].function(setting.learning_rate)
    solved = torch.zeros(2, setting.seeds, dtype=torch.int64, device=device)
    largest = torch.zeros(2, setting.seeds, dtype=dtype, device=device)
    pair = torch.stack([theta, theta])
    for part in train(net, pair, seeds, optimizer, clip, setting.updates, block=every, fresh=fresh):
        solved = torch.where((solved == 0) & (part.error < 0.01), part.updates, solved)
        largest = torch.maximum(largest, part.gradient_norm.nan_to_num(torch.inf).amax(0))
    return solved.cpu(), largest.cpu()


def report(setting: Setting, options: argparse.Namespace) -> None:
    """One row, and below it the updates each seed needed."""
    began = time.perf_counter()
    dtype = getattr(torch, options.dtype)
    solved, largest = first_solved(setting, options.device, dtype, options.every, options.fresh)
    seconds = time.perf_counter() - began
    counts = (solved > 0).sum(-1).tolist()
    print(
        f"{setting.length:>3} {setting.cell:<9} {setting.initialisation:<18} {setting.learning_rate:>5}"
        f" {setting.updates:>8} {setting.seeds:>6} {counts[0]:>8} {counts[1]:>5}   required: {setting.required};"
        f" {seconds:.0f} s, {1000 * seconds / setting.updates:.1f} ms per update of {2 * setting.seeds} lanes"
    )
    for name, needed, norms in zip(("without", "with"), solved.tolist(), largest.tolist(), strict=True):
        print(f"      {name:<8} solved after {[n or None for n in needed]}, gradient norms up to {max(norms):.3g}")
    print(end="", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", nargs="*", default=["short"], help=f"of {', '.join(SETTINGS)}")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", choices=["float64", "float32"], default="float64")
    parser.add_argument("--every", type=int, default=250, help="updates between two counts of errors")
    parser.add_argument("--fresh", type=int, default=10_000, help="unseen sequences to count errors on")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    compile_steps_for(torch.device(options.device))
    print(f"torch {torch.__version__}, {options.device}, {options.dtype}; solved of seeds, without and with clipping")
    print(HEAD)
    for name in options.settings:
        report(SETTINGS[name], options)


if __name__ == "__main__":
    main()

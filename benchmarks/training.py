"""Updates per second of training, against the same loop written with torch.nn, and 16 seeds as lanes against 16 runs.

    python benchmarks/training.py                  the default net and the LSTM, in float64 as everywhere in descents
    python benchmarks/training.py tanh_rnn gru lstm --dtype float32

Temporal order, T = 20, minibatches of 20, 50 units, gradient descent clipped by norm, minibatches drawn inside all
loops in the same way. One thread. The loops take turns within one process, and each number is the median of several
turns in processor time, so that a neighbour's load falls on all of them. Required for the default net: at most 1.3
times the time of torch.nn's loop, and lanes at least 3 times faster than runs one after the other.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import minibatches, train

PEERS: dict[str, Callable[..., nn.Module]] = {"tanh_rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
LENGTH, BATCH, UNITS, LANES, RATE, THRESHOLD = 20, 20, 50, 16, 0.1, 1.0


def net_of(kind: str) -> Net:
    """The net that is trained."""
    return Net(CELLS[kind].function(UNITS), TASKS["temporal_order"].function(LENGTH))


def ours(kind: str, theta: Tensor, updates: int) -> None:
    """Train all seeds, theta ``(S, D)``, as lanes of one run."""
    net, seeds = net_of(kind), torch.arange(len(theta))
    optimizer, clip = OPTIMIZERS["gradient_descent"].function(RATE), CLIPS["by_norm"].function(THRESHOLD)
    for _ in train(net, theta, seeds, optimizer, clip, updates, BATCH, block=updates, fresh=1):
        pass


def peers(kind: str, dtype: torch.dtype, updates: int) -> None:
    """The same for one seed with torch.nn, as a PyTorch user writes it."""
    net = net_of(kind)
    module, readout = PEERS[kind](net.task.inputs, UNITS).to(dtype), nn.Linear(UNITS, net.task.outputs).to(dtype)
    parameters = [*module.parameters(), *readout.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=RATE)
    for inputs, targets in minibatches(net, torch.tensor(0), 0, updates, BATCH, dtype):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(readout(module(inputs)[0][-1]), targets[0])
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, THRESHOLD)
        optimizer.step()


def measure(kind: str, dtype: torch.dtype, updates: int, turns: int) -> list[dict[str, float]]:
    """Milliseconds of processor time per update, turn by turn: one run, torch.nn's, and all lanes together."""
    drawn = net_of(kind).initial(INITIALISATIONS["normal"].function(0.1), torch.arange(LANES), dtype)
    work: dict[str, Callable[[], object]] = {
        "ours": lambda: ours(kind, drawn[:1], updates),
        "peer": lambda: peers(kind, dtype, updates),
        "lanes": lambda: ours(kind, drawn, updates),
    }
    found = []
    for turn in range(turns + 1):
        times = {}
        for name, job in work.items():
            began = time.process_time()
            job()
            times[name] = 1000 * (time.process_time() - began) / updates
        if turn:
            found.append(times)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", default=["tanh_rnn", "lstm"], help=f"of {', '.join(PEERS)}")
    parser.add_argument("--dtype", choices=["float64", "float32"], default="float64")
    parser.add_argument("--updates", type=int, default=50, help="in one turn")
    parser.add_argument("--turns", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {options.dtype}, one thread, milliseconds of processor time per update")
    print(f"{'cell':<10}{'torch.nn':>10}{'train':>8}{'ratio':>7}{'16 lanes':>10}{'/ 16 runs':>11}{'/ 16 torch.nn':>15}")
    for kind in options.cells:
        turns = measure(kind, getattr(torch, options.dtype), options.updates, options.turns)
        peer, solo, lanes = (statistics.median(turn[name] for turn in turns) for name in ("peer", "ours", "lanes"))
        ratio = statistics.median(turn["ours"] / turn["peer"] for turn in turns)
        gains = [statistics.median(LANES * turn[name] / turn["lanes"] for turn in turns) for name in ("ours", "peer")]
        print(
            f"{kind:<10}{peer:>10.2f}{solo:>8.2f}{ratio:>7.2f}{lanes:>10.2f}{gains[0]:>10.1f}x{gains[1]:>14.1f}x",
            flush=True,
        )
    print("required of tanh_rnn: ratio at most 1.3; 16 lanes at least 3 times faster than 16 runs")


if __name__ == "__main__":
    main()

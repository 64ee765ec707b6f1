"""A random plane through the loss of small models, against two packages from PyPI, a plain loop and a floor.

    pip install --no-deps --target somewhere "loss-landscapes>=3,<4" "loss-landscape-3d>=0.1,<0.2"
    python benchmarks/models.py --peers somewhere

Milliseconds of processor time per point of a plane of 21 x 21 points, one thread, medians of several turns that are
taken one after the other. The floor of a loop is the forward passes alone. loss-landscapes walks a plane of its own,
the others walk ours, and losses are compared with those of loss-landscape-3d and of the plain loop. The measurement of
the fastest way, which ``cliffscape.slice`` makes once for each view, is not part of the time.

Required: at least 1.5 times cheaper than both packages on the first convolution, and 2 times on the first transformer.
The others show where the gain ends: convolutions gain from PyTorch's format ``channels_last``, transformers from
batches of points, as long as calls of operations take longer than their numbers.
"""

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Mapping
from typing import Any

import torch
from peers import model_planes
from peers.model_planes import Problem, Walk
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import cliffscape

SIDE = 21
BOUNDS = {"convolutions": 1.5, "transformer": 2.0}
PEERS = ("loss-landscapes", "loss-landscape-3d")
HELP = """the packages are not there; get them and name their folder:
    pip install --no-deps --target FOLDER "loss-landscapes>=3,<4" "loss-landscape-3d>=0.1,<0.2"
    python benchmarks/models.py --peers FOLDER"""


def walks(problem: Problem) -> dict[str, Walk]:
    """The ways to compute the plane, by name."""

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        return cross_entropy(model(batch[0]), batch[1])

    view = cliffscape.slice(problem.model, loss, [(problem.inputs, problem.targets)])
    points = view.window.grid(SIDE, SIDE).reshape(-1, 2)
    planes = (view.slice.origin, *view.slice.directions)
    parts = [view.subject.found.parameters.unpack(one) for one in planes]
    rows = {name: (parts[0][name], parts[1][name], parts[2][name]) for name in parts[0]}
    return {
        "cliffscape": lambda: view.value(points),
        "loss-landscapes": model_planes.loss_landscapes_walk(problem, SIDE),
        "loss-landscape-3d": model_planes.loss_landscape_3d_walk(problem, SIDE, rows),
        "plain loop": model_planes.plain_loop(problem, points, rows),
        "forward passes": model_planes.forward_passes(problem, SIDE * SIDE),
    }


def difference(found: Mapping[str, Any]) -> float:
    """The largest relative difference between our losses and those of the others on our plane."""
    own = found["cliffscape"]
    others = [torch.as_tensor(found[name]).reshape(-1).to(own) for name in ("loss-landscape-3d", "plain loop")]
    return max(float(((own - other) / other).abs().max()) for other in others)


def measure(problem: Problem, repeat: int) -> bool:
    """Print the times of one model; whether they are within their bound."""
    ways = walks(problem)
    found = {name: walk() for name, walk in ways.items()}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeat):
        for name, walk in ways.items():
            began = time.process_time()
            walk()
            times[name].append(1000 * (time.process_time() - began) / SIDE**2)
    medians = {name: statistics.median(values) for name, values in times.items()}
    gain = min(medians[name] for name in PEERS) / medians["cliffscape"]
    row = " | ".join(f"{medians[name]:.3f}" for name in ways)
    off = difference(found)
    print(f"| {problem.name} | {row} | {gain:.2f} | {off:.0e} |", flush=True)
    bound = BOUNDS.pop(problem.name.partition(",")[0], 0.0)
    return gain >= bound and off < 1e-4


def main() -> int:
    """Run the benchmark; the exit status is 1 if something is slower than required."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", help="the folder of the packages")
    options.add_argument("--repeat", type=int, default=7)
    chosen = options.parse_args()
    sys.path += [chosen.peers] if chosen.peers else []
    torch.set_num_threads(1)
    # A warning of functorch about a slow batching rule.
    warnings.simplefilter("ignore")
    try:
        import loss_landscape_3d  # noqa: F401, PLC0415 - only where they are installed
        import loss_landscapes  # noqa: F401, PLC0415
    except ImportError:
        print(HELP)
        return 0
    ways = " | ".join(("cliffscape", *PEERS, "plain loop", "forward passes"))
    print(f"| model | {ways} | gain | difference |\n|---|{'---|' * 7}")
    within = [measure(problem, chosen.repeat) for problem in model_planes.problems()]
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())

"""A random plane through a recurrent net's loss, against the PyPI package loss-landscapes and against the floor.

    pip install --no-deps --target somewhere "loss-landscapes>=3,<4"
    python benchmarks/slices.py --peer somewhere

Tanh RNN with 32 units on the adding problem, T = 50, minibatch of 64, float32, 41 x 41 points, one thread each. The
package walks the plane of its own ``random_plane`` in a process of its own; both take turns. The floor are the matrix
products of the states and the hyperbolic tangents alone, in the same buffers, with whichever tangent is faster.

The package walks in a serpentine: the second coordinate rises in even rows and falls in odd ones. It steps before it
evaluates, so even rows lie at steps 1 to 41 and odd rows at 40 to 0: shifted by one step against the rows beside them.
Losses are compared at the points it really evaluates, which it is asked for. Required: at least 3 times less
processor time per point than the package (4 hoped for), at most 1.6 times the floor, losses equal to 1e-5.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import torch
from peers.loss_landscapes import LENGTH, NET, SIZE, UNITS, problem
from torch import Tensor

from cliffscape.landscapes.networks.gates import tanh
from cliffscape.landscapes.networks.network import CACHE_BYTES
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.slices.memory import losses_within

SIDE, BUDGET = 41, 1 << 28
HELP = """loss-landscapes is not there; get it and name its folder:
    pip install --no-deps --target FOLDER "loss-landscapes>=3,<4"
    python benchmarks/slices.py --peer FOLDER"""


class Walks(NamedTuple):
    """A call that times one walk in processor seconds; the points ``(N, D)`` and losses ``(N,)`` of all walks."""

    timed: Callable[[], float]
    points: Tensor
    losses: Tensor


@contextmanager
def peer(folder: str | None) -> Iterator[Walks | None]:
    """The package's process, None where it is not installed."""
    paths = [folder, str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    with tempfile.TemporaryDirectory() as room:
        answers = Path(room) / "answers.pt"
        command = [sys.executable, str(Path(__file__).parent / "peers" / "loss_landscapes.py"), str(SIDE), str(answers)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True) as process:
            assert process.stdin and process.stdout
            if process.stdout.readline().strip() != "ready":
                yield None
                return

            def walk() -> float:
                print(flush=True, file=process.stdin)
                return float(process.stdout.readline())

            yield Walks(walk, *torch.load(answers))
            process.stdin.close()


def plane(points: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Origin ``(D,)``, directions ``(2, D)`` and our own grid of steps ``(N, 2)``, from the points of a walk."""
    rows = points.unflatten(0, (SIDE, SIDE)).double()
    along = (rows[0, -1] - rows[0, 0]) / (SIDE - 1)
    # Both of these rows are even: they begin at the same step of the second direction.
    across = (rows[-1, 0] - rows[0, 0]) / (SIDE - 1)
    steps = torch.arange(SIDE, dtype=torch.float64)
    grid = torch.cartesian_prod(steps, steps).float()
    return rows[0, 0].float(), torch.stack([across, along]).float(), grid


def ours(lift: Callable[[Tensor], Tensor], batch: Batch, grid: Tensor) -> Tensor:
    """The surface: parameters from slice coordinates, losses in chunks within a budget."""
    value = NET.value(batch)
    each = NET.bytes_per_lane(batch, torch.float32)
    return torch.cat(list(losses_within(BUDGET, each, lambda rows: value(lift(rows)), grid)))


def floor(count: int, batch: Batch, squash: Callable[[Tensor, Tensor], object]) -> None:
    """Products of states and hyperbolic tangents alone, for ``count`` points, as many at a time as ours."""
    lanes = CACHE_BYTES // NET.bytes_per_lane(batch, torch.float32)
    generator = torch.Generator().manual_seed(0)
    matrix = torch.randn(lanes, UNITS, UNITS, generator=generator) / UNITS**0.5
    state = torch.randn(lanes, SIZE, UNITS, generator=generator)
    gates = torch.empty_like(state)
    with torch.no_grad():
        for first in range(0, count, lanes):
            parts = [part[: count - first] for part in (state, matrix, gates)]
            for _ in range(LENGTH):
                torch.bmm(parts[0], parts[1], out=parts[2])
                squash(parts[2], parts[0])


def join_halves(work: Callable[[Tensor], Tensor], grid: Tensor, pool: ThreadPoolExecutor) -> Tensor:
    """The two halves of a grid in two Python threads of one OpenMP thread each."""

    def alone(rows: Tensor) -> Tensor:
        torch.set_num_threads(1)
        return work(rows)

    return torch.cat(list(pool.map(alone, grid.chunk(2))))


def time_call(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Seconds that ``work`` takes on a clock."""
    began = clock()
    work()
    return clock() - began


def compare(folder: str | None, turns: int) -> bool:
    """Ours, the package and the floor in turn; says whether what is required is reached."""
    torch.set_num_threads(1)
    _, batch = problem()
    with peer(folder) as walks:
        origin, directions, grid = plane(walks.points) if walks else own_plane()
        if walks is None:
            print(HELP)
        work: dict[str, Callable[[], object]] = {
            "ours": lambda: ours(lambda rows: origin + rows @ directions, batch, grid),
            "floor": lambda: floor(len(grid), batch, tanh),
            "floor, torch.tanh": lambda: floor(len(grid), batch, lambda gates, out: torch.tanh(gates, out=out)),
        }
        times: dict[str, list[float]] = {name: [] for name in work} | ({"loss-landscapes": []} if walks else {})
        for turn in range(turns + 1):
            found = {name: time_call(job, time.process_time) for name, job in work.items()}
            found |= {"loss-landscapes": walks.timed()} if walks else {}
            for name, seconds in found.items() if turn else ():
                times[name].append(1000 * seconds / len(grid))
    print(f"processor time per point of {SIDE} x {SIDE}, ms: " + "; ".join(map(format_row, times.items())))
    fastest = [min(pair) for pair in zip(times["floor"], times["floor, torch.tanh"], strict=True)]
    above = ratio(times["ours"], fastest)
    print(f"ours : floor = {above:.2f} (at most 1.6)")
    return above <= 1.6 and (walks is None or ahead(walks, batch, times))


def ahead(walks: Walks, batch: Batch, times: Mapping[str, list[float]]) -> bool:
    """Whether the package is left behind as required, with the same losses."""
    found = torch.cat(list(losses_within(BUDGET, 1, NET.value(batch), walks.points)))
    apart, gain = float((found - walks.losses).abs().max()), ratio(times["loss-landscapes"], times["ours"])
    print(f"loss-landscapes : ours = {gain:.2f} (3 required, 4 hoped for); losses apart {apart:.1e} (at most 1e-5)")
    print(f"at the {len(found)} points that it evaluates: a serpentine, odd rows shifted by a step")
    return gain >= 3 and apart <= 1e-5


def own_plane() -> tuple[Tensor, Tensor, Tensor]:
    """A plane as ``plane`` gives it, where there is no package to draw one."""
    theta, _ = problem()
    generator = torch.Generator().manual_seed(0)
    directions = torch.randn(2, NET.layout.size, generator=generator) / 100
    return theta, directions, torch.randn(SIDE * SIDE, 2, generator=generator)


def format_row(named: tuple[str, list[float]]) -> str:
    return f"{named[0]} {statistics.median(named[1]):.3f}"


def ratio(above: list[float], below: list[float]) -> float:
    """Median of the ratios of turns."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def compare_threads(turns: int) -> None:
    """The same surface by the wall clock: one thread, two OpenMP threads, two Python threads of one each."""
    _, batch = problem()
    theta, directions, grid = own_plane()

    def surface(rows: Tensor) -> Tensor:
        return ours(lambda points: theta + points @ directions, batch, rows)

    def openmp(threads: int) -> Tensor:
        torch.set_num_threads(threads)
        return surface(grid)

    with ThreadPoolExecutor(2) as pool:
        work = {
            "one thread": lambda: openmp(1),
            "two OpenMP threads": lambda: openmp(2),
            "two Python threads": lambda: join_halves(surface, grid, pool),
        }
        times: dict[str, list[float]] = {name: [] for name in work}
        for turn in range(turns + 1):
            for name, job in work.items():
                seconds = time_call(job, time.perf_counter)
                if turn:
                    times[name].append(1000 * seconds)
        same = torch.equal(openmp(1), join_halves(surface, grid, pool))
    print(f"the whole surface by the wall clock, ms: {'; '.join(map(format_row, times.items()))}; equal: {same}")


def compare_devices() -> None:
    """GPU against one thread, on the same grid, and 257 x 257 points on the GPU alone."""
    torch.set_num_threads(1)
    _, batch = problem()
    theta, directions, _ = own_plane()
    generator = torch.Generator().manual_seed(0)
    times = {}
    for device, side in (("cpu", SIDE), ("cuda", SIDE), ("cuda", 257)):
        origin, plane_, there = theta.to(device), directions.to(device), Batch(*(part.to(device) for part in batch))
        grid = torch.randn(side * side, 2, generator=generator).to(device)
        seconds = []
        for _ in range(4):
            began = time.perf_counter()
            ours(lambda rows, origin=origin, plane_=plane_: origin + rows @ plane_, there, grid).cpu()
            seconds.append(time.perf_counter() - began)
        times[device, side] = 1000 * statistics.median(seconds[1:])
    print(f"{torch.cuda.get_device_name()}: {SIDE} x {SIDE} points in {times['cuda', SIDE]:.1f} ms,", end=" ")
    print(f"{times['cpu', SIDE] / times['cuda', SIDE]:.1f} times faster than one thread of the processor;", end=" ")
    print(f"257 x 257 in {times['cuda', 257]:.1f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="folder that loss-landscapes is installed in, if it is not on the path")
    parser.add_argument("--turns", type=int, default=7)
    options = parser.parse_args()
    print(f"torch {torch.__version__}; tanh RNN, {UNITS} units, T = {LENGTH}, minibatch {SIZE}, float32")
    reached = compare(options.peer, options.turns)
    compare_threads(min(options.turns, 3))
    if torch.cuda.is_available():
        compare_devices()
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())

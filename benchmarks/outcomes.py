"""Outcomes of 128 x 128 starts on the T = 50 cliff against straightforward PyTorch, 200 steps in float64, in one run.

    python benchmarks/outcomes.py [--side 128] [--steps 200] [--repeat 3]

Prints milliseconds of processor time on one thread, medians of runs in turn, and ratios. The peer is a loop of one
autograd call per step over the whole batch, without any summary of a run; the floor is the sigmoids
alone (one for every application of the unit). Required: at least 3 times as fast as the peer, where there is a C
compiler. Behind it what autograd alone gains over torch.func, what putting lanes away gains that move no more, and the
statistics that must hold.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from turns import time_in_turn

from cliffscape.app.compute.compiled import Routines, SharedRoutine
from cliffscape.app.compute.cores import Cores, available_cores
from cliffscape.landscapes.backends.c_compiler import CompiledRoutine, compile_routine, load_temporary
from cliffscape.landscapes.backends.c_expressions import HEAD
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent import sweep as sweeps
from cliffscape.landscapes.descent.batch import Routine, SweepRecipe
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
from cliffscape.landscapes.descent.sweep import TURN, Lanes, Stepper, sweep
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import Derivative, Loss
from cliffscape.landscapes.tracing.program import Program

CLIFF = LANDSCAPES["one_unit_rnn"]
RATE, THRESHOLD, TIMES, REQUIRED = 0.5, 0.2, 50, 3.0
CALLS = 20
# The turn that the server settles at: app/compute/chunking.py aims at some milliseconds between two pauses.
SETTLED = 1 << 18
# Of each step and unit: a sigmoid, and the nine other sums and products of the loss and its derivative.
FLOOR = f"""{HEAD}
void advance(long long lanes, long long stride, long long steps, const real *shared, const real *own, real *columns) {{
  for (long long at = 0; at < lanes; at += 64) {{
    real x[64];
    for (int k = 0; k < 64; k++) x[k] = at + k < lanes ? columns[at + k] : 0;
    for (long long step = 0; step < {TIMES} * steps; step++)
      for (int k = 0; k < 64; k++) {{
        const real s = sigmoid(x[k] * 0.5 + 0.1), one = 1 - s, two = one * s, three = two * 0.7 + s, four = three * 0.3;
        x[k] = four + two * 0.1 + one * 0.2;
      }}
    for (int k = 0; k < 64 && at + k < lanes; k++) columns[at + k] = x[k];
  }}
}}
"""
REFERENCE = Path(__file__).parent.parent / "tests" / "data" / "window_statistics.json"
POINTS = 0.03


def recipe(clip: str, landscape: str = "one_unit_rnn", **values: float) -> SweepRecipe:
    """Gradient descent under a clip."""
    chosen = {"optimizer.learning_rate": RATE, "clip.threshold": THRESHOLD} | {
        name.replace("_of_", "."): value for name, value in values.items()
    }
    structural = {"repetitions": 3} if landscape == "product_of_weights" else {}
    return SweepRecipe(landscape, "gradient_descent", clip, structural=structural, values=chosen)


def swept(run: SweepRecipe, start: Tensor, steps: int, routine: Stepper | None, turn: int = TURN) -> RunResult:
    """The outcome of every start; ``turn`` is the number of steps times lanes between two pauses."""
    return run_to_end(sweep(run, Lanes(start), steps, lambda: routine, lambda: turn))


def plain_descent(start: Tensor, steps: int, clip: bool) -> Tensor:
    """Where the starts end, as anyone would write it."""
    loss, theta = CLIFF.loss(), start.clone()
    for _ in range(steps):
        theta.requires_grad_(True)
        (gradient,) = torch.autograd.grad(loss(theta).sum(), theta)
        theta = theta.detach()
        if clip:
            norm = gradient.norm(dim=-1, keepdim=True)
            gradient = torch.where(norm > THRESHOLD, gradient / norm * THRESHOLD, gradient)
        theta = theta - RATE * gradient
    return theta


def measure(side: int, steps: int, repeat: int) -> bool:
    """The table of times; whether the ratios are what is required."""
    start = CLIFF.window.grid(side, side).reshape(-1, 2)
    good = {clip: compare_clip(clip, start, steps, repeat) for clip in ("none", "by_norm")}
    return all(good.values())


def compare_clip(clip: str, start: Tensor, steps: int, repeat: int) -> bool:
    """The times under one clip."""
    run, one = recipe(clip), start[:, 0].contiguous()
    began = time.perf_counter()
    routine = compile_routine(run.routine())
    ready = time.perf_counter() - began
    peer = "autograd, a call per step (peer)"
    works: dict[str, Callable[[], object]] = {
        peer: lambda: plain_descent(start, steps, clip == "by_norm"),
        "a sweep in PyTorch": lambda: swept(run, start, steps, None),
        "the sigmoids alone (floor)": lambda: [torch.sigmoid(one) for _ in range(TIMES * steps)],
    }
    if routine is not None:
        works["a sweep, compiled"] = lambda: swept(run, start, steps, routine)
    times = time_in_turn(works, repeat)
    print(f"\n{len(start)} starts, {steps} steps, clip: {clip}" + (f"; compiled in {ready:.1f} s" if routine else ""))
    for name, found in times.items():
        ratio = statistics.median(a / b for a, b in zip(times[peer], found, strict=True))
        print(f"{name:<40}{statistics.median(found):>10.0f} ms   {ratio:>6.2f} times as fast as the peer")
    if routine is None:
        print("There is no C compiler here, so sweeps run in PyTorch.")
        return True
    return statistics.median(a / b for a, b in zip(times[peer], times["a sweep, compiled"], strict=True)) >= REQUIRED


def compare_cores(side: int, steps: int, repeat: int) -> None:
    """Time on the clock: the peer on one thread, and a sweep and the floor on all cores."""
    start, cores, library = (
        CLIFF.window.grid(side, side).reshape(-1, 2),
        Cores(available_cores()),
        load_temporary(FLOOR),
    )
    if library is None:
        return
    floor = SharedRoutine(CompiledRoutine(library, Routine(Program(), ("x",), (), {}), (), torch.float64), cores)
    places = start[:, :1].mT.contiguous()
    for clip in ("none", "by_norm"):
        run = recipe(clip)
        routine = Routines(cores=cores).wait(run)
        works: dict[str, Callable[[], object]] = {
            "autograd, one thread (peer)": partial(plain_descent, start, steps, clip == "by_norm"),
            f"a sweep, compiled, {cores.count} cores": partial(swept, run, start, steps, routine, SETTLED),
            "its exponentials and products alone": partial(floor.advance, places, {}, places[:0], steps),
        }
        times = time_in_turn(works, repeat, time.perf_counter)
        print(f"\n{len(start)} starts, {steps} steps, clip: {clip}; time on the clock, {cores.count} cores")
        for name, found in times.items():
            ratio = statistics.median(a / b for a, b in zip(next(iter(times.values())), found, strict=True))
            print(f"{name:<40}{statistics.median(found):>10.0f} ms   {ratio:>6.2f} times as fast as the peer")


def compare_derivatives(side: int, repeat: int) -> None:
    """A loss and its gradient at all starts and at two, by ``torch.func`` and by plain autograd."""
    print(f"\n{'loss and gradient in PyTorch':<40}{'torch.func':>13}{'autograd':>13}{'gain':>8}")
    for count in (2, side * side):
        for landscape in ("one_unit_rnn", "himmelblau"):
            loss, window = LANDSCAPES[landscape].loss(), LANDSCAPES[landscape].window
            start = window.grid(side, side).reshape(-1, 2)[:count]
            ways = {"torch.func": by_torch_func, "autograd": value_and_gradient}
            times = time_in_turn({name: partial(repeat_call, way, loss, start) for name, way in ways.items()}, repeat)
            nested, alone = (statistics.median(found) / CALLS for found in times.values())
            gain = statistics.median(a / b for a, b in zip(*times.values(), strict=True))
            print(f"{f'{landscape}, {count} points':<40}{nested:>10.2f} ms{alone:>10.2f} ms{gain:>8.2f}")


def by_torch_func(loss: Loss, theta: Tensor) -> tuple[Tensor, Tensor]:
    """A loss and its gradient by the transforms of ``torch.func``."""

    def total(point: Tensor) -> tuple[Tensor, Tensor]:
        value = loss(point)
        return value.sum(), value

    gradient, (_, value) = torch.func.grad_and_value(total, has_aux=True)(theta)
    return value, gradient


def repeat_call(way: Derivative, loss: Loss, start: Tensor) -> None:
    """The same derivative again and again."""
    for _ in range(CALLS):
        way(loss, start)


def compare_compaction(side: int, repeat: int) -> None:
    """The same sweeps with lanes put away that move no more, and with all lanes kept to the end."""
    print(f"\n{'lanes that move no more':<40}{'put away':>13}{'kept':>13}{'gain':>8}")
    share = sweeps.PAYS

    def run(work: SweepRecipe, start: Tensor, steps: int, routine: CompiledRoutine | None, pays: float) -> None:
        sweeps.PAYS = pays
        swept(work, start, steps, routine)
        sweeps.PAYS = share

    for landscape, steps, rate in (("one_unit_rnn", 200, RATE), ("product_of_weights", 2000, 0.05)):
        work = recipe("none", landscape, optimizer_of_learning_rate=rate)
        start, routine = LANDSCAPES[landscape].window.grid(side, side).reshape(-1, 2), compile_routine(work.routine())
        # No share of lanes is larger than all: none is ever put away.
        times = time_in_turn(
            {str(pays): partial(run, work, start, steps, routine, pays) for pays in (share, 2.0)}, repeat
        )
        away, kept = map(statistics.median, times.values())
        gain = statistics.median(b / a for a, b in zip(*times.values(), strict=True))
        print(f"{f'{landscape}, {steps} steps':<40}{away:>10.0f} ms{kept:>10.0f} ms{gain:>8.2f}")


def upper_side(count: int) -> Tensor:
    """Uniform starts on the paper's window above the cliff line."""
    unit = torch.rand(4 * count, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    points = torch.tensor([4.5, -2.9], dtype=torch.float64) + unit
    return points[points[:, 1] > 0.5 - 0.6224593312018546 * points[:, 0]][:count]


def check_statistics() -> bool:
    """Shares of 2,000 starts after 300 steps, and the grid of 289 starts on the product of weights."""
    known = {row["mode"]: row for row in json.loads(REFERENCE.read_text(encoding="utf-8"))["rows"]}
    good = True
    print(f"\n{'2,000 starts, 300 steps':<32}{'converged':>12}{'known':>8}{'ever thrown':>14}{'known':>8}")
    for clip, mode in {"none": "none", "by_norm": "norm", "by_value": "value", "random_step": "random"}.items():
        run = recipe(clip)
        found = swept(run, upper_side(2000), 300, compile_routine(run.routine()))
        converged, thrown = known[mode]["share_E_below_1e_2"]["300"], known[mode]["share_ever_thrown_over_1_5"]
        share = float((found.outcome == OUTCOMES.index("converged")).double().mean())
        ever = float((found.longest_step > 1.5).double().mean())
        good &= abs(share - converged) <= POINTS and abs(ever - thrown) <= POINTS
        print(f"{clip:<32}{share:>12.1%}{converged:>8.1%}{ever:>14.1%}{thrown:>8.1%}")
    axis = 0.4 + 0.1 * torch.arange(17, dtype=torch.float64)
    expected = {"none": (170, 95), "by_norm": (289, 0), "by_value": (289, 0)}
    print(f"\n{'289 starts, n = 3, 200 steps':<32}{'converged':>12}{'known':>8}{'not finite':>14}{'known':>8}")
    for clip, (converged, lost) in expected.items():
        run = recipe(clip, "product_of_weights", optimizer_of_learning_rate=0.05, clip_of_threshold=1.0)
        outcomes = swept(run, torch.cartesian_prod(axis, axis), 200, compile_routine(run.routine())).outcome
        counts = [int((outcomes == OUTCOMES.index(name)).sum()) for name in ("converged", "diverged")]
        good &= counts == [converged, lost]
        print(f"{clip:<32}{counts[0]:>12}{converged:>8}{counts[1]:>14}{lost:>8}")
    return good


def main() -> int:
    """Measure, print, and say whether all is what is required."""
    parser = argparse.ArgumentParser(description="Outcomes of many starts against straightforward PyTorch.")
    parser.add_argument("--side", type=int, default=128)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    torch.set_num_threads(1)
    fast = measure(given.side, given.steps, given.repeat)
    compare_cores(given.side, given.steps, given.repeat)
    compare_derivatives(given.side, given.repeat)
    compare_compaction(given.side, given.repeat)
    return 0 if check_statistics() and fast else 1


if __name__ == "__main__":
    sys.exit(main())

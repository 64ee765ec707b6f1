"""Surfaces and batched descents on every device of this machine, with the processor as the peer.

    python benchmarks/device.py

Prints milliseconds, medians of several runs, and how much faster the accelerator is. Results are compared: a
fast wrong answer is worth nothing.
"""

import statistics
import time
from collections.abc import Callable

import torch

from landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from landscapes.descent import descend
from landscapes.landscape import value_and_gradient

CLIFF = LANDSCAPES["one_unit_rnn"]


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

"""Surfaces and batched descents on every device of this machine, with the processor as the peer.

    python benchmarks/device.py

Prints milliseconds, medians of several runs, and how much faster the accelerator is. Results are compared: a
fast wrong answer is worth nothing. Of sweeps, the outcomes: equal on 99.9 % of the lanes of a smooth one, and shares
within 1 percentage point on a chaotic one, in PyTorch and by routines compiled for the GPU. Where there is no GPU, it
says so, and how long the machine code for one takes to compile.
"""

import statistics
import time
from collections.abc import Callable

import torch

from cliffscape.app.compute.cuda import compile_cubin, compile_routine
from cliffscape.landscapes.backends.cuda_source import source
from cliffscape.landscapes.backends.surface import SurfaceRecipe, evaluate_points
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import descend
from cliffscape.landscapes.descent.sweep import Lanes, Stepper, sweep

CLIFF = LANDSCAPES["one_unit_rnn"]
# Multiplications with addition per second in float64 of an H100 or H200, at best.
GPU_ADDITIONS = 17e12
# Of a compiled routine, all steps of all lanes in one go.
STEPS_AT_ONCE = 1 << 40


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


def recipe(kind: str, clip: str) -> SweepRecipe:
    """Gradient descent at a rate that suits the landscape."""
    return SweepRecipe(
        kind, "gradient_descent", clip, values={"optimizer.learning_rate": 0.5 if "rnn" in kind else 0.02}
    )


def outcomes(
    work: SweepRecipe, side: int, steps: int, device: torch.device, route: Stepper | None = None
) -> torch.Tensor:
    """Outcomes of a grid of starts, by a compiled routine or in PyTorch."""
    lanes = Lanes(LANDSCAPES[work.landscape].window.grid(side, side, device).reshape(-1, 2))
    running = sweep(work, lanes, steps, lambda: route, lambda: STEPS_AT_ONCE if route else len(lanes), len(lanes))
    while True:
        try:
            next(running)
        except StopIteration as done:
            return done.value.outcome


def compare_outcomes(gpu: torch.device) -> None:
    """Outcomes on the GPU against those on the processor, and the time of a million descents beside the floor."""
    recipes = {"smooth": recipe("himmelblau", "by_norm"), "chaotic": recipe("one_unit_rnn", "none")}
    known = {name: outcomes(work, 257, 100, torch.device("cpu")) for name, work in recipes.items()}
    for how in ("in PyTorch", "compiled"):
        routes = {
            name: compile_routine(work.routine(), (), gpu) if how == "compiled" else None
            for name, work in recipes.items()
        }
        found = {name: outcomes(work, 257, 100, gpu, routes[name]).cpu() for name, work in recipes.items()}
        same = float((found["smooth"] == known["smooth"]).double().mean())
        apart = found["chaotic"].bincount(minlength=5) - known["chaotic"].bincount(minlength=5)
        took = median(lambda route=routes["chaotic"]: outcomes(recipes["chaotic"], 1024, 200, gpu, route), gpu)
        print(f"outcomes {how}: the same on {same:.3%} of a smooth sweep's lanes (99.9 % required)")
        print(
            f"outcomes {how}: a chaotic sweep's shares apart by {float(apart.abs().max()) / 257**2:.3%} (1 % at most)"
        )
        print(f"outcomes {how}: 1024 x 1024 starts, 200 steps in {took:.0f} ms (60 hoped for, compiled)")
    # A sigmoid and its derivative take some 40 multiplications and additions in float64, 34 in an exponential.
    print(f"the arithmetic alone: {1e3 * 1024**2 * 200 * 50 * 40 / GPU_ADDITIONS:.0f} ms")


def compare_surfaces(gpu: torch.device) -> None:
    """The surface of 512 x 512 points in float32, compiled for the GPU, without the copy to the processor."""
    points = CLIFF.window.grid(512, 512, gpu).reshape(-1, 2).float()
    about = SurfaceRecipe("one_unit_rnn", {"sequence_length": 50}, with_gradient=False)
    values = {f"landscape.{one.name}": float(one.default) for one in CLIFF.parameters if not one.range.structural}
    routine = compile_routine(about.routine(), (), gpu, torch.float32)
    assert routine is not None, "the GPU's compiler fails"
    took = median(lambda: evaluate_points(routine, points, values, with_gradient=False), gpu, 20)
    apart = (
        (evaluate_points(routine, points, values, with_gradient=False)[0] - CLIFF.loss()(points.double()))
        .abs()
        .median()
    )
    print(f"surface 512 x 512 in float32, compiled: {took:.2f} ms (3 at most), off by {float(apart):.0e} in the median")


def compile_for_none() -> None:
    """How long the machine code for a GPU takes to compile, where there is none to run it."""
    for kind in ("one_unit_rnn", "repeated_composition"):
        text = source(recipe(kind, "by_norm").routine())
        took = median(lambda text=text: compile_cubin(text, "sm_90"), torch.device("cpu"), 3)
        print(f"no GPU: a step of {kind} compiles for an H100 in {took:.0f} ms; it is not run")


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
        compare_outcomes(devices()[-1])
        compare_surfaces(devices()[-1])
    else:
        compile_for_none()


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

"""The surface of the T = 50 cliff, 512 x 512 in float32, against NumPy and against its sigmoids alone.

    python benchmarks/surfaces.py [--side 512] [--repeat 15]

Prints milliseconds, medians of runs in turn on one thread, and ratios. The floor is 50 bare calls of torch.sigmoid on
the same array. Required of the loss alone: at least 2 times as fast as NumPy vectorised, at most 1.5 times the floor.
Both ways of the server are measured, the compiled routine where there is a C compiler, and PyTorch in blocks.
"""

import argparse
import statistics
import sys
from collections.abc import Callable

import numpy as np
import torch
from turns import time_in_turn

from cliffscape.landscapes.backends.c_compiler import compile_routine
from cliffscape.landscapes.backends.surface import BLOCK, SurfaceRecipe, evaluate_points, losses
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient

CLIFF = LANDSCAPES["one_unit_rnn"]
VALUES = {"landscape.initial_state": 0.5, "landscape.target": 0.7}
FASTER, SIGMOIDS = 2.0, 1.5
TIMES = 50


def with_numpy(grid: np.ndarray) -> np.ndarray:
    """The loss as NumPy users write it, a whole array at a time."""
    w, b = grid[..., 0], grid[..., 1]
    x = np.full_like(w, 0.5)
    for _ in range(TIMES):
        x = w / (1 + np.exp(-x)) + b
    return (1 / (1 + np.exp(-x)) - np.float32(0.7)) ** 2


def sigmoids(array: torch.Tensor) -> None:
    """The floor: 50 bare calls."""
    for _ in range(TIMES):
        torch.sigmoid(array)


def main() -> int:
    """Measure, print, and say whether the ratios are what is required."""
    parser = argparse.ArgumentParser(description="Surfaces against NumPy and the sigmoids alone.")
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--repeat", type=int, default=15)
    given = parser.parse_args()
    torch.set_num_threads(1)
    grid = CLIFF.window.grid(given.side, given.side)
    points = grid.reshape(-1, 2).float()
    loss = CLIFF.loss()
    works: dict[str, Callable[[], object]] = {
        "NumPy, vectorised": lambda: with_numpy(points.numpy()),
        "50 bare torch.sigmoid (floor)": lambda: sigmoids(points[:, 0].contiguous()),
        "PyTorch, the whole array at once": lambda: loss(points),
        f"PyTorch in blocks of {BLOCK}": lambda: losses(loss, points),
    }
    results = {"NumPy": torch.from_numpy(with_numpy(points.numpy())), "blocks": losses(loss, points)}
    flat, steep = (
        compile_routine(SurfaceRecipe("one_unit_rnn", with_gradient=False).routine(), dtype=torch.float32),
        compile_routine(SurfaceRecipe("one_unit_rnn").routine()),
    )
    ours = f"PyTorch in blocks of {BLOCK}"
    if flat is not None and steep is not None:
        ours = "compiled"
        works[ours] = lambda: evaluate_points(flat, points, VALUES, with_gradient=False)
        results["compiled"] = evaluate_points(flat, points, VALUES, with_gradient=False)[0]
        exact = grid.reshape(-1, 2)
        works["loss and gradient, float64, compiled"] = lambda: evaluate_points(steep, exact, VALUES)
    works["loss and gradient, float64, autograd"] = lambda: value_and_gradient(loss, grid.reshape(-1, 2))
    times = time_in_turn(works, given.repeat)
    print(f"Loss of the T = 50 cliff, {given.side} x {given.side}, float32, one thread")
    for name, found in times.items():
        print(f"{name:<44}{statistics.median(found):>10.2f} ms")
    exact_loss = loss(grid.reshape(-1, 2))
    for name, found in results.items():
        print(f"{'median error, ' + name:<44}{float((found - exact_loss).abs().median()):>10.1e}")
    peer = statistics.median(a / b for a, b in zip(times["NumPy, vectorised"], times[ours], strict=True))
    floor = statistics.median(b / a for a, b in zip(times["50 bare torch.sigmoid (floor)"], times[ours], strict=True))
    print(f"{'NumPy : ' + ours:<44}{peer:>10.1f}     at least {FASTER} required")
    print(f"{ours + ' : sigmoids':<44}{floor:>10.2f}     at most {SIGMOIDS}")
    return 0 if peer >= FASTER and floor <= SIGMOIDS else 1


if __name__ == "__main__":
    sys.exit(main())

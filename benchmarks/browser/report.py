"""The table of measurements: one line each."""

import statistics


def row(name: str, values: list[float], unit: str, bound: str) -> None:
    """Print one measurement."""
    ordered = sorted(values)
    tail = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{name:<58} {statistics.median(values):>9.1f} {tail:>9.1f} {unit:<5} {bound}", flush=True)

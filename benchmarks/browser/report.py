"""The table of measurements: one line each."""

import statistics


def percentile_95(values: list[float]) -> float:
    """The value that 95 % of ``values`` do not exceed."""
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


def row(name: str, values: list[float], unit: str, bound: str) -> None:
    """Print one measurement."""
    print(f"{name:<58} {statistics.median(values):>9.1f} {percentile_95(values):>9.1f} {unit:<5} {bound}", flush=True)

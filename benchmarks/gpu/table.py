"""The table of checks and times, and the time of work on a GPU."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch


@dataclass
class Table:
    """The rows of the table; a check without a bound has none, and ``wrong`` counts the wrong results."""

    wrong: int = 0
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def time(self, name: str, milliseconds: float, bound: float | None = None) -> None:
        """A time in milliseconds and its bound."""
        mark = "" if bound is None else "within" if milliseconds <= bound else "OVER"
        self.add(name, f"{milliseconds:.2f} ms", "" if bound is None else f"{bound:g} ms", mark)

    def check(self, name: str, found: float, bound: float) -> None:
        """A difference, which is wrong above its bound."""
        right = found <= bound
        self.wrong += not right
        self.add(name, f"{found:.1e}", f"{bound:g}", "right" if right else "WRONG")

    def add(self, *row: str) -> None:
        """A row, printed at once."""
        self.rows.append(row)
        print(f"{row[0]:<68}{row[1]:>14}{row[2]:>12}  {row[3]}", flush=True)


def median(work: Callable[[], object], repeat: int = 7) -> float:
    """Milliseconds, after one warm-up."""
    times = []
    for _ in range(repeat + 1):
        torch.cuda.synchronize()
        began = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[1:])

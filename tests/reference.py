"""Numbers the tests compare with: ``tests/data``, computed independently of this project (see its README)."""

import functools
import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

DATA = Path(__file__).parent / "data"
SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


@functools.cache
def reference(name: str) -> Any:
    """The file ``name``.json, strict JSON in which NaN and Inf are written as strings."""
    return numbers(json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")))


def numbers(value: Any) -> Any:
    """``value`` with the strings NaN, Infinity and -Infinity as numbers, at every depth."""
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [numbers(item) for item in value]
    return SPECIAL.get(value, value) if isinstance(value, str) else value


def tensor(*values: Any) -> Tensor:
    """float64 values; several columns are put side by side in the last axis."""
    columns = [torch.tensor(column, dtype=torch.float64) for column in values]
    return columns[0] if len(columns) == 1 else torch.stack(columns, -1)


def relative(measured: Tensor, expected: Tensor) -> float:
    """The largest error over the largest expected magnitude, for quantities that pass through 0.

    Inf, -Inf and NaN must be in the same places, or the error is Inf.
    """
    finite = expected.isfinite()
    same = torch.equal(measured[~finite].nan_to_num(nan=12345.0), expected[~finite].nan_to_num(nan=12345.0))
    if not same or not measured[finite].isfinite().all():
        return float("inf")
    if not finite.any():
        return 0.0
    scale = expected[finite].abs().max().clamp_min(torch.finfo(torch.float64).tiny)
    return float((measured[finite] - expected[finite]).abs().max() / scale)

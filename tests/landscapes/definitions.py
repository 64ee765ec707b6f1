"""Outcomes by their definitions, in plain Python, from a whole trajectory."""

import math

from cliffscape.landscapes.descent.descend import Record


def throws(record: Record, diagonal: float) -> list[int]:
    """The steps of a trajectory ``(steps + 1,)`` that throw the run."""
    loss, length = record.loss.tolist(), record.step_length.tolist()
    known = finite_rows(record)
    lowest = [lowest_until(record, k) for k in range(len(loss))]
    long = [k for k in range(len(loss) - 1) if known[k] and known[k + 1] and length[k] > diagonal]
    return [k for k in long if loss[k + 1] - lowest[k] > 1e-12 * abs(lowest[k])]


def finite_rows(record: Record) -> list[bool]:
    """Whether loss and position are finite, row by row."""
    places = record.position.isfinite().all(-1).tolist()
    return [place and math.isfinite(loss) for place, loss in zip(places, record.loss.tolist(), strict=True)]


def lowest_until(record: Record, row: int) -> float:
    """The lowest loss of the finite rows up to ``row``."""
    rows = zip(record.loss.tolist()[: row + 1], finite_rows(record), strict=False)
    return min((loss for loss, known in rows if known), default=math.inf)


def outcome_of(record: Record, solved: float, diagonal: float) -> str:
    """The name of the outcome of a trajectory ``(steps + 1,)``."""
    if not finite_rows(record)[-1]:
        return "diverged"
    end = record.loss[-1].item()
    if end < solved:
        return "converged"
    thrown = throws(record, diagonal)
    if thrown and end > max(lowest_until(record, thrown[0]), solved):
        return "thrown"
    return "stalled" if rests(record, diagonal) else "not_converged"


def rests(record: Record, diagonal: float) -> bool:
    """Whether the last step is short because there is no gradient, or because the clip leaves nothing of it."""
    norm, factor, length = (column[:-1].tolist() for column in record[2:])
    clipped = [before * share for before, share in zip(norm, factor, strict=True)]
    if not length[-1] < 1e-5 * diagonal:
        return False
    if not norm[-1] < math.inf:
        return bool(length[-1] == 0)
    largest = max(value for value in clipped if math.isfinite(value))
    cancelled = factor[-1] < 1 - 1e-12 and clipped[-1] <= 0.01 * largest
    return norm[-1] * diagonal <= 1e-3 * max(1.0, abs(record.loss[-1].item())) or cancelled

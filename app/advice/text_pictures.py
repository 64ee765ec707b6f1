"""Pictures made of characters: norms over the steps, and how often each size of them occurs."""

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
LEVELS = "▁▂▃▄▅▆▇█"
WIDTH, BARS, BAR = 72, 8, 40


def norms_over_steps(norms: Numbers) -> str:
    """The largest norm of each part of a run, on a log scale; × marks a part with Inf or NaN."""
    finite = norms[np.isfinite(norms) & (norms > 0)]
    if len(finite) == 0:
        return ""
    low, high = math.log(finite.min()), math.log(finite.max())

    def level(part: Numbers) -> str:
        if not np.isfinite(part).all():
            return "×"
        share = (math.log(max(part.max(), finite.min())) - low) / (high - low or 1)
        return LEVELS[round(share * (len(LEVELS) - 1))]

    return "".join(level(part) for part in np.array_split(norms, min(WIDTH, len(norms))))


def distribution(norms: Numbers) -> list[tuple[float, float, int, str]]:
    """Ranges of equal width on a log scale: their ends, how many norms they hold, and a bar of that length."""
    positive = norms[np.isfinite(norms) & (norms > 0)]
    if len(positive) == 0 or positive.min() == positive.max():
        return []
    edges = np.geomspace(positive.min(), positive.max(), BARS + 1)
    # Rounding must not leave out the smallest and the largest norm.
    edges[0], edges[-1] = positive.min(), positive.max()
    counts = np.histogram(positive, edges)[0]
    bars = ["█" * math.ceil(BAR * count / counts.max()) for count in counts]
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), bars, strict=True))

"""Logs for the tests of advice."""

import numpy as np

from cliffscape.landscapes.advice.norm_log import NormLog, Numbers


def log_of(norms: Numbers | list[float], losses: Numbers | None = None, rates: Numbers | None = None) -> NormLog:
    """A log of these norms, with steps from 1 on."""
    values = np.array(norms, dtype=np.float64)
    none = np.full(len(values), np.nan)
    return NormLog(
        np.arange(1.0, len(values) + 1), values, none if losses is None else losses, none if rates is None else rates
    )


def noisy(size: int, level: float = 1.0, seed: int = 0) -> Numbers:
    """Norms or losses around a level, with a tenth of noise."""
    return level * np.exp(0.1 * np.random.default_rng(seed).standard_normal(size))

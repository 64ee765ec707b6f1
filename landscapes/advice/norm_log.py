"""A log of gradient norms: what is known of a training run."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
# Whether norms were taken before or after the clip.
Place = Literal["before", "after", "unknown"]


@dataclass(frozen=True)
class NormLog:
    """Steps, gradient norms, losses and learning rates, one number of each per logged step, by increasing steps.

    A norm may be Inf or NaN. Losses and learning rates are NaN where the log has none.
    """

    steps: Numbers
    norms: Numbers
    losses: Numbers
    learning_rates: Numbers

    def part(self, first: int, last: int) -> "NormLog":
        """The records from ``first`` to before ``last``."""
        columns = (self.steps, self.norms, self.losses, self.learning_rates)
        return NormLog(*(column[first:last] for column in columns))

    @property
    def finite_norms(self) -> Numbers:
        """The norms without Inf and NaN."""
        return self.norms[np.isfinite(self.norms)]

    @property
    def every(self) -> float:
        """The usual distance between two logged steps; 1 for fewer than two."""
        return float(np.median(np.diff(self.steps))) if len(self.steps) > 1 else 1.0

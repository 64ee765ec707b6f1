"""The curves of a training run as frames: a part of them while they grow, or the whole."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.optimizers.curvature_products import cost

COLUMNS = ("loss", "gradient_norm", "clip_factor")


class Curves(Protocol):
    """What the curves are drawn from, as a ``TrainingRun`` has it: rows ``(3, 2, S)``, and errors ``(2, S)``."""

    @property
    def rows(self) -> Sequence[NDArray[np.float64]]:
        """Loss, gradient norm and clip factor of every update."""

    @property
    def errors(self) -> Sequence[NDArray[np.float64]]:
        """Shares of wrong answers after the updates ``counted``."""

    @property
    def counted(self) -> Sequence[int]:
        """The updates after which errors were counted."""

    @property
    def pace(self) -> float:
        """Updates per second."""


def curves(run: Curves, scene: Scene, key: str, first: int, last: int) -> Frame:
    """The rows of updates ``first`` to ``last - 1``, ``(2, S, K)``, the errors counted among them, and their cost."""
    net = scene.net
    rows = np.stack(run.rows[first:last]) if last > first else np.empty((0, 3, len(RUN_NAMES), scene.seeds))
    columns = np.moveaxis(rows, 0, -1)
    counted = [k for k, update in enumerate(run.counted) if first < update <= last]
    errors = np.stack([run.errors[k] for k in counted], -1) if counted else columns[0, :, :, :0]
    at: NDArray[np.float64] = np.array([run.counted[k] for k in counted], dtype=np.float64)
    fields = {"runs": list(RUN_NAMES), "seeds": scene.seeds, "first": first, "updates": last, "total": scene.updates}
    arrays = {name: columns[k] for k, name in enumerate(COLUMNS)} | {"error": errors, "error_at": at}
    fields |= {"baseline": net.task.baseline, "pace": run.pace}
    fields["cost"] = cost(scene.build("optimizer"), net.layout.size)._asdict()
    return Frame("training", key, fields, arrays)


def partial_curves(run: Curves, scene: Scene, key: str, first: int, last: int, token: str) -> Frame:
    """The same while more will follow; by the ``token`` the page sees whether the run was started anew."""
    part = curves(run, scene, key, first, last)
    return replace(part, fields={**part.fields, "partial": True, "token": token})

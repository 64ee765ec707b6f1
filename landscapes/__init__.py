"""A library of loss landscapes, gradient clips, optimizers and descent, as plain PyTorch functions.

It contains no server, no page and no file format. ``app`` imports from it, never the other way round. The names below
are its public surface, which ``docs/library.md`` describes.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cliffscape.landscapes.analysis.loss_sweep import LossRecipe, sweep_grid
    from cliffscape.landscapes.bound_error import BoundError
    from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
    from cliffscape.landscapes.declare import Range
    from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
    from cliffscape.landscapes.descent.axis import Axis
    from cliffscape.landscapes.descent.batch import SweepRecipe
    from cliffscape.landscapes.descent.descend import Record, descend, trajectory
    from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
    from cliffscape.landscapes.loss import Window, landscape
    from cliffscape.landscapes.optimizers.schedules import with_schedule
    from cliffscape.landscapes.transform import Transform, norm

# The module of every public name. Each is loaded when it is first used, because PyTorch takes seconds.
MODULES = {
    "CLIPS": "catalogue",
    "LANDSCAPES": "catalogue",
    "OPTIMIZERS": "catalogue",
    "OUTCOMES": "descent.outcome",
    "SCHEDULES": "catalogue",
    "Axis": "descent.axis",
    "BoundError": "bound_error",
    "LossRecipe": "analysis.loss_sweep",
    "Range": "declare",
    "Record": "descent.descend",
    "RunResult": "descent.outcome",
    "SweepRecipe": "descent.batch",
    "Transform": "transform",
    "Window": "loss",
    "curvatures": "derivatives",
    "descend": "descent.descend",
    "landscape": "loss",
    "norm": "transform",
    "sweep_grid": "analysis.loss_sweep",
    "trajectory": "descent.descend",
    "value_and_gradient": "derivatives",
    "with_schedule": "optimizers.schedules",
}
__all__ = [
    "CLIPS",
    "LANDSCAPES",
    "OPTIMIZERS",
    "OUTCOMES",
    "SCHEDULES",
    "Axis",
    "BoundError",
    "LossRecipe",
    "Range",
    "Record",
    "RunResult",
    "SweepRecipe",
    "Transform",
    "Window",
    "curvatures",
    "descend",
    "landscape",
    "norm",
    "sweep_grid",
    "trajectory",
    "value_and_gradient",
    "with_schedule",
]


def __getattr__(name: str) -> Any:
    """A public name."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

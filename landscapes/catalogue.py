"""Everything there is to choose from. Importing this module fills the families."""

from cliffscape.landscapes.clips import (
    frameworks,
    learned_threshold,
    nonfinite,
    norm_and_value,
    per_unit,
    rotated_axes,
    update,
)
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.loss import LANDSCAPES
from cliffscape.landscapes.optimizers import adaptive, first_order, second_order, sign
from cliffscape.landscapes.optimizers.family import OPTIMIZERS
from cliffscape.landscapes.optimizers.schedules import SCHEDULES
from cliffscape.landscapes.surfaces import chains, cliffs, composition, per_example, slopes, smooth

__all__ = [
    "CLIPS",
    "LANDSCAPES",
    "OPTIMIZERS",
    "SCHEDULES",
    "adaptive",
    "chains",
    "cliffs",
    "composition",
    "first_order",
    "frameworks",
    "learned_threshold",
    "nonfinite",
    "norm_and_value",
    "per_example",
    "per_unit",
    "rotated_axes",
    "second_order",
    "sign",
    "slopes",
    "smooth",
    "update",
]

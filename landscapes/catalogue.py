"""Everything there is to choose from. Importing this module fills the families."""

from cliffscape.landscapes.clips import frameworks, learned_threshold, nonfinite, per_unit, rotated_axes, update
from cliffscape.landscapes.clips.norm_and_value import CLIPS
from cliffscape.landscapes.loss import LANDSCAPES
from cliffscape.landscapes.optimizers import adaptive, second_order, sign
from cliffscape.landscapes.optimizers.first_order import OPTIMIZERS
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
    "frameworks",
    "learned_threshold",
    "nonfinite",
    "per_example",
    "per_unit",
    "rotated_axes",
    "second_order",
    "sign",
    "slopes",
    "smooth",
    "update",
]

# ruff: isort: skip_file
"""All entries. Importing this module fills the families, in the order of these imports.

The page lists entries in the same order, so they are sorted for teaching and not alphabetically.
"""

from cliffscape.landscapes.optimizers import first_order, adaptive, second_order, sign, sharpness_aware
from cliffscape.landscapes.optimizers import pytorch, frameworks as optimizer_frameworks
from cliffscape.landscapes.clips import norm_and_value, frameworks, nonfinite, update, rotated_axes, per_unit
from cliffscape.landscapes.clips import learned_threshold, norm_window, two_rules
from cliffscape.landscapes.surfaces import cliffs, chains, composition, per_example, slopes, smooth, quadratics
from cliffscape.landscapes.surfaces import multimodal
from cliffscape.landscapes.formula import typed_formula
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.loss import LANDSCAPES
from cliffscape.landscapes.optimizers.family import OPTIMIZERS
from cliffscape.landscapes.optimizers.schedules import SCHEDULES

__all__ = ["CLIPS", "LANDSCAPES", "MODULES", "OPTIMIZERS", "SCHEDULES"]

MODULES = (
    *(first_order, adaptive, second_order, sign, sharpness_aware, pytorch, optimizer_frameworks),
    *(norm_and_value, frameworks, nonfinite, update, rotated_axes, per_unit, learned_threshold, norm_window, two_rules),
    *(cliffs, chains, composition, per_example, slopes, smooth, quadratics, multimodal, typed_formula),
)

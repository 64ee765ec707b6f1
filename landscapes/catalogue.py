"""Everything there is to choose from. Importing this module fills the families."""

from landscapes import (
    adaptive,
    chains,
    cliffs,
    composition,
    curvature,
    directions,
    examples,
    library_clips,
    rescues,
    slopes,
    step_clips,
    surfaces,
    turned_clips,
    unit_clips,
    watchful_clips,
)
from landscapes.clips import CLIPS
from landscapes.landscape import LANDSCAPES
from landscapes.optimizers import OPTIMIZERS
from landscapes.schedules import SCHEDULES

__all__ = [
    "CLIPS",
    "LANDSCAPES",
    "OPTIMIZERS",
    "SCHEDULES",
    "adaptive",
    "chains",
    "cliffs",
    "composition",
    "curvature",
    "directions",
    "examples",
    "library_clips",
    "rescues",
    "slopes",
    "step_clips",
    "surfaces",
    "turned_clips",
    "unit_clips",
    "watchful_clips",
]

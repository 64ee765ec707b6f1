"""Every cell, task and initialisation. Importing this module fills the families."""

from cliffscape.landscapes.networks.cells import CELLS
from cliffscape.landscapes.networks.initialisations import INITIALISATIONS
from cliffscape.landscapes.networks.tasks import copying, long_range, text
from cliffscape.landscapes.networks.tasks.task import TASKS

__all__ = ["CELLS", "INITIALISATIONS", "TASKS", "copying", "long_range", "text"]

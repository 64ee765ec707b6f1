"""Every cell, task and initialisation. Importing this module fills the families."""

from landscapes.recurrent import recall, tasks, text
from landscapes.recurrent.cells import CELLS
from landscapes.recurrent.initialisations import INITIALISATIONS
from landscapes.recurrent.task import TASKS

__all__ = ["CELLS", "INITIALISATIONS", "TASKS", "recall", "tasks", "text"]

"""Cliffscape: loss landscapes with cliffs, gradient clipping, and the page that shows them.

``cliffscape.landscapes`` is the library of PyTorch functions, ``cliffscape.app`` the server and the command line.
Their code lies in the folders ``landscapes`` and ``app`` of the repository; setup.py gives them this one name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cliffscape.app.notebook.run import run
    from cliffscape.app.notebook.show import show
    from cliffscape.landscapes.declare import Preset, Range, descent_preset
    from cliffscape.landscapes.loss import landscape
    from cliffscape.landscapes.models.slice_model import slice_model
    from cliffscape.landscapes.models.trainings.comparison import compare
    from cliffscape.landscapes.models.trainings.recorded_run import record

    slice = slice_model

# Without ``slice``: ``from cliffscape import *`` would hide Python's own.
__all__ = ["Preset", "Range", "compare", "descent_preset", "landscape", "record", "run", "show"]
# Where each public name is defined, and its name there.
PUBLIC = {
    "Preset": ("landscapes.declare", "Preset"),
    "Range": ("landscapes.declare", "Range"),
    "compare": ("landscapes.models.trainings.comparison", "compare"),
    "descent_preset": ("landscapes.declare", "descent_preset"),
    "landscape": ("landscapes.loss", "landscape"),
    "record": ("landscapes.models.trainings.recorded_run", "record"),
    "run": ("app.notebook.run", "run"),
    "show": ("app.notebook.show", "show"),
    "slice": ("landscapes.models.slice_model", "slice_model"),
}
PACKAGES = ("app", "landscapes")


def __getattr__(name: str) -> Any:
    """A public name or a package. It is loaded when it is used, because PyTorch takes seconds."""
    if name in PACKAGES:
        return import_module(f"{__name__}.{name}")
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, own = PUBLIC[name]
    return getattr(import_module(f"{__name__}.{module}"), own)


def __dir__() -> list[str]:
    return sorted({*globals(), *PUBLIC, *PACKAGES})

"""Cliffscape: loss landscapes with cliffs, gradient clipping, and the page that shows them.

``cliffscape.landscapes`` is the library of PyTorch functions, ``cliffscape.app`` the server and the command line.
Their code lies in the folders ``landscapes`` and ``app`` of the repository; setup.py gives them this one name.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cliffscape.landscapes.declare import Range
    from cliffscape.landscapes.loss import Preset, descent_preset, landscape
    from cliffscape.landscapes.models.comparison import compare
    from cliffscape.landscapes.models.recorded_run import record
    from cliffscape.landscapes.models.slice_model import slice_model as slice

# Where each public name is defined, and its name there.
PUBLIC = {
    "Preset": ("loss", "Preset"),
    "compare": ("models.comparison", "compare"),
    "Range": ("declare", "Range"),
    "descent_preset": ("loss", "descent_preset"),
    "landscape": ("loss", "landscape"),
    "record": ("models.recorded_run", "record"),
    "slice": ("models.slice_model", "slice_model"),
}
__all__ = ["Preset", "Range", "compare", "descent_preset", "landscape", "record", "slice"]


def __getattr__(name: str) -> Any:
    """A public name. It is loaded when it is used, because PyTorch takes seconds."""
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    module, own = PUBLIC[name]
    return getattr(import_module(f"cliffscape.landscapes.{module}"), own)

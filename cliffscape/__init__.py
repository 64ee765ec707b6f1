"""Cliffscape: loss landscapes with cliffs, gradient clipping, and the page that shows them.

``cliffscape.landscapes`` is the library of PyTorch functions, ``cliffscape.app`` the server and the command line.
Their code lies in the folders ``landscapes`` and ``app`` of the repository; setup.py gives them this one name.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cliffscape.landscapes.declare import Range
    from cliffscape.landscapes.loss import Preset, descent_preset, landscape

__all__ = ["Preset", "Range", "descent_preset", "landscape"]


def __getattr__(name: str) -> Any:
    """What a file with landscapes of its own imports. It is loaded when it is used, because PyTorch takes seconds."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cliffscape.landscapes import declare, loss  # noqa: PLC0415

    return getattr(declare if name == "Range" else loss, name)

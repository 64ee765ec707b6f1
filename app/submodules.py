"""Submodules: imports all modules of a package, so that a new file in its folder needs no list of files."""

import importlib
import pkgutil
from types import ModuleType


def import_submodules(package: ModuleType) -> None:
    """Import every module of ``package`` and of the packages inside it, in the order of their names.

    Modules that declare entries of a table fill it when they are imported. A module whose import has begun, such as the
    caller, is left as it is.
    """
    for name in sorted(found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")):
        importlib.import_module(name)

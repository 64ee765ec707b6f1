"""The families are those of the process, so a test takes the landscapes that it has loaded away again."""

import sys
from collections.abc import Iterator

import pytest

from cliffscape.app.landscape_files.loader import LOADED
from cliffscape.landscapes.loss import LANDSCAPES


@pytest.fixture(autouse=True)
def the_catalogue_is_as_before() -> Iterator[None]:
    """Restore what loading a file changes."""
    entries, paths, modules = dict(LANDSCAPES.entries), list(sys.path), set(sys.modules)
    yield
    LANDSCAPES.entries.clear()
    LANDSCAPES.entries.update(entries)
    LOADED.clear()
    sys.path[:] = paths
    for name in set(sys.modules) - modules:
        if name.startswith("landscape_file_"):
            del sys.modules[name]

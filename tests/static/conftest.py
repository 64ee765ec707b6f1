"""The page's scripts, for Node."""

from pathlib import Path

import pytest

from tests.static.scripts import copy_scripts


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the page's scripts that Node loads as modules."""
    return copy_scripts(tmp_path_factory.mktemp("scripts"))

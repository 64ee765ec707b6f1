"""The page's scripts, for Node."""

from pathlib import Path

import pytest

from tests.static.scripts import copy_scripts


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's scripts where Node takes them for what they are."""
    return copy_scripts(tmp_path_factory.mktemp("scripts"))

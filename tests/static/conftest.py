"""The page's scripts, for Node."""

import shutil
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "static" / "js"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's scripts where Node takes them for what they are."""
    folder = tmp_path_factory.mktemp("scripts")
    shutil.copytree(SCRIPTS, folder / "js")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder

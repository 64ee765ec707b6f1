"""Names in files, as the command line has them."""

from pathlib import Path

import pytest

from cliffscape.app.landscape_files.landscape_file import LandscapeFileError
from cliffscape.app.models.model_file import name_in_file
from cliffscape.landscapes.bound_error import BoundError


def test_a_file_runs_once_and_a_module_is_its_file(folder: Path) -> None:
    build = name_in_file("--model", "my_model.py:build").find()
    assert name_in_file("--data", "my_model:build").find() is build


def test_a_file_is_found_next_to_the_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert name_in_file("--data", "my_model:batch", folder).find()()[0].shape == (3, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my_model.py", "--model must be a Python file and a name in it, such as my_model.py:build, got 'my_model.py'"),
        (
            "other.py:build",
            r"--model must be a name in a file that exists; there is no other\.py, got 'other\.py:build'",
        ),
        ("my_model.py:nets", r"--model must be a name that my_model\.py defines, got my_model\.py:nets"),
    ],
)
def test_a_name_that_does_not_exist_is_refused(folder: Path, text: str, words: str) -> None:
    with pytest.raises(BoundError, match=words):
        name_in_file("--model", text).find()


def test_an_error_in_the_file_names_its_line(folder: Path) -> None:
    (folder / "my_model.py").write_text("import torch\n\nx = 1 / 0\n", encoding="utf-8")
    with pytest.raises(LandscapeFileError, match=r"^my_model\.py, line 3: ZeroDivisionError: division by zero$"):
        name_in_file("--model", "my_model.py:x").find()

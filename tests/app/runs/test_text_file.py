"""The user's own text: which files are accepted, and the errors for others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.runs.text_file import read_text, use_text_file
from cliffscape.app.scene.content_key import run_key, slice_key
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.tasks.text import DefaultText
from tests.app.runs.test_network import small

RHYME = "the wall is steep and the floor is flat " * 30


@pytest.fixture
def reading() -> Iterator[None]:
    """Restore the built-in sample after the test."""
    before = DefaultText.text
    yield
    DefaultText.text = before


def write_text(folder: Path, content: bytes) -> Path:
    """A file with this content."""
    path = folder / "own.txt"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "text_file must be from 1,000 to 1,000,000 characters long, got 0 in own.txt"),
        (b"abc", "text_file must be from 1,000 to 1,000,000 characters long, got 3 in own.txt"),
        (b"x" * 2000, "text_file must be a text of 2 to 128 different characters, got 1 in own.txt"),
        (b"caf\xe9 " * 400, "text_file must be UTF-8, got other bytes at place 3 of own.txt"),
        (
            "".join(map(chr, range(200, 1400))).encode(),
            "text_file must be a text of 2 to 128 different characters, got 1,200",
        ),
    ],
)
def test_errors_name_bound_and_value(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(BoundError) as caught:
        read_text(write_text(tmp_path, content))
    assert str(caught.value).startswith(sentence)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BoundError, match=r"text_file must be a file that can be read, got .*none\.txt: No such file"):
        read_text(tmp_path / "none.txt")


def test_the_command_line_fails_before_it_computes(tmp_path: Path) -> None:
    path = write_text(tmp_path, b"")
    for command in (["serve", "--port", "0"], ["run"]):
        result = CliRunner().invoke(cli, [*command, "--text", str(path)])
        assert result.exit_code == 2
        assert "text_file must be from 1,000" in result.stderr


@pytest.mark.usefixtures("reading")
def test_networks_read_the_users_text(tmp_path: Path) -> None:
    scene = small(task={"kind": "characters", "sequence_length": 6})
    keys = slice_key(scene), run_key(scene)
    assert scene.net.task.inputs > len(set(RHYME))
    use_text_file(write_text(tmp_path, RHYME.encode()))
    assert scene.net.task.inputs == len(set(RHYME))
    assert slice_key(scene) != keys[0] and run_key(scene) != keys[1]
    assert slice_key(small()) == slice_key(small())


def test_other_tasks_do_not_depend_on_the_text() -> None:
    before = slice_key(small())
    try:
        DefaultText.text, kept = RHYME, DefaultText.text
        assert slice_key(small()) == before
    finally:
        DefaultText.text = kept

"""The user's own text: which files are accepted, and the errors for others."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.runs.text_file import read_text, use_text_file
from cliffscape.app.scene.content_key import run_key, slice_key
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.tasks.encoded_text import encode_text
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
        (b"", "text_file must be from 1,000 to 10,000,000 characters long, got 0 in own.txt"),
        (b"abc", "text_file must be from 1,000 to 10,000,000 characters long, got 3 in own.txt"),
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


CHINESE = "".join(map(chr, range(0x4E00, 0x5200)))
ADVICE = [
    # What Windows Notepad calls Unicode has a mark; from other programs it may come without one.
    (RHYME.encode("utf-16-le"), "text_file must be a text without the character NUL, got one at place 1 of own.txt"),
    (RHYME.encode("utf-16-be"), "save it as UTF-8, or convert it: iconv -f UTF-16LE -t UTF-8"),
    (RHYME.encode() + b"\0", f"got one at place {len(RHYME):,} of own.txt"),
    (b"caf\xe9 " * 400, "Save the file as UTF-8, or convert it, for example from Windows-1252: iconv -f WINDOWS-1252"),
    (RHYME.encode("utf-16") + b"x", "must be UTF-16, got other bytes at place 2402 of own.txt. Save the file as UTF-8"),
    (CHINESE.encode(), "got 1,024 in own.txt. Each is an input and an output"),
    (
        "".join(map(chr, range(0x4E00, 0x5200))).encode(),
        "for example Chinese in pinyin, or replace the rare characters",
    ),
]


@pytest.mark.parametrize(("content", "sentence"), ADVICE)
def test_errors_say_what_to_do(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(BoundError, match=re.escape(sentence)):
        read_text(write_text(tmp_path, content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_same_text_is_read_whatever_its_mark_and_its_newlines(tmp_path: Path, encoding: str, newline: str) -> None:
    written = "à la façade\n" * 100
    assert read_text(write_text(tmp_path, written.replace("\n", newline).encode(encoding))) == written


def test_marks_of_both_byte_orders_are_read(tmp_path: Path) -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert read_text(write_text(tmp_path, mark + RHYME.encode(encoding))) == RHYME


def test_a_file_larger_than_any_allowed_text_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(BoundError, match=r"characters long, got more than 40,000,004 bytes in huge\.txt"):
        read_text(path)


@pytest.mark.usefixtures("reading")
def test_a_corpus_of_five_megabytes_is_encoded_once(tmp_path: Path) -> None:
    letters = "".join(map(chr, range(32, 97)))
    corpus = "".join(random.Random(0).choices(letters, k=5_000_000))
    use_text_file(write_text(tmp_path, corpus.encode()))
    scene = small(task={"kind": "characters", "sequence_length": 50})
    before = encode_text.cache_info().misses
    for _ in range(20):
        assert scene.net.task.inputs == 65 and run_key(scene)
    assert encode_text.cache_info().misses <= before + 1


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

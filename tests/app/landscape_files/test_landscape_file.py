"""A file of landscapes: the sentence about an error, its line, and the traceback of the file's own frames."""

import signal
from pathlib import Path

import pytest

from cliffscape.app.landscape_files.landscape_file import LandscapeFile, LandscapeFileError
from cliffscape.app.signals import exit_in_peace

FILE = LandscapeFile(Path("/somewhere/mine.py"), b"")


def run(text: str) -> None:
    """Run a text as the content of the file."""
    exec(compile(text, str(FILE.path), "exec"), {"exit_in_peace": exit_in_peace})


def error_of(text: str) -> LandscapeFileError:
    """The error about a text."""
    with pytest.raises(LandscapeFileError) as caught, FILE.faults(7):
        run(text)
    return caught.value


def test_the_sentence_names_the_last_line_of_the_file_that_ran() -> None:
    error = error_of("import json\n\ndef read():\n    json.loads('{')\n\nread()\n")
    assert str(error) == (
        "mine.py, line 4: JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
    )
    assert [line.strip() for line in error.trace.splitlines() if line.startswith("  File")] == [
        'File "/somewhere/mine.py", line 6, in <module>',
        'File "/somewhere/mine.py", line 4, in read',
    ]


def test_the_traceback_of_a_cause_has_only_frames_of_the_file() -> None:
    error = error_of(
        "import json\ntry:\n    json.loads('{')\nexcept ValueError as error:\n    raise KeyError(1) from error\n"
    )
    assert str(error) == "mine.py, line 5: KeyError: 1"
    assert "direct cause" in error.trace
    assert "decoder.py" not in error.trace


def test_an_error_in_a_message_of_two_lines_is_one_sentence() -> None:
    assert str(error_of("raise ValueError('too\\n  far')")) == "mine.py, line 1: ValueError: too far"
    assert str(error_of("raise ValueError")) == "mine.py, line 1: ValueError"


def test_an_error_outside_the_file_has_the_line_that_is_given() -> None:
    with pytest.raises(LandscapeFileError, match=r"^mine\.py, line 7: ValueError: no$") as caught, FILE.faults(7):
        raise ValueError("no")
    assert caught.value.trace == ""


def test_a_signal_while_the_file_runs_still_ends_the_program() -> None:
    with pytest.raises(SystemExit), FILE.faults():
        run(f"exit_in_peace({signal.SIGTERM:d}, None)")


def test_a_file_that_cannot_be_read_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(LandscapeFileError, match=r"^cannot read none\.py: No such file or directory$"):
        LandscapeFile.read(tmp_path / "none.py")

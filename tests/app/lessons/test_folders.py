"""Lessons of several folders, in order. A fault in one file does not affect the others."""

from pathlib import Path

import pytest

from cliffscape.app.lessons.folders import LARGEST, MOST, read_folders
from tests.app.lessons.test_lesson import GOOD


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    (first / "02-b.md").write_text(GOOD, encoding="utf-8")
    (first / "01-a.md").write_text(GOOD, encoding="utf-8")
    (second / "00-own.md").write_text(GOOD.replace("A lesson", "My own"), encoding="utf-8")
    return first, second


def test_lessons_are_ordered_by_folder_and_name(folders: tuple[Path, Path]) -> None:
    made = read_folders(folders)
    assert list(made.lessons) == ["01-a", "02-b", "00-own"]
    assert made.faults == ()


def test_a_broken_file_is_reported_and_the_others_are_read(folders: tuple[Path, Path]) -> None:
    (folders[1] / "01-broken.md").write_text(GOOD.replace("[3]", "[99]"), encoding="utf-8")
    (folders[1] / "02-latin.md").write_bytes(GOOD.replace("After.", "Apr\xe8s.").encode("latin-1"))
    (folders[1] / "03-large.md").write_text(GOOD + "x" * LARGEST, encoding="utf-8")
    (folders[1] / "04-gone.md").symlink_to(folders[1] / "nowhere")
    made = read_folders(folders)
    assert list(made.lessons) == ["01-a", "02-b", "00-own"]
    assert [str(fault) for fault in made.faults] == [
        "01-broken.md:3: claims must be at most 17, got 99",
        "02-latin.md:21: the file must be UTF-8, and this line is not",
        f"03-large.md:1: the file must be at most {LARGEST} bytes long, got {len(GOOD) + LARGEST}",
        "04-gone.md:1: the file cannot be read: No such file or directory",
    ]


def test_a_duplicate_name_is_reported(folders: tuple[Path, Path]) -> None:
    (folders[1] / "01-a.md").write_text(GOOD, encoding="utf-8")
    made = read_folders(folders)
    assert [str(fault) for fault in made.faults] == [
        "01-a.md:1: the file's name must be unique, and another lesson already has it"
    ]


def test_the_version_changes_with_the_content(folders: tuple[Path, Path]) -> None:
    before = read_folders(folders).version
    assert read_folders(folders).version == before
    path = folders[0] / "01-a.md"
    path.write_text(GOOD.replace("After.", "Later."), encoding="utf-8")
    assert read_folders(folders).version != before


def test_too_many_lessons_are_reported(folders: tuple[Path, Path]) -> None:
    for number in range(MOST):
        (folders[1] / f"own-{number:03}.md").write_text(GOOD, encoding="utf-8")
    made = read_folders(folders)
    assert list(made.lessons)[-1] == "own-198", "the first of the folder is 00-own"
    assert [str(fault) for fault in made.faults] == [
        f"own-199.md:1: the number of lessons in a folder must be at most {MOST}, got 201: none is read from here on"
    ]


def test_suffixes_of_lessons_are_md_and_markdown_in_capitals_too(folders: tuple[Path, Path]) -> None:
    (folders[1] / "05-capitals.MD").write_text(GOOD, encoding="utf-8")
    (folders[1] / "06-long.markdown").write_text(GOOD, encoding="utf-8")
    (folders[1] / "07-notes.txt").write_text("x", encoding="utf-8")
    (folders[1] / "05-capitals.markdown").write_text(GOOD, encoding="utf-8")
    made = read_folders(folders)
    assert list(made.lessons) == ["01-a", "02-b", "00-own", "05-capitals", "06-long"]
    said = "the file's name must be unique, and another lesson already has it"
    assert [str(fault) for fault in made.faults] == [f"05-capitals.markdown:1: {said}"]


def test_a_link_to_a_lesson_must_name_one(folders: tuple[Path, Path]) -> None:
    for name, target in (("03-good", "01-a"), ("04-bad", "nowhere"), ("05-to-bad", "04-bad")):
        text = GOOD.replace("After.", f"After.\n\n[x](?lesson={target})")
        (folders[1] / f"{name}.md").write_text(text, encoding="utf-8")
    made = read_folders(folders)
    assert list(made.lessons) == ["01-a", "02-b", "00-own", "03-good"]
    said = "lesson must be the name of one of the lessons here"
    assert [str(fault) for fault in made.faults] == [
        f"04-bad.md:23: {said}, got 'nowhere'",
        f"05-to-bad.md:23: {said}, got '04-bad'",
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault(folders: tuple[Path, Path]) -> None:
    windows = GOOD.replace("\n", "\r\n").encode("utf-8-sig")
    (folders[1] / "08-windows.md").write_bytes(windows)
    (folders[1] / "09-broken.md").write_bytes(windows.replace(b"[3]", b"[99]"))
    made = read_folders(folders)
    assert [str(fault) for fault in made.faults] == ["09-broken.md:3: claims must be at most 17, got 99"]
    found, plain = made.lessons["08-windows"], made.lessons["01-a"]
    assert (found.front_matter, found.scene, found.body, found.reveal) == (
        (plain.front_matter, plain.scene, plain.body, plain.reveal)
    )

"""The library: lessons of the server, kept up with a teacher's folder."""

import os
from pathlib import Path

import pytest

from cliffscape.app.lessons.collection import FolderError, LessonCollection
from cliffscape.app.settings import Settings
from tests.app.lessons.test_lesson import GOOD


def library(tmp_path: Path) -> LessonCollection:
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.md").write_text(GOOD, encoding="utf-8")
    return LessonCollection(Settings(template_folder=tmp_path, lessons_folder=own))


def test_a_teachers_lessons_come_after_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "zero.md").write_text(GOOD, encoding="utf-8")
    made = library(tmp_path)
    assert list(made.shelf.lessons) == ["zero", "mine"]
    assert [one["name"] for one in made.contents["listed"]] == ["zero", "mine"]
    assert made.contents["address"] == f"/lessons/{made.shelf.version}"


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    made = library(tmp_path)
    before = made.shelf
    assert made.shelf is before
    path = tmp_path / "own" / "mine.md"
    path.write_text(GOOD.replace("[3]", "[99]"), encoding="utf-8")
    os.utime(path, (1, 1))
    assert made.find("mine") is None
    assert made.contents["faults"] == ["mine.md:3: claims = 99 must be at most 17"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"lessons_folder must be a folder that can be read, got .*nowhere"):
        LessonCollection(Settings(lessons_folder=tmp_path / "nowhere"))

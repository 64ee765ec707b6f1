"""The lessons of a server, which follow changes in its folders."""

import os
from pathlib import Path

import pytest

from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError
from tests.app.lessons.test_lesson import GOOD


def library(tmp_path: Path) -> LessonCollection:
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.md").write_text(GOOD, encoding="utf-8")
    return LessonCollection(Settings(template_folder=tmp_path, lessons_folder=own))


def test_own_lessons_come_after_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "zero.md").write_text(GOOD, encoding="utf-8")
    made = library(tmp_path)
    assert list(made.current.lessons) == ["zero", "mine"]
    assert [one["name"] for one in made.contents["listed"]] == ["zero", "mine"]
    assert made.contents["address"] == f"lessons/{made.current.version}"


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    made = library(tmp_path)
    before = made.current
    assert made.current is before
    path = tmp_path / "own" / "mine.md"
    path.write_text(GOOD.replace("[3]", "[99]"), encoding="utf-8")
    os.utime(path, (1, 1))
    assert made.find("mine") is None
    assert made.contents["faults"] == ["mine.md:3: claims must be at most 17, got 99"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BoundError, match=r"lessons_folder must be a folder that can be read, got .*nowhere"):
        LessonCollection(Settings(lessons_folder=tmp_path / "nowhere"))


def test_a_lesson_is_read_again_when_its_image_appears_or_changes(tmp_path: Path) -> None:
    made = library(tmp_path)
    path = tmp_path / "own" / "mine.md"
    path.write_text(GOOD.replace("After.", "![a plot](plots/a.png)"), encoding="utf-8")
    assert made.find("mine") is None
    image = tmp_path / "own" / "plots" / "a.png"
    image.parent.mkdir()
    image.write_bytes(b"1")
    lesson = made.find("mine")
    assert lesson is not None
    [name] = made.current.images
    assert f'src="lesson-images/{name}"' in lesson.content["reveal"]
    image.write_bytes(b"2")
    os.utime(image, (1, 1))
    assert set(made.current.images) != {name}

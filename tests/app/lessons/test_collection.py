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


def rewrite(path: Path, text: str, time: int) -> None:
    """Write a file, and set the time of its change, since two changes may be closer than the clock's ticks."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time, time))


def test_the_page_keeps_the_last_text_without_faults(tmp_path: Path) -> None:
    made = library(tmp_path)
    (tmp_path / "own" / "other.md").write_text(GOOD, encoding="utf-8")
    path = tmp_path / "own" / "mine.md"
    good = made.find("mine")
    addresses = [made.contents["address"]]
    rewrite(path, GOOD.replace("[3]", "[99]"), 1)
    assert made.find("mine") is None and made.find_shown("mine") is good
    assert [one["name"] for one in made.contents["listed"]] == ["mine", "other"]
    assert made.contents["faults"] == made.faults_of("mine") == ["mine.md:3: claims must be at most 17, got 99"]
    assert made.faults_of("other") == []
    rewrite(path, GOOD.replace("After.", "Later."), 2)
    addresses.append(made.contents["address"])
    shown = made.find_shown("mine")
    assert shown is not None and shown is made.find("mine") and shown.reveal.strip() == "Later."
    rewrite(path, "", 3)
    assert made.find_shown("mine") is shown
    # Browsers cache a lesson under its address forever, and at the first address it has the first text.
    assert addresses[0] not in (addresses[1], made.contents["address"])
    path.unlink()
    assert made.find_shown("mine") is None


def test_pages_watch_only_a_folder_that_somebody_may_write_in(tmp_path: Path) -> None:
    assert library(tmp_path).contents["watched"]
    assert not LessonCollection(Settings(template_folder=tmp_path)).contents["watched"]

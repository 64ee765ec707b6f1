"""Lessons from several folders, in order."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cliffscape.app.lessons.errors import Fault, LessonError, unknown_lesson
from cliffscape.app.lessons.images import TYPES, LessonImage
from cliffscape.app.lessons.lesson import SUFFIX, Lesson, parse_lesson
from cliffscape.landscapes.bound_error import must_be

LARGEST = 64 << 10
MOST = 200


def lesson_paths(folder: Path) -> list[Path]:
    """The files of lessons in a folder, by name."""
    return sorted(path for path in folder.glob("*") if SUFFIX.search(path.name))


def image_paths(folder: Path) -> list[Path]:
    """The images in a folder and in the folders inside it."""
    return sorted(path for path in [*folder.glob("*"), *folder.glob("*/*")] if path.suffix.lower() in TYPES)


def read_file(path: Path) -> Lesson:
    """Read the file of a lesson.

    Raises:
        LessonError: it cannot be read, or the lesson has faults.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LessonError(Fault(path.name, 1, f"the file cannot be read: {error.strerror}")) from None
    if len(content) > LARGEST:
        bound = f"at most {LARGEST} bytes long"
        raise LessonError(Fault(path.name, 1, must_be("the file", len(content), bound)))
    try:
        return parse_lesson(content.decode("utf-8-sig"), path.name, path.parent)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LessonError(Fault(path.name, line, "the file must be UTF-8, and this line is not")) from None


@dataclass(frozen=True)
class LessonFolders:
    """The lessons of some folders in order, and the faults of those that cannot be used.

    ``earlier`` are lessons whose files have faults now, with their last text without faults.
    """

    lessons: Mapping[str, Lesson]
    faults: tuple[Fault, ...]
    earlier: Mapping[str, Lesson] = field(default_factory=dict)

    @property
    def shown(self) -> list[Lesson]:
        """All lessons that a page can show."""
        return [*self.lessons.values(), *self.earlier.values()]

    @cached_property
    def version(self) -> str:
        """A hash of the content of all lessons."""
        content = [one.content for one in self.shown]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def images(self) -> Mapping[str, LessonImage]:
        """The images of all lessons by their names in addresses. The server has no others."""
        return {image.name: image for lesson in self.shown for image in lesson.images.values()}


def read_folders(folders: Iterable[Path]) -> LessonFolders:
    """All lessons of the folders. In each folder they are ordered by file name; a duplicate name is a fault."""
    found: dict[str, Lesson] = {}
    faults: list[Fault] = []
    for folder in folders:
        paths = lesson_paths(folder)
        for path in paths[:MOST]:
            try:
                lesson = read_file(path)
            except LessonError as error:
                faults += error.faults
                continue
            if lesson.name in found:
                faults.append(Fault(path.name, 1, "the file's name must be unique, and another lesson already has it"))
            else:
                found[lesson.name] = lesson
        if len(paths) > MOST:
            beyond = must_be("the number of lessons in a folder", len(paths), f"at most {MOST}")
            faults.append(Fault(paths[MOST].name, 1, f"{beyond}: none is read from here on"))
    faults += drop_dead_links(found)
    return LessonFolders(found, tuple(faults))


def drop_dead_links(lessons: dict[str, Lesson]) -> list[Fault]:
    """Remove lessons that link to one that does not exist, until no such link is left; returns the faults."""
    faults: list[Fault] = []
    while True:
        dead = [
            (lesson, Fault(lesson.file, line, unknown_lesson(name)))
            for lesson in lessons.values()
            for name, line in lesson.links
            if name not in lessons
        ]
        if not dead:
            return faults
        faults += [fault for _, fault in dead]
        for name in {lesson.name for lesson, _ in dead}:
            del lessons[name]

"""The lessons of this server. They are read again when a lesson or an image in one of their folders changes."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from cliffscape.app.lessons.folders import LessonFolders, image_paths, lesson_paths, read_folders
from cliffscape.app.lessons.lesson import SUFFIX, Lesson
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError


class LessonCollection:
    """The built-in lessons, followed by those of ``lessons_folder``.

    Raises:
        BoundError: the folder does not exist.
    """

    def __init__(self, settings: Settings) -> None:
        self.folders = [settings.template_folder / "lessons"]
        own = settings.lessons_folder
        if own is not None:
            if not own.is_dir():
                raise BoundError("lessons_folder", own, "a folder that can be read")
            self.folders.append(own)
        self._stamp: object = None
        self._current = LessonFolders({}, ())
        self._good: dict[str, Lesson] = {}

    @property
    def current(self) -> LessonFolders:
        """All lessons, from the current files."""
        paths = [path for folder in self.folders for path in (*lesson_paths(folder), *image_paths(folder))]
        paths += [image.path for image in self._current.images.values()]
        try:
            stamp = [(path, path.stat().st_mtime_ns) for path in paths]
        except OSError:  # the file was deleted after it was listed
            stamp = []
        if stamp != self._stamp:
            self._stamp, self._current = stamp, self._with_earlier(read_folders(self.folders))
        return self._current

    def _with_earlier(self, found: LessonFolders) -> LessonFolders:
        """Add the last text without faults of the lessons whose files have faults now."""
        self._good |= found.lessons
        faulty = {fault.file for fault in found.faults}
        earlier = {
            name: lesson for name, lesson in self._good.items() if name not in found.lessons and lesson.file in faulty
        }
        return replace(found, earlier=earlier)

    def find(self, name: str) -> Lesson | None:
        """The lesson of this name, or None."""
        return self.current.lessons.get(name)

    def find_shown(self, name: str) -> Lesson | None:
        """The lesson that the page shows under this name; if its file has faults now, its last text without faults."""
        found = self.current
        return found.lessons.get(name) or found.earlier.get(name)

    def faults_of(self, name: str) -> list[str]:
        """The faults of the file of a lesson."""
        return [str(fault) for fault in self.current.faults if SUFFIX.sub("", fault.file) == name]

    @property
    def contents(self) -> dict[str, Any]:
        """The list of lessons for the page: their address, their titles, and the faults of files.

        ``watched`` says that somebody may be writing a lesson, so the page asks again and again for this list. Its
        ``stamp`` is a hash, which changes with the files.
        """
        found = self.current
        places = {str(folder): place for place, folder in enumerate(self.folders)}
        shown = sorted(found.shown, key=lambda lesson: (places[str(lesson.folder)], lesson.file))
        contents = {
            "address": f"lessons/{found.version}",
            "listed": [lesson.entry for lesson in shown],
            "faults": [str(fault) for fault in found.faults],
            "watched": len(self.folders) > 1,
        }
        return {**contents, "stamp": hashlib.sha256(json.dumps(contents).encode()).hexdigest()[:16]}

"""The lessons of this server. They are read again when a lesson or an image in one of their folders changes."""

from typing import Any

from cliffscape.app.lessons.folders import LessonFolders, image_paths, lesson_paths, read_folders
from cliffscape.app.lessons.lesson import Lesson
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
            self._stamp, self._current = stamp, read_folders(self.folders)
        return self._current

    def find(self, name: str) -> Lesson | None:
        """The lesson of this name, or None."""
        return self.current.lessons.get(name)

    @property
    def contents(self) -> dict[str, Any]:
        """The list of lessons for the page: their address, their titles, and the faults of files that were left out."""
        found = self.current
        listed = [lesson.entry for lesson in found.lessons.values()]
        return {"address": f"lessons/{found.version}", "listed": listed, "faults": [str(one) for one in found.faults]}

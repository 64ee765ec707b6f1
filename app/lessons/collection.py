"""The library: the shelf of this server, read again when a file in a teacher's folder changes."""

from typing import Any

from cliffscape.app.lessons.folders import LessonFolders, shelf
from cliffscape.app.lessons.lesson import Lesson
from cliffscape.app.settings import Settings


class FolderError(ValueError):
    """A folder of lessons that is not there; the message says what was asked for."""


class LessonCollection:
    """The lessons that come with Cliffscape, then those of ``lessons_folder``.

    Raises:
        FolderError: there is no such folder.
    """

    def __init__(self, settings: Settings) -> None:
        self.folders = [settings.template_folder / "lessons"]
        own = settings.lessons_folder
        if own is not None:
            if not own.is_dir():
                raise FolderError(f"lessons_folder must be a folder that can be read, got {own}")
            self.folders.append(own)
        self._stamp: object = None
        self._shelf = LessonFolders({}, ())

    @property
    def shelf(self) -> LessonFolders:
        """All lessons, as the files are now."""
        paths = sorted(path for folder in self.folders for path in folder.glob("*.md"))
        try:
            stamp = [(path, path.stat().st_mtime_ns) for path in paths]
        except OSError:  # a file that is gone by now
            stamp = []
        if stamp != self._stamp:
            self._stamp, self._shelf = stamp, shelf(self.folders)
        return self._shelf

    def find(self, name: str) -> Lesson | None:
        """A lesson by its name."""
        return self.shelf.lessons.get(name)

    @property
    def contents(self) -> dict[str, Any]:
        """The list of lessons for the page: where they are, what each is called, and what is wrong with others."""
        found = self.shelf
        listed = [lesson.entry for lesson in found.lessons.values()]
        return {"address": f"/lessons/{found.version}", "listed": listed, "faults": [str(one) for one in found.faults]}

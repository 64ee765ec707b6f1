"""Linked Scene: the Scene of a link or of the lesson that it names."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import ValidationError

from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.lessons.errors import unknown_lesson
from cliffscape.app.lessons.lesson import Lesson
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import violations


class LinkError(ValueError):
    """A link without a Scene. The message has one sentence per line, one for each thing that is wrong."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def linked_scene(query: Mapping[str, str], lessons: Callable[[], LessonCollection]) -> Scene:
    """The Scene of a link's query. As on the page, a lesson's name alone is the lesson's Scene.

    Raises:
        LinkError: there is no such lesson, a name is unknown, or a value is out of bounds.
    """
    rest = dict(query)
    lesson = find_lesson(rest.pop("lesson"), lessons()) if "lesson" in rest else None
    try:
        return lesson.scene if lesson and not rest else from_query(rest)
    except ValidationError as error:
        raise LinkError(*(one.message for one in violations(error, Scene))) from None


def find_lesson(name: str, collection: LessonCollection) -> Lesson:
    """A lesson of a collection.

    Raises:
        LinkError: there is no lesson of this name, or its file has faults, which the error then lists.
    """
    found = collection.find(name)
    if found is None:
        # A lesson with faults is left out of the collection; its faults say why.
        faults = [str(fault) for fault in collection.current.faults if Path(fault.file).stem == name]
        raise LinkError(unknown_lesson(name), *faults)
    return found

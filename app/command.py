"""What all commands share: their errors, and reading Scenes, lessons and settings from their arguments.

Each function imports what it needs when it is called, as the commands do.
"""

# ruff: noqa: PLC0415
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError

from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError

if TYPE_CHECKING:
    from cliffscape.app.lessons.collection import LessonCollection
    from cliffscape.app.lessons.lesson import Lesson
    from cliffscape.app.scene.schema import Scene


def setting_help(name: str) -> str:
    """The description of a setting, as the help of an option."""
    return Settings.model_fields[name].description or ""


TextFile = Annotated[Path | None, typer.Option(help=setting_help("text_file"))]
LessonsFolder = Annotated[Path | None, typer.Option(help=setting_help("lessons_folder"))]
Device = Annotated[str | None, typer.Option(help=setting_help("device"))]


def fail(*sentences: str, code: int = 2) -> NoReturn:
    """Print what is wrong and exit."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


def load_settings(options: Mapping[str, object]) -> Settings:
    """The settings: the options that are given, and the environment for all others."""
    try:
        return Settings.model_validate({name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        names = [(str(one["loc"][0]), one) for one in error.errors()]
        fail(*(f"{name}: {one['msg']}, got {one['input']} ({setting_help(name)})" for name, one in names))


def read_scene(text: str, lessons: Path | None, text_file: Path | None) -> "Scene":
    """The Scene of a link, or exit with what is wrong with it. As on the page, a lesson's name alone is its Scene."""
    from cliffscape.app.runs.text_file import use_text_file
    from cliffscape.app.scene.links import from_query, parse_link
    from cliffscape.app.scene.schema import Scene
    from cliffscape.app.scene.validation import violations

    try:
        use_text_file(text_file)
    except BoundError as error:
        fail(str(error))
    query, tracking = parse_link(text)
    for name in tracking:
        typer.echo(f"{name} does not belong to the experiment and is ignored", err=True)
    lesson_scene = find_lesson(query.pop("lesson"), lessons).scene if "lesson" in query else None
    try:
        return lesson_scene if lesson_scene and not query else from_query(query)
    except ValidationError as error:
        fail(*(one.message for one in violations(error, Scene)))


def find_lesson(name: str, folder: Path | None) -> "Lesson":
    """A lesson, or exit with the reason why there is none of this name."""
    from cliffscape.app.lessons.errors import unknown_lesson

    collection = load_lessons(folder)
    found = collection.find(name)
    if found is None:
        # A lesson with faults is left out of the collection; its faults say why.
        faults = [str(fault) for fault in collection.current.faults if Path(fault.file).stem == name]
        fail(unknown_lesson(name), *faults)
    return found


def load_lessons(folder: Path | None) -> "LessonCollection":
    """The built-in lessons and those of a folder, or exit with the reason why the folder cannot be read."""
    from cliffscape.app.lessons.collection import LessonCollection

    try:
        return LessonCollection(load_settings({"lessons_folder": folder}))
    except BoundError as error:
        fail(str(error))


def write(path: Path | None, content: bytes) -> None:
    """Write to a file, or to standard output without one, or exit with the reason why it cannot be written."""
    if path is None:
        sys.stdout.buffer.write(content)
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", code=1)

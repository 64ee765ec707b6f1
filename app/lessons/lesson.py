"""Lessons: Markdown files with a Scene and a prediction in their front matter."""

import contextlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cliffscape.app.lessons.errors import Fault, LessonError, Lines, front_matter_faults, scene_faults
from cliffscape.app.lessons.expressions import parse_quantity
from cliffscape.app.lessons.front_matter import FENCE, Choice, FrontMatter, Mark
from cliffscape.app.lessons.images import LessonImage, find_image
from cliffscape.app.lessons.markdown import to_html, to_inline_html
from cliffscape.app.lessons.places import find_places
from cliffscape.app.lessons.text_faults import Source, Text, linked_lessons, text_faults
from cliffscape.app.lessons.yaml.head import YAML_FENCE, yaml_sentence
from cliffscape.app.scene.links import from_query, parse_link, to_query
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError, must_be

REVEAL = "<!-- reveal -->"
REVEAL_LINE = re.compile(r"\s*<!--\s*reveal\s*-->\s*", re.I)
SUFFIX = re.compile(r"\.(?:md|markdown)$", re.I)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Lesson:
    """One lesson: its name (the file's, without suffix), front matter, and text before and after the prediction."""

    name: str
    file: str
    front_matter: FrontMatter
    scene: Scene
    body: str
    reveal: str
    lines: Lines = field(compare=False, repr=False)
    starts: tuple[int, int] = field(compare=False, repr=False)  # lines of ``body`` and ``reveal`` in the file
    folder: Path | None = field(compare=False, repr=False)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The lesson as JSON for the page: prose as HTML, and the whole Scene."""
        images = {source: image.address for source, image in self.images.items()}
        prediction = self.front_matter.prediction.model_dump(mode="json", exclude={"quantity", "scene"})
        prediction["question"] = to_inline_html(prediction["question"], images)
        if "option" in prediction:
            prediction["option"] = [to_inline_html(option["text"], images) for option in prediction["option"]]
        return {
            **self.entry,
            "file": self.file,
            "body": to_html(self.body, images),
            "reveal": to_html(self.reveal, images),
            "check": to_inline_html(self.front_matter.check, images),
            "source": to_inline_html(self.front_matter.source, images),
            "prediction": prediction,
            "scene": self.scene.model_dump(mode="json"),
        }

    @property
    def texts(self) -> list[Text]:
        """All texts that are Markdown, and where they are."""
        prediction = self.front_matter.prediction
        options = prediction.option if isinstance(prediction, Choice) else ()
        at = self.lines.of
        return [
            Text(self.front_matter.source, at("", 0, "source"), True),
            Text(self.front_matter.check, at("", 0, "check"), True),
            Text(prediction.question, at("prediction", 0, "question"), True),
            *(Text(option.text, at("prediction", 0, "option"), True) for option in options),
            Text(self.body, self.starts[0]),
            Text(self.reveal, self.starts[1]),
        ]

    @cached_property
    def links(self) -> list[tuple[str, int]]:
        """The names of the lessons that the texts link to, and the lines of these links."""
        return list(linked_lessons(self.texts, Source(self.file, [], self.folder)))

    @cached_property
    def images(self) -> dict[str, LessonImage]:
        """The images that the texts show, as they call them."""
        found = {}
        for text in self.texts:
            for place in find_places(text.markdown, text.in_front_matter):
                with contextlib.suppress(BoundError):
                    if place.kind == "image":
                        found[place.content] = find_image(place.content, self.folder)
        return found

    @property
    def entry(self) -> dict[str, Any]:
        """The entry in the list of lessons."""
        return {
            "name": self.name,
            "title": self.front_matter.title,
            "part": self.front_matter.part,
            "claims": self.front_matter.claims,
        }

    @property
    def link(self) -> dict[str, str]:
        """The query of the lesson's Scene."""
        return to_query(self.scene)


def parse_scene(text: str, file: str, line: int) -> Scene:
    """The Scene of a link in the front matter.

    Raises:
        LessonError: something in it is unknown or out of bounds.
    """
    try:
        return from_query(parse_link(text)[0])
    except ValidationError as error:
        raise LessonError(*scene_faults(error, file, line)) from None


def split(text: str, file: str) -> tuple[str, str, str, tuple[int, int]]:
    """Split a file into front matter, text and reveal, with the first lines of the last two.

    Raises:
        LessonError: one of the parts is missing.
    """
    first, *rest = text.splitlines()
    marks = [k for k, line in enumerate(rest) if line.strip() == FENCE]
    if first.strip() == YAML_FENCE and first.strip() in map(str.strip, rest):
        raise LessonError(Fault(file, 1, yaml_sentence(rest)))
    if first.strip() != FENCE or not marks:
        raise LessonError(Fault(file, 1, f"a lesson must begin with front matter between two lines {FENCE}"))
    above, after = rest[: marks[0]], rest[marks[0] + 1 :]
    reveals = [k for k, line in enumerate(after) if REVEAL_LINE.fullmatch(line)]
    begin = marks[0] + 3
    if len(reveals) != 1:
        found = "there is none" if not reveals else f"line {begin + reveals[1]} is a second one"
        raise LessonError(Fault(file, begin, f"the text must have one line {REVEAL}, and {found}"))
    body, reveal = "\n".join(after[: reveals[0]]), "\n".join(after[reveals[0] + 1 :])
    starts = begin, begin + reveals[0] + 1
    for part, name, line in ((body, "before", starts[0]), (reveal, "after", starts[1])):
        if not part.strip():
            raise LessonError(Fault(file, line, f"there must be text {name} the line {REVEAL}"))
    return "\n".join(above), body, reveal, starts


def parse_front_matter(text: str, file: str, lines: Lines) -> FrontMatter:
    """The front matter of a lesson.

    Raises:
        LessonError: it is not TOML, or something in it is missing, unknown or out of bounds.
    """
    try:
        return FrontMatter.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        # tomllib reports the position only in the text of its message.
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = lines.first + (int(place[1]) - 1 if place and place[1] else text.count("\n"))
        reason = str(error)[: place.start()] if place else str(error)
        raise LessonError(Fault(file, line, f"the front matter must be TOML: {reason}")) from None
    except ValidationError as error:
        raise LessonError(*front_matter_faults(error, file, lines)) from None


def find_faults(lesson: Lesson, text: str) -> Iterable[Fault]:
    """Faults of the facts, the prediction and the texts."""
    asked = lesson.front_matter.prediction.question
    text_shown = " ".join(f"{lesson.body} {asked} {lesson.reveal} {lesson.front_matter.check}".split())
    for k, fact in enumerate(lesson.front_matter.fact):
        yield from quantity_faults("fact", k, fact.quantity, lesson)
        yield from own_scene_faults("fact", k, fact.scene, lesson)
        for name, words in [("says", fact.says), *(("words", words) for words in fact.words)]:
            if words not in text_shown:
                line = lesson.lines.of("fact", k, name)
                yield Fault(lesson.file, line, must_be(f"fact.{name}", f"'{words}'", "in the lesson's text"))
    yield from prediction_faults(lesson)
    choice = lesson.front_matter.prediction
    if isinstance(choice, Choice) and choice.quantity is not None:
        yield from quantity_faults("prediction", 0, choice.quantity, lesson)
        yield from own_scene_faults("prediction", 0, choice.scene, lesson)
    yield from text_faults(lesson.texts, Source(lesson.file, text.splitlines(), lesson.folder))


def prediction_faults(lesson: Lesson) -> Iterable[Fault]:
    """Faults of the prediction: a run that the Scene does not show, or a step that it does not take."""
    prediction, scene = lesson.front_matter.prediction, lesson.scene
    run = getattr(prediction, "run", "both" if prediction.kind == "lower" else scene.runs)
    if scene.runs not in ("both", run):
        field = "kind" if prediction.kind == "lower" else "run"
        value = prediction.kind if prediction.kind == "lower" else run
        line = lesson.lines.of("prediction", 0, field)
        yield Fault(lesson.file, line, must_be(f"prediction.{field}", f"'{value}'", "about runs that the scene shows"))
    if isinstance(prediction, Mark) and prediction.step >= scene.steps:
        bound = f"at most {scene.steps - 1} in a run of {scene.steps} steps"
        line = lesson.lines.of("prediction", 0, "step")
        yield Fault(lesson.file, line, must_be("prediction.step", str(prediction.step), bound))


def own_scene_faults(table: str, index: int, scene: str | None, lesson: Lesson) -> Iterable[Fault]:
    """Faults of the Scene that belongs to a fact or to the prediction."""
    try:
        parse_scene(scene or "", lesson.file, lesson.lines.of(table, index, "scene"))
    except LessonError as error:
        yield from error.faults


def quantity_faults(table: str, index: int, text: str, lesson: Lesson) -> Iterable[Fault]:
    """Faults of a quantity."""
    try:
        parse_quantity(text)
    except BoundError as error:
        line = lesson.lines.of(table, index, "quantity")
        yield Fault(lesson.file, line, must_be(f"{table}.{error.field}", error.value, error.bound))


def parse_lesson(text: str, file: str, folder: Path | None = None) -> Lesson:
    """Parse a lesson. Its images are in the folder.

    Raises:
        LessonError: the lesson cannot be used; the error lists all faults.
    """
    name = SUFFIX.sub("", file)
    if not NAME.fullmatch(name):
        raise LessonError(Fault(file, 1, "the file's name must be small letters, digits and hyphens, 64 at most"))
    if not text.strip():
        raise LessonError(Fault(file, 1, "the file must not be empty"))
    above, body, reveal, starts = split(text, file)
    lines = Lines(above, 2)
    front_matter = parse_front_matter(above, file, lines)
    scene = parse_scene(front_matter.scene, file, lines.of("", 0, "scene"))
    found = Lesson(name, file, front_matter, scene, body, reveal, lines, starts, folder)
    faults = list(find_faults(found, text))
    if faults:
        raise LessonError(*faults)
    return found

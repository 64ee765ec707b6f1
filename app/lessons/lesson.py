"""Lessons: Markdown files with a Scene in their heads, read once and told about where they cannot be."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError

from cliffscape.app.lessons.errors import Fault, LessonError, Lines, of_front_matter, of_scene, sentence
from cliffscape.app.lessons.expressions import QuantityError, quantity
from cliffscape.app.lessons.front_matter import Choice, FrontMatter, Mark
from cliffscape.app.lessons.markdown import to_html, to_inline_html
from cliffscape.app.lessons.mathml import FormulaError
from cliffscape.app.scene.links import from_query, to_query
from cliffscape.app.scene.schema import Scene

FENCE = "+++"
REVEAL = "<!-- reveal -->"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Lesson:
    """One lesson: its name (the file's, without ``.md``), its head, and its text before and after the prediction."""

    name: str
    file: str
    head: FrontMatter
    scene: Scene
    body: str
    reveal: str
    lines: Lines = field(compare=False, repr=False)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The lesson as the page shows it: prose as HTML, the Scene in full."""
        prediction = self.head.prediction.model_dump(mode="json", exclude={"quantity", "scene"})
        prediction["question"] = to_inline_html(prediction["question"])
        if "option" in prediction:
            prediction["option"] = [to_inline_html(option["text"]) for option in prediction["option"]]
        return {
            **self.entry,
            "body": to_html(self.body),
            "reveal": to_html(self.reveal),
            "check": to_inline_html(self.head.check),
            "source": to_inline_html(self.head.source),
            "prediction": prediction,
            "scene": self.scene.model_dump(mode="json"),
        }

    @property
    def entry(self) -> dict[str, Any]:
        """What the list of lessons says of this one."""
        return {"name": self.name, "title": self.head.title, "part": self.head.part, "claims": self.head.claims}

    @property
    def link(self) -> dict[str, str]:
        """The query of the lesson's Scene."""
        return to_query(self.scene)


def scene_of(text: str, file: str, line: int) -> Scene:
    """The Scene of a link in a head.

    Raises:
        LessonError: something in it is unknown or out of bounds.
    """
    try:
        return from_query(dict(parse_qsl(text.partition("?")[2] or text, keep_blank_values=True)))
    except ValidationError as error:
        raise LessonError(*of_scene(error, file, line)) from None


def parted(text: str, file: str) -> tuple[str, str, str]:
    """Head, text and reveal of a file.

    Raises:
        LessonError: one of them is missing.
    """
    first, *rest = text.splitlines()
    marks = [k for k, line in enumerate(rest) if line.strip() == FENCE]
    if first.strip() != FENCE or not marks:
        raise LessonError(Fault(file, 1, f"a lesson must begin with a head between two lines {FENCE}"))
    head, after = rest[: marks[0]], rest[marks[0] + 1 :]
    reveals = [k for k, line in enumerate(after) if line.strip() == REVEAL]
    begin = marks[0] + 3
    if len(reveals) != 1:
        found = "there is none" if not reveals else f"line {begin + reveals[1]} is a second one"
        raise LessonError(Fault(file, begin, f"the text must have one line {REVEAL}, and {found}"))
    body, reveal = "\n".join(after[: reveals[0]]), "\n".join(after[reveals[0] + 1 :])
    for part, name, line in ((body, "before", begin), (reveal, "after", begin + reveals[0] + 1)):
        if not part.strip():
            raise LessonError(Fault(file, line, f"there must be text {name} the line {REVEAL}"))
    return "\n".join(head), body, reveal


def read_front_matter(text: str, file: str, lines: Lines) -> FrontMatter:
    """The head of a lesson.

    Raises:
        LessonError: it is not TOML, or something in it is missing, unknown or out of bounds.
    """
    try:
        return FrontMatter.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = lines.first + (int(place[1]) - 1 if place and place[1] else text.count("\n"))
        reason = str(error)[: place.start()] if place else str(error)
        raise LessonError(Fault(file, line, f"the head must be TOML: {reason}")) from None
    except ValidationError as error:
        raise LessonError(*of_front_matter(error, file, lines)) from None


def checked(lesson: Lesson, text: str) -> Iterable[Fault]:
    """What is wrong with facts and formulas of a lesson whose parts are there."""
    asked = lesson.head.prediction.question
    told = " ".join(f"{lesson.body} {asked} {lesson.reveal} {lesson.head.check}".split())
    for k, fact in enumerate(lesson.head.fact):
        yield from unreadable("fact", k, fact.quantity, lesson)
        yield from elsewhere("fact", k, fact.scene, lesson)
        if fact.says not in told:
            line = lesson.lines.of("fact", k, "says")
            yield Fault(lesson.file, line, sentence("fact.says", f"'{fact.says}'", "in the lesson's text"))
    yield from unshown(lesson)
    choice = lesson.head.prediction
    if isinstance(choice, Choice) and choice.quantity is not None:
        yield from unreadable("prediction", 0, choice.quantity, lesson)
        yield from elsewhere("prediction", 0, choice.scene, lesson)
    try:
        _ = lesson.content
    except FormulaError as error:
        places = [k for k, line in enumerate(text.splitlines(), 1) if error.formula.splitlines()[0] in line]
        yield Fault(lesson.file, places[0] if places else 1, str(error))


def unshown(lesson: Lesson) -> Iterable[Fault]:
    """Why a prediction cannot be made in the lesson's Scene: a run that it does not show, a step it does not take."""
    prediction, scene = lesson.head.prediction, lesson.scene
    run = getattr(prediction, "run", "both" if prediction.kind == "lower" else scene.runs)
    if scene.runs not in ("both", run):
        field = "kind" if prediction.kind == "lower" else "run"
        value = prediction.kind if prediction.kind == "lower" else run
        line = lesson.lines.of("prediction", 0, field)
        yield Fault(lesson.file, line, sentence(f"prediction.{field}", f"'{value}'", "about runs that the scene shows"))
    if isinstance(prediction, Mark) and prediction.step >= scene.steps:
        bound = f"at most {scene.steps - 1} in a run of {scene.steps} steps"
        line = lesson.lines.of("prediction", 0, "step")
        yield Fault(lesson.file, line, sentence("prediction.step", str(prediction.step), bound))


def elsewhere(table: str, index: int, scene: str | None, lesson: Lesson) -> Iterable[Fault]:
    """What is wrong with the Scene of a quantity, where it has one of its own."""
    try:
        scene_of(scene or "", lesson.file, lesson.lines.of(table, index, "scene"))
    except LessonError as error:
        yield from error.faults


def unreadable(table: str, index: int, text: str, lesson: Lesson) -> Iterable[Fault]:
    """Why a quantity cannot be read."""
    try:
        quantity(text)
    except QuantityError as error:
        line = lesson.lines.of(table, index, "quantity")
        yield Fault(lesson.file, line, sentence(f"{table}.quantity", f"'{text}'", str(error)))


def lesson(text: str, file: str) -> Lesson:
    """Read a lesson from the text of a file.

    Raises:
        LessonError: it cannot be used; the error has a fault for everything that is wrong.
    """
    name = file.removesuffix(".md")
    if not NAME.fullmatch(name):
        raise LessonError(Fault(file, 1, "the file's name must be small letters, digits and hyphens, 64 at most"))
    if not text.strip():
        raise LessonError(Fault(file, 1, "the file must not be empty"))
    above, body, reveal = parted(text, file)
    lines = Lines(above, 2)
    head = read_front_matter(above, file, lines)
    scene = scene_of(head.scene, file, lines.of("", 0, "scene"))
    found = Lesson(name, file, head, scene, body, reveal, lines)
    faults = list(checked(found, text))
    if faults:
        raise LessonError(*faults)
    return found

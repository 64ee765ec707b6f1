"""A question as the file of a lesson, for ``cliffscape serve --lessons``.

The texts of a question are plain, and those of a lesson are Markdown. So they are escaped.
"""

import math
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from typing import Any

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports.exported_file import ExportedFile
from cliffscape.app.exports.run_files import Descents, compute_descents
from cliffscape.app.lessons.front_matter import FENCE, Choice, Mark
from cliffscape.app.lessons.lesson import REVEAL
from cliffscape.app.lessons.yaml.head import to_toml
from cliffscape.app.runs.pair import RUN_LABELS
from cliffscape.app.runs.verdicts import format_number
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.metadata import link, version
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import violation
from cliffscape.app.web.problems import Problem
from cliffscape.app.web.sharing.question import KEY, parse_question, problems_of
from cliffscape.landscapes.descent.outcome import LABELS

TITLE = "title"
# Characters of a title, and of other texts of a lesson.
LONGEST, LONGEST_WORDS = 80, 500
NAMELESS = "question"
TITLES = {
    "thrown": "Will the run be thrown?",
    "lower": "Which run ends at the lower loss?",
    "mark": "Where will the step land?",
    "choice": "A question",
}
NOTE = "# Put this file into a folder, and start: cliffscape serve --lessons FOLDER. The text below can be changed."
BODY = "Read the question and answer it. Then the page shows the rest of the experiment."
AFTER = "Move through the steps, and compare what you see with your answer."
Fact = dict[str, Any]


def lesson_task(query: Mapping[str, str]) -> Callable[[Workspace], Generator[object, None, ExportedFile]]:
    """Computes the file for a query with a Scene, a question and a title.

    Raises:
        pydantic.ValidationError: something in the Scene is unknown or out of bounds.
        Problem: the question cannot be asked, or a text is too long.
    """
    own = {key: text for key, text in query.items() if key == TITLE or key.partition(".")[0] == KEY}
    scene = from_query({key: text for key, text in query.items() if key not in own})
    return partial(compute_lesson_file, scene, own.get(TITLE, ""), read_prediction(own, scene))


def read_prediction(own: Mapping[str, str], scene: Scene) -> Any:
    """The prediction of a question for a file.

    Raises:
        Problem: the question cannot be asked, or a text is too long.
    """
    title = own.get(TITLE, "")
    if len(title) > LONGEST:
        found = violation(TITLE, f"{len(title)} characters", f"at most {LONGEST} characters long")
        raise Problem(422, "No such title", found.message, (found,))
    asked = {key: text for key, text in own.items() if key != TITLE}
    sentences = problems_of(asked, scene, False)
    if sentences:
        raise Problem(422, "No such question", " ".join(sentences))
    prediction = parse_question(asked, scene, False)
    check_texts(prediction)
    return prediction


def check_texts(prediction: Any) -> None:
    """Check the length of the texts in Markdown.

    Raises:
        Problem: a text is too long.
    """
    options = prediction.option if isinstance(prediction, Choice) else ()
    for field, text in [("question", prediction.question), *(("option", option.text) for option in options)]:
        if len(escape_markdown(text)) > LONGEST_WORDS:
            bound = f"at most {LONGEST_WORDS} characters long in Markdown"
            found = violation(f"{KEY}.{field}", f"{len(escape_markdown(text))} characters", bound)
            raise Problem(422, "No such question", found.message, (found,))


def compute_lesson_file(
    scene: Scene, title: str, prediction: Any, workspace: Workspace | None = None
) -> Generator[object, None, ExportedFile]:
    """The file of a lesson; yields after every few steps of the runs."""
    return lesson_file(scene, title, prediction, (yield from compute_descents(scene, workspace)))


def lesson_file(scene: Scene, title: str, prediction: Any, found: Descents) -> ExportedFile:
    """The file of a lesson. Its facts are what the runs of the Scene have shown."""
    title = title.strip() or (prediction.question or TITLES[prediction.kind])[:LONGEST].strip()
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or NAMELESS
    facts = [*outcome_facts(found), *own_facts(prediction, found)]
    asked = {key: value for key, value in prediction.model_dump(exclude_none=True).items() if value != ""}
    quoted = [escape_markdown(prediction.question)] if prediction.question else []
    if prediction.question:
        asked["question"] = quoted[0]
    if isinstance(prediction, Choice):
        quoted += [escape_markdown(option.text) for option in prediction.option]
        # A table of its own for every option comes last.
        asked["option"] = [{"text": text} for text in quoted[1:]]
    fields = {
        "title": title,
        "scene": link(scene).removeprefix("?"),
        "source": f"A question from the panel Share of Cliffscape {version()}.",
        "check": " ".join(fact["says"] for fact in facts),
        **({"quoted": quoted} if quoted else {}),
        "prediction": asked,
        "fact": facts,
    }
    text = f"{FENCE}\n{NOTE}\n{to_toml(fields)}\n{FENCE}\n{BODY}\n\n{REVEAL}\n\n{AFTER}\n"
    return ExportedFile(f"{name}.md", text.encode())


def escape_markdown(text: str) -> str:
    """A plain text in Markdown, in which no letter has a meaning of its own."""
    return re.sub(r"([\\`*_\[\]<>$&!|~])", r"\\\1", text)


def outcome_facts(found: Descents) -> Iterator[Fact]:
    """What the runs come to."""
    for run, summary in found.summaries.items():
        said = f"{RUN_LABELS[run]}: {LABELS[summary.outcome]}."
        yield {"quantity": f"{run}.outcome", "equals": summary.outcome, "says": said}


def own_facts(prediction: Any, found: Descents) -> Iterator[Fact]:
    """The numbers that the question is about, if they are finite."""
    if isinstance(prediction, Mark):
        row = prediction.step + 1
        for axis, value in zip("xy", found.trajectories[prediction.run].position[row].tolist(), strict=True):
            yield from number_fact(f"{prediction.run}.{axis}[{row}]", value, f"The step lands at {axis} =")
    elif prediction.kind == "lower":
        for run, summary in found.summaries.items():
            yield from number_fact(f"{run}.end_loss", summary.end_loss, f"{RUN_LABELS[run]} the last loss is")


def number_fact(quantity: str, value: float, words: str) -> Iterator[Fact]:
    """A fact with three digits of a number."""
    if math.isfinite(value):
        text = format_number(value)
        stated = float(text.replace("−", "-"))
        # Half a unit of the third digit is at most half a per cent.
        tolerance = float(f"{abs(stated) / 100:.1g}")
        yield {"quantity": quantity, "value": stated, "tolerance": tolerance, "says": f"{words} {text}."}

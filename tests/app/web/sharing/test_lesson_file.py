"""A question as the file of a lesson: the loader reads it without faults, and its statements are checked."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.lessons.coverage.gaps import check_statements
from cliffscape.app.lessons.folders import read_file
from cliffscape.app.lessons.lesson import Lesson
from cliffscape.app.scene.links import from_query
from cliffscape.app.web.problems import Problem
from cliffscape.app.web.sharing.lesson_file import compute_lesson_file, escape_markdown, read_prediction
from cliffscape.landscapes.generators import run_to_end

THROWN, SADDLE = {"ask": "thrown"}, {"landscape": "saddle", "steps": "5", "start": "0,0"}
CHOICE = {"ask": "choice", "ask.question": "How many?", "ask.option": "a third | 13", "ask.answer": "2"}
LITERAL = {**CHOICE, "ask.question": "Is *this* $5, <b> or [a](b) & `c` \\ | 12?", "ask.option": "a_b_c|~x~ !"}
NETWORK = {"landscape": "recurrent_network", "cell.hidden_units": "3", "task.sequence_length": "10", "steps": "3"}


def make_lesson(folder: Path, question: dict[str, str], query: dict[str, str], title: str = "") -> Lesson:
    """The lesson that the loader reads from the file of a question."""
    scene = from_query(query)
    file = run_to_end(compute_lesson_file(scene, title, read_prediction(question, scene)))
    (folder / file.name).write_bytes(file.content)
    return read_file(folder / file.name)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (THROWN, {}),
        ({**THROWN, "ask.run": "with", "ask.question": "Will half of it fly?"}, {"clip.threshold": "0.3"}),
        ({"ask": "lower"}, {}),
        ({"ask": "lower"}, SADDLE),
        ({"ask": "mark", "ask.step": "13"}, {}),
        ({"ask": "mark", "ask.run": "with", "ask.step": "0"}, SADDLE),
        # The run without clipping diverges, so its numbers cannot be stated.
        ({"ask": "lower"}, {"landscape": "linear_recurrence", "landscape.sequence_length": "100", "start": "1.25,2"}),
        (CHOICE, {"runs": "with"}),
        (LITERAL, {}),
        (CHOICE, NETWORK),
    ],
)
def test_check_lessons_passes_over_the_file(tmp_path: Path, question: dict[str, str], query: dict[str, str]) -> None:
    lesson = make_lesson(tmp_path, question, query)
    assert lesson.scene == from_query(query)
    findings = list(check_statements([lesson], presets=False))
    assert findings and [str(one) for one in findings if not one.holds] == []


def test_the_lesson_has_the_fields_of_the_question(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, CHOICE, SADDLE, " The saddle, slowly ")
    assert (lesson.name, lesson.front_matter.title) == ("the-saddle-slowly", "The saddle, slowly")
    prediction: Any = lesson.front_matter.prediction
    assert (prediction.question, prediction.answer) == ("How many?", 2)
    assert [option.text for option in prediction.option] == ["a third", "13"]


def test_texts_stay_plain(tmp_path: Path) -> None:
    content = make_lesson(tmp_path, LITERAL, {}).content["prediction"]
    assert content["question"] == "Is *this* $5, &lt;b&gt; or [a](b) &amp; `c` \\ | 12?"
    assert content["option"] == ["a_b_c", "~x~ !"]


@pytest.mark.parametrize(
    ("question", "name", "title"),
    [
        (THROWN, "will-the-run-be-thrown", "Will the run be thrown?"),
        ({**THROWN, "ask.question": "¿?"}, "question", "¿?"),
        ({**THROWN, "ask.question": "Why? " * 40}, "why-" * 11 + "why", ("Why? " * 16).strip()),
    ],
)
def test_a_file_without_a_title_is_named_after_its_question(
    tmp_path: Path, question: dict[str, str], name: str, title: str
) -> None:
    lesson = make_lesson(tmp_path, question, SADDLE)
    assert lesson.front_matter.title == title
    assert lesson.name.startswith(name)


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({}, "ask must be one of thrown, lower, mark, choice, got nothing"),
        ({**THROWN, "title": "x" * 81}, "title must be at most 80 characters long, got 81 characters"),
        ({"ask": "mark", "ask.step": "60"}, "ask.step must be at most 59 in a run of 60 steps, got 60"),
        (
            {**THROWN, "ask.question": "$" * 251},
            "ask.question must be at most 500 characters long in Markdown, got 502",
        ),
    ],
)
def test_a_question_without_a_file_is_a_sentence(own: dict[str, str], sentence: str) -> None:
    with pytest.raises(Problem) as caught:
        read_prediction(own, from_query({}))
    assert sentence in caught.value.detail


def test_markdown_has_no_meaning_once_it_is_escaped() -> None:
    assert escape_markdown("a*b_1 $x$") == r"a\*b\_1 \$x\$"


def test_the_server_sends_the_file(client: TestClient) -> None:
    answer = client.get("/exports/lesson.md?landscape=saddle&steps=5&ask=thrown&title=My+lesson")
    assert answer.headers["content-disposition"] == 'attachment; filename="my-lesson.md"'
    assert answer.text.startswith("+++\n# Put this file into a folder") and 'title = "My lesson"' in answer.text
    answer = client.get("/exports/lesson.md?landscape=saddle&ask=when")
    assert answer.status_code == 422 and "ask must be one of" in answer.text

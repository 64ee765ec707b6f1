"""A lesson in the page: what is wrong with its file, and the correct answer to its question."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import * as lesson from "./js/state/lesson.js";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
bindCatalogue({ run_labels: { without: "Without clipping", with: "With clipping" } });
const [name, ...given] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(lesson[name](...given)));
"""
MINE = {"name": "mine", "file": "mine.md"}
RUN = {
    "run": "without",
    "summary": {"thrown": True, "thrown_step": 13, "thrown_length": 9.45, "end_loss": 0.09},
    "trajectory": {"x": [0, 1, 5], "y": [0, 0, 2], "loss": [1, 2, 3], "step_length": [1, 4.5, None]},
}
OTHER = {**RUN, "run": "with", "summary": {"end_loss": 0.01}}


def call(scripts: Path, *given: object) -> Any:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps(given)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


@pytest.mark.parametrize(
    ("listed", "faults", "found"),
    [
        (["mine"], [], []),
        (["mine"], ["mine.md:5: x", "not-mine.md:1: y", "mine.md:9: z"], ["mine.md:5: x", "mine.md:9: z"]),
        (["other"], [], ["mine.md has been deleted or renamed."]),
    ],
)
def test_problems_of_a_file(scripts: Path, listed: list[str], faults: list[str], found: list[str]) -> None:
    lessons = {"listed": [{"name": name} for name in listed], "faults": faults}
    assert call(scripts, "lessonProblems", MINE, lessons) == found


@pytest.mark.parametrize(
    ("prediction", "words", "sentence"),
    [
        (
            {"kind": "thrown", "run": "without"},
            "Yes, it will be thrown",
            "The run is thrown at step 13, by 9.45 units.",
        ),
        (
            {"kind": "lower"},
            "With clipping",
            "The run with clipping ends at the lower loss: 0.01, compared with 0.09.",
        ),
        ({"kind": "mark", "run": "without", "step": 1}, None, "The step lands at 5, 2 and is 4.5 units long."),
        ({"kind": "choice", "option": ["a", "b"], "answer": 2}, "b", ""),
    ],
)
def test_the_correct_answer(scripts: Path, prediction: dict[str, Any], words: str | None, sentence: str) -> None:
    answer = call(scripts, "correctAnswer", {"prediction": prediction}, [RUN, OTHER], [0, 10, 0, 10])
    option = answer.get("option", {})
    assert option.get("words", option.get("html")) == words
    assert answer["sentence"] == sentence


def test_a_landing_on_a_curve_is_one_number(scripts: Path) -> None:
    lesson = {"prediction": {"kind": "mark", "run": "without", "step": 1}}
    found = call(scripts, "answerTo", lesson, [4, 0], [RUN, OTHER], [0, 10, 0, 0])
    assert found["sentence"].startswith("The step lands at 5 and is 4.5 units long.")
    assert found["landing_loss"] == 3


def test_an_answer_stays_if_question_and_experiment_are_the_same(scripts: Path) -> None:
    one = {"prediction": {"kind": "lower"}, "scene": {"steps": 20}, "body": "a"}
    assert call(scripts, "asksTheSame", one, {**one, "body": "b"})
    assert not call(scripts, "asksTheSame", one, {**one, "scene": {"steps": 21}})
    assert not call(scripts, "asksTheSame", one, {**one, "prediction": {"kind": "thrown"}})

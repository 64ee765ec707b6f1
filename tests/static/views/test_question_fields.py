"""The question that the panel writes into a link is the one that the server reads, or a sentence says why not."""

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cliffscape.app.scene.schema import DEFAULT
from cliffscape.app.web.sharing.question import read_question
from tests import node

PROGRAM = """
import { questionProblem, questionQuery } from "./js/views/share/question_fields.js";
const cases = JSON.parse(process.argv[2]);
const write = ([kind, values]) => [questionQuery(kind, values), questionProblem(kind, values, 60)];
console.log(JSON.stringify(cases.map(write)));
"""
EMPTY = {"run": "without", "step": "0", "question": "", "option": "", "answer": ""}
ANSWERS = "one & a half\n\n two \n"
GOOD = [
    ("", {}),
    ("thrown", {"run": "with"}),
    ("lower", {"question": "Which? <b> 100 % + |"}),
    ("mark", {"step": "59", "question": "Where?"}),
    ("choice", {"question": "How many?", "option": ANSWERS, "answer": "2"}),
]
BAD = [
    ("mark", {"step": "60"}, "step must be a whole number from 0 to 59, got 60"),
    ("mark", {"step": ""}, "step must be a whole number from 0 to 59, got nothing"),
    ("choice", {"option": ANSWERS, "answer": "1"}, "question must be given for a choice of answers, got nothing"),
    ("choice", {"question": "Why?", "option": "a"}, "answers must be 2 to 6 lines, got 1"),
    ("choice", {"question": "Why?", "option": "a|b\nc"}, "answers must be without |, got '|'"),
    ("choice", {"question": "Why?", "option": ANSWERS}, "correct answer must be one of the answers, got nothing"),
]


def write(scripts: Path, cases: list[tuple[str, dict[str, str]]]) -> list[tuple[str, str]]:
    """The query and the problem of each kind with its fields."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = json.dumps([[kind, EMPTY | values] for kind, values in cases])
    command = [node.executable(), str(scripts / "program.js"), given]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return [(query, problem) for query, problem in json.loads(answer.stdout)]


def test_the_server_reads_what_the_panel_writes(scripts: Path) -> None:
    read: list[Any] = []
    for query, problem in write(scripts, GOOD):
        assert problem == ""
        question, sentences = read_question(dict(parse_qsl(query)), DEFAULT, False)
        assert sentences == []
        read.append(question and question["prediction"])
    assert [one and one["kind"] for one in read] == [None, "thrown", "lower", "mark", "choice"]
    assert read[1]["run"] == "with"
    assert read[2]["question"] == "Which? &lt;b&gt; 100 % + |"
    assert read[3]["step"] == 59
    assert (read[4]["option"], read[4]["answer"]) == (["one &amp; a half", "two"], 2)


def test_what_is_missing_is_a_sentence(scripts: Path) -> None:
    found = write(scripts, [(kind, values) for kind, values, _ in BAD])
    assert [problem for _, problem in found] == [sentence for *_, sentence in BAD]

"""A teacher's question in a link: the page asks it as a lesson's, and what is wrong with it is a sentence."""

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.app.scene.schema import DEFAULT
from cliffscape.app.web.sharing.question import read_question
from tests.app.web.test_pages import opening

CHOICE = {"ask": "choice", "ask.question": "How many?", "ask.option": "one | two|three", "ask.answer": "2"}


def refusal(query: dict[str, str], link: str = "", lesson: bool = False) -> list[str]:
    """The sentences about a question that cannot be asked."""
    question, sentences = read_question(query, from_query(parse_link(link)[0]), lesson)
    assert question is None
    return sentences


@pytest.mark.parametrize(
    ("query", "prediction"),
    [
        ({"ask": "thrown"}, {"kind": "thrown", "run": "without", "question": ""}),
        ({"ask": "lower", "ask.question": "Which?"}, {"kind": "lower", "question": "Which?"}),
        (
            {"ask": "mark", "ask.run": "with", "ask.step": "12"},
            {"kind": "mark", "run": "with", "step": 12, "question": ""},
        ),
        (CHOICE, {"kind": "choice", "question": "How many?", "option": ["one", "two", "three"], "answer": 2}),
    ],
    ids=["thrown", "lower", "mark", "choice"],
)
def test_every_kind_of_lessons_can_be_asked(query: dict[str, str], prediction: dict[str, object]) -> None:
    question, sentences = read_question({"steps": "60", **query}, DEFAULT, False)
    assert sentences == []
    assert question is not None
    assert question["prediction"] == prediction
    assert parse_link(f"?steps=7&{question['asked']}") == ({"steps": "7"}, [])


def test_texts_are_plain() -> None:
    question, _ = read_question({**CHOICE, "ask.question": "<b>?", "ask.option": "<i>|*b*"}, DEFAULT, False)
    assert question is not None
    assert question["prediction"]["question"] == "&lt;b&gt;?"
    assert question["prediction"]["option"] == ["&lt;i&gt;", "*b*"]


def test_an_answer_is_remembered_for_one_question_about_one_experiment() -> None:
    names = [
        (read_question(query, scene, False)[0] or {})["name"]
        for query in ({"ask": "thrown"}, {"ask": "lower"})
        for scene in (DEFAULT, from_query({"steps": "7"}), DEFAULT)
    ]
    assert len(set(names)) == 4


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"ask": "when"}, "ask must be one of thrown, lower, mark, choice, got 'when'"),
        ({"ask.step": "3"}, "ask must be one of thrown, lower, mark, choice, got nothing"),
        ({"ask": "mark"}, "ask.step must be given, got nothing"),
        ({"ask": "mark", "ask.step": "60"}, "ask.step must be at most 59 in a run of 60 steps, got 60"),
        ({"ask": "thrown", "ask.run": "x"}, "ask.run must be without or with, got 'x'"),
        ({"ask": "lower", "ask.run": "with"}, "ask.run must be left out for lower, got 'with'"),
        ({**CHOICE, "ask.answer": ""}, "ask.answer must be a whole number, got ''"),
        ({**CHOICE, "ask.answer": "4"}, "ask.answer must be at most 3, the number of options, got 4"),
        ({**CHOICE, "ask.option": "one"}, "ask.option must be at least 2 long, got a list of 1"),
        (
            {"ask": "thrown", "ask.question": "x" * 301},
            "ask.question must be at most 300 characters long, got 301 characters",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_sentence(query: dict[str, str], sentence: str) -> None:
    assert refusal(query) == [sentence]


def test_a_choice_without_an_answer_is_a_sentence() -> None:
    assert refusal({key: text for key, text in CHOICE.items() if key != "ask.answer"}) == [
        "ask.answer must be given, got nothing"
    ]


def test_a_question_is_about_runs_that_the_page_shows() -> None:
    assert "ask must be about runs that the page shows, here only with, got 'lower'" in refusal(
        {"ask": "lower"}, "runs=with"
    )
    assert refusal({"ask": "thrown"}, "runs=with")[0].startswith("ask.run must be about runs that the page shows")


def test_a_lesson_has_its_own_question() -> None:
    assert "in a link without a lesson" in refusal({"ask": "thrown"}, lesson=True)[0]


def test_the_page_opens_with_the_question(client: TestClient) -> None:
    data = opening(client.get("/?landscape=ravine&steps=7&embed&ask=thrown&ask.question=Why%3F").text)
    assert data["lesson"]["asked"] == "ask=thrown&ask.question=Why%3F"
    assert data["lesson"]["scene"] == data["scene"]
    assert data["notice"] == []
    data = opening(client.get("/?steps=7&ask=mark&ask.step=7").text)
    assert data["lesson"] is None
    assert data["scene"]["steps"] == 7
    assert data["notice"] == ["ask.step must be at most 6 in a run of 7 steps, got 7"]


def test_a_step_can_be_marked_on_a_curve() -> None:
    scene = from_query(parse_link("landscape=formula&landscape.text=x**2")[0])
    found, sentences = read_question({"ask": "mark", "ask.step": "1"}, scene, False)
    assert sentences == [] and found is not None and found["prediction"]["kind"] == "mark"

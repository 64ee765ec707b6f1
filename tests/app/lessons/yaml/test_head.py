"""A head in YAML is refused, and the error shows the same head in TOML."""

import tomllib

import pytest

from cliffscape.app.lessons.errors import LessonError
from cliffscape.app.lessons.lesson import parse_lesson
from cliffscape.app.lessons.yaml.head import parse_yaml
from tests.app.lessons.test_lesson import GOOD

HEAD = """title: A lesson: with a colon
claims: [3, 4]
# A comment.
scene: start=4.6,-1.7&steps=20
source: "A book, section 1"  # another comment
check: >
  It moves
  9.45 units.
quoted:
- 5 layers
- 'it''s 3'
prediction:
  kind: choice
  question: How far?
  option:
    - text: near
      most: 1
    - text: far
      least: -2.5e3
  answer: 2
fact:
  - quantity: without.thrown
    equals: true
    says: ""
  - quantity: without.thrown_length
    value: 9.45
    tolerance: 0.005
"""
MEANS = {
    "title": "A lesson: with a colon",
    "claims": [3, 4],
    "scene": "start=4.6,-1.7&steps=20",
    "source": "A book, section 1",
    "check": "It moves 9.45 units.",
    "quoted": ["5 layers", "it's 3"],
    "prediction": {
        "kind": "choice",
        "question": "How far?",
        "option": [{"text": "near", "most": 1}, {"text": "far", "least": -2500.0}],
        "answer": 2,
    },
    "fact": [
        {"quantity": "without.thrown", "equals": True, "says": ""},
        {"quantity": "without.thrown_length", "value": 9.45, "tolerance": 0.005},
    ],
}
BEGIN = "a lesson must begin with front matter between two lines +++, and this file begins with YAML. "


def refusal(text: str) -> str:
    with pytest.raises(LessonError) as refused:
        parse_lesson(text, "mine.md")
    return str(refused.value)


def test_the_error_shows_the_head_in_toml() -> None:
    said = refusal(f"---\n{HEAD}---\nBefore.\n\n<!-- reveal -->\n\nAfter.\n")
    sentence, _, toml = said.partition("\n")
    assert sentence == f"mine.md:1: {BEGIN}The same front matter in TOML is"
    assert toml.startswith('+++\ntitle = "A lesson: with a colon"\nclaims = [3, 4]\n') and toml.endswith("\n+++")
    assert tomllib.loads(toml.removeprefix("+++\n").removesuffix("\n+++")) == MEANS


def test_a_lesson_with_the_suggested_head_is_read() -> None:
    body = GOOD[GOOD.rindex("+++\n") + 4 :]
    head = HEAD.replace('    says: ""\n', "").replace("- 'it''s 3'", "- it is 3")
    _, _, toml = refusal(f"---\r\n{head}---\r\n{body}").partition("\n")
    assert parse_lesson(f"{toml}\n{body}", "mine.md").front_matter.title == MEANS["title"]


@pytest.mark.parametrize("head", ["title: {a: 1}\n", "title\n", "- a\n", 'title: "a\n', "a: &x 1\n"])
def test_a_head_that_cannot_be_rewritten_gets_an_example(head: str) -> None:
    example = 'In TOML a field is written as title = "A title", and a table begins with [prediction]'
    assert refusal(f"---\n{head}---\nText.\n") == f"mine.md:1: {BEGIN}{example}"


def test_an_empty_head_has_no_fields() -> None:
    assert parse_yaml(["", "# only a comment"]) == {}

"""Lessons: a file is parsed, or its faults are reported with their lines."""

import pytest

from cliffscape.app.lessons.errors import LessonError
from cliffscape.app.lessons.lesson import Lesson, parse_lesson
from cliffscape.app.scene.links import from_query

GOOD = """+++
title = "A lesson"
claims = [3]
scene = "start=4.6,-1.7&steps=20"
source = "A book, section 1"
check = "It moves 9.45 units."

[prediction]
kind = "thrown"

[[fact]]
quantity = "without.thrown_length"
value = 9.45
tolerance = 0.005
says = "9.45 units"
+++
Before, with $x^2$ and <b>no markup</b>.

<!-- reveal -->

After.
"""
Edit = tuple[str, str]


def read(*edits: Edit, file: str = "01-good.md") -> Lesson:
    """The good lesson with some of its text replaced."""
    text = GOOD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_lesson(text, file)


def test_a_good_file_is_a_lesson() -> None:
    made = read()
    assert (made.name, made.front_matter.title, made.front_matter.claims) == ("01-good", "A lesson", (3,))
    assert made.scene == from_query({"start": "4.6,-1.7", "steps": "20"})
    assert (made.body.strip(), made.reveal.strip()) == ("Before, with $x^2$ and <b>no markup</b>.", "After.")


def test_the_content_of_a_lesson_is_html_and_raw_html_is_text() -> None:
    content = read(('title = "A lesson"', 'title = "A <i>lesson</i>"')).content
    assert content["title"] == "A <i>lesson</i>"  # the page writes it as text
    assert content["body"].startswith("<p>Before, with <math")
    assert "&lt;b&gt;no markup&lt;/b&gt;" in content["body"]
    assert content["prediction"] == {"kind": "thrown", "run": "without", "question": ""}
    assert content["scene"]["steps"] == 20
    assert "fact" not in content


def test_a_whole_link_is_a_scene_too() -> None:
    assert read(('"start=4.6', '"http://127.0.0.1:8000/?start=4.6')).scene == read().scene


THROWN = '[prediction]\nkind = "thrown"\n'
MARK = '[prediction]\nkind = "mark"\nstep = 19\n'
CHOICE = """[prediction]
kind = "choice"
question = "How far?"
option = [{ text = "near", most = 1 }, { text = "far", least = 9 }]
answer = 2
quantity = "without.thrown_length"
"""


@pytest.mark.parametrize("prediction", [THROWN, MARK, CHOICE, '[prediction]\nkind = "lower"\n'])
def test_every_kind_of_prediction_is_parsed(prediction: str) -> None:
    made = read((THROWN, prediction))
    content = made.content["prediction"]
    assert content["kind"] == made.front_matter.prediction.kind
    assert "quantity" not in content


def test_a_choice_names_its_options_and_its_answer() -> None:
    assert read((THROWN, CHOICE)).content["prediction"]["option"] == ["near", "far"]
    assert read((THROWN, CHOICE)).content["prediction"]["answer"] == 2


BAD: list[tuple[str, list[Edit], list[str]]] = [
    ("no title", [('title = "A lesson"\n', "")], ["01-good.md:2: title must be given, got nothing"]),
    (
        "no check",
        [('check = "It moves 9.45 units."\n', ""), ('says = "9.45 units"\n', "")],
        [":2: check must be given, got nothing"],
    ),
    ("a claim out of bounds", [("[3]", "[3, 18]")], ["01-good.md:3: claims must be at most 17, got 18"]),
    (
        "a scene out of bounds",
        [("&steps=20", "&clip.threshold=1e9")],
        ["01-good.md:4: clip.threshold must be at most 1000, got 1e9"],
    ),
    (
        "two wrong things in a scene",
        [("&steps=20", "&steps=0&optimizer=magic")],
        ["01-good.md:4: optimizer must be one of gradient_descent, ", "4: steps must be at least 1, got 0"],
    ),
    ("unknown name in a scene", [("&steps=20", "&stepz=2")], ["01-good.md:4: stepz is unknown; the known names are "]),
    (
        "an unknown kind of prediction",
        [('kind = "thrown"', 'kind = "guess"')],
        ["01-good.md:9: prediction.kind must be one of thrown, lower, mark, choice, got 'guess'"],
    ),
    ("a prediction without a kind", [('kind = "thrown"\n', "")], [":8: prediction.kind must be one of thrown, "]),
    ("no prediction", [(THROWN, "")], ["01-good.md:2: prediction must be given, got nothing"]),
    ("no fact", [(GOOD[GOOD.index("[[fact]]") : GOOD.index("+++\nBefore")], "")], [":2: fact must be given"]),
    ("a mark without a step", [(THROWN, '[prediction]\nkind = "mark"\n')], [":8: prediction.step must be given"]),
    (
        "a mark beyond the run",
        [(THROWN, MARK.replace("19", "20"))],
        ["01-good.md:10: prediction.step must be at most 19 in a run of 20 steps, got 20"],
    ),
    (
        "a run that is not shown",
        [("&steps=20", "&runs=with")],
        ["01-good.md:8: prediction.run must be about runs that the scene shows, got 'without'"],
    ),
    (
        "runs that are not both shown",
        [("&steps=20", "&runs=with"), (THROWN, '[prediction]\nkind = "lower"\n')],
        ["01-good.md:9: prediction.kind must be about runs that the scene shows, got 'lower'"],
    ),
    (
        "a run that is none",
        [('kind = "thrown"', 'kind = "thrown"\nrun = "both"')],
        ["01-good.md:10: prediction.run must be without or with, got 'both'"],
    ),
    (
        "an answer that is none",
        [(THROWN, CHOICE.replace("answer = 2", "answer = 3"))],
        ["01-good.md:12: prediction.answer must be at most 2, the number of options, got 3"],
    ),
    (
        "an option with an unknown field",
        [(THROWN, CHOICE.replace("most = 1", "mots = 1"))],
        ["prediction.option.mots must be one of the known fields: text, least, most, got 1"],
    ),
    (
        "a quantity that is held to nothing",
        [(THROWN, CHOICE.replace(", least = 9", ""))],
        ["01-good.md:13: prediction.quantity must be bounded by "],
    ),
    (
        "a fact that does not parse",
        [('"without.thrown_length"', '"without thrown"')],
        ["01-good.md:12: fact.quantity must be one such as "],
    ),
    (
        "a fact that states nothing",
        [("value = 9.45\ntolerance = 0.005\n", "")],
        ["01-good.md:12: fact.quantity must be stated by value and tolerance, "],
    ),
    (
        "a fact that states two things",
        [("value = 9.45", "value = 9.45\nleast = 9")],
        ["fact.quantity must be stated by value and tolerance, by least or most, or by "],
    ),
    (
        "a value without tolerance",
        [("tolerance = 0.005\n", "")],
        ["01-good.md:13: fact.value must be given together with tolerance, got 9.45"],
    ),
    ("a negative tolerance", [("0.005", "-1")], ["01-good.md:14: fact.tolerance must be at least 0, got -1"]),
    ("a value that is text", [("9.45\n", '"far"\n')], ["01-good.md:13: fact.value must be a number, got 'far'"]),
    ("a value that is no number", [("9.45\n", "nan\n")], [":13: fact.value must be a finite number, got NaN"]),
    (
        "words that are not in the text",
        [("moves 9.45", "moves 9.54")],
        ["01-good.md:15: fact.says must be in the lesson's text, got '9.45 units'"],
    ),
    (
        "a fact's own scene out of bounds",
        [('says = "9.45 units"', 'scene = "steps=0"')],
        ["01-good.md:15: steps must be at least 1, got 0"],
    ),
    ("an unknown field", [("claims", "claim")], ["01-good.md:3: claim must be one of the known fields: "]),
    ("broken TOML", [("claims = [3]", "claims = [3")], ["01-good.md:4: the front matter must be TOML: "]),
    (
        "TOML that ends too soon",
        [('says = "9.45 units"', "says =")],
        ["01-good.md:15: the front matter must be TOML: "],
    ),
    (
        "no front matter",
        [("+++\n", "---\n")],
        ["01-good.md:1: a lesson must begin with front matter between two lines +++"],
    ),
    (
        "front matter without an end",
        [("+++\nBefore", "Before")],
        ["01-good.md:1: a lesson must begin with front matter"],
    ),
    ("no reveal", [("<!-- reveal -->", "")], [":17: the text must have one line <!-- reveal -->, and there is none"]),
    (
        "two reveals",
        [("After.", "After.\n<!-- reveal -->")],
        [":17: the text must have one line", "line 22 is a second one"],
    ),
    ("two reveals without spaces", [("<!-- reveal -->", "<!--reveal-->\n<!--reveal-->")], ["line 20 is a second one"]),
    ("no text before", [("Before, with $x^2$ and <b>no markup</b>.", "")], [":17: there must be text before the line"]),
    ("no text after", [("After.", "")], ["01-good.md:20: there must be text after the line <!-- reveal -->"]),
    ("a broken formula", [("$x^2$", r"$\frac{$")], [r"01-good.md:17: formula must be one that can be read ("]),
    (
        "an unknown command",
        [("After.", r"After $\nope$.")],
        [r":21: formula must be made of known commands (\nope is not known), got $\nope$"],
    ),
]


@pytest.mark.parametrize(("edits", "said"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_file_is_reported_with_line_field_value_and_bound(edits: list[Edit], said: list[str]) -> None:
    with pytest.raises(LessonError) as refused:
        read(*edits)
    text = str(refused.value)
    assert all(line.startswith("01-good.md:") for line in text.splitlines())
    for part in said:
        assert part in text


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(LessonError) as refused:
        read(("[3]", "[0]"), ('kind = "thrown"', 'kind = "guess"'), ("0.005", "-1"))
    assert [fault.line for fault in refused.value.faults] == [3, 9, 14]


@pytest.mark.parametrize("file", ["A lesson.md", "-x.md", "x" * 65 + ".md", "ü.md", ".md"])
def test_a_files_name_is_part_of_a_link(file: str) -> None:
    with pytest.raises(LessonError, match="the file's name must be small letters, digits and hyphens"):
        read(file=file)


@pytest.mark.parametrize("text", ["", "\n \n", "+++", "+++\n+++", "\x00", "+++\n\x00\n+++\na\n<!-- reveal -->\nb"])
def test_any_text_gives_a_lesson_or_faults(text: str) -> None:
    with pytest.raises(LessonError, match=r"^x\.md:\d+: "):
        parse_lesson(text, "x.md")

"""Faults of a lesson's text: each with its line, and those of formulas with their column."""

from pathlib import Path

import pytest

from cliffscape.app.lessons.errors import LessonError
from cliffscape.app.lessons.lesson import parse_lesson
from tests.app.lessons.test_lesson import CHOICE, GOOD, THROWN


def unknown_command(formula: str) -> str:
    r"""The fault of a formula with the unknown command ``\nope``."""
    return rf"formula must be made of known commands (\nope is not known), got {formula}"


FORMULAS = [
    (
        r"Text $a$ and $x + \nope$.",
        17,
        19,
        unknown_command(r"$x + \nope$"),
    ),
    (r"First $\nope$.", 17, 8, unknown_command(r"$\nope$")),
    (
        "Text\nwith $a\n= \\nope$.",
        19,
        3,
        unknown_command(r"$a = \nope$"),
    ),
    ("Text\nwith $a\n+ b$.", 18, 6, r"$a must be closed by another dollar sign in the same paragraph; \$ is a dollar"),
    ("$$\na\n+ \\nope\n$$", 19, 3, unknown_command(r"$a + \nope$")),
    (
        "- item\n\n  > $$\n  > a\n  > \\nope\n  > $$",
        21,
        5,
        unknown_command(r"$a \nope$"),
    ),
    (
        "| a | b |\n|---|---|\n| $|x|$ | $|y| \\nope$ |",
        19,
        16,
        unknown_command(r"$|y| \nope$"),
    ),
    (
        "[$x$](?steps=7) and $\\nope$",
        17,
        22,
        unknown_command(r"$\nope$"),
    ),
    ("**$x$**, *$\\nope$*", 17, 12, unknown_command(r"$\nope$")),
    ("Text\n\n$$ x = 1", 19, 1, "$$ must be closed by two more in the same paragraph"),
    ("$a \\\\ b$", 17, 4, r"formula must be in an environment such as aligned"),
]


def faults(text: str, folder: Path | None = None) -> list[str]:
    """The faults of the good lesson with a text of its own."""
    with pytest.raises(LessonError) as refused:
        parse_lesson(GOOD.replace("Before, with $x^2$ and <b>no markup</b>.", text), "own.md", folder)
    return str(refused.value).splitlines()


@pytest.mark.parametrize(("text", "line", "column", "said"), FORMULAS, ids=[text for text, *_ in FORMULAS])
def test_a_fault_of_a_formula_has_its_line_and_column(text: str, line: int, column: int, said: str) -> None:
    [fault] = faults(text)
    assert fault.startswith(f"own.md:{line}: {said}")
    assert fault.endswith(f" (column {column})")


def test_all_formulas_are_checked() -> None:
    assert [fault.split(":")[1] for fault in faults("$\\nope$ and\n$\\nope$\n\n$$\\nope$$")] == ["17", "18", "20"]


@pytest.mark.parametrize("check", [r'"It moves 9.45 units, $x \\nope$."', r"'It moves 9.45 units, $x \nope$.'"])
def test_formulas_of_the_front_matter_are_found_in_both_kinds_of_strings(check: str) -> None:
    with pytest.raises(LessonError) as refused:
        parse_lesson(GOOD.replace('"It moves 9.45 units."', check), "own.md")
    said = r"own.md:6: formula must be made of known commands (\nope is not known), got $x \nope$ (column 34)"
    assert str(refused.value) == said


def test_formulas_of_options_are_checked() -> None:
    with pytest.raises(
        LessonError, match=r"own.md:11: formula must be made of known commands \(\\nope is not known\), got \$\\nope\$"
    ):
        parse_lesson(GOOD.replace(THROWN, CHOICE.replace('"near"', r"'$\nope$'")), "own.md")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Text\nand [x](?clip=bogus)", "own.md:18: clip must be one of none, "),
        ("[x](/?steps=0)", "own.md:17: steps must be at least 1, got 0"),
        ("[x](./?steps=0)", "own.md:17: steps must be at least 1, got 0"),
        ("[x](?stepz=7)", "own.md:17: stepz is unknown; the known names are "),
        ("- [x](?steps=7)\n- [*y*\n  z][1]\n\n[1]: ?steps=0", "own.md:18: steps must be at least 1, got 0"),
        ("![x](?steps=7)", "own.md:17: image must be a file in the lesson's folder, got '?steps=7'"),
    ],
)
def test_a_link_in_the_text_must_be_a_scene(text: str, said: str) -> None:
    [fault] = faults(text)
    assert fault.startswith(said)


def test_good_links_pass() -> None:
    text = "[a](?steps=7&utm_source=x#map), [b](https://example.org/?clip=bogus), [c](#top), `[d](?clip=bogus)`"
    text += ", $5, \\$x, `$x`"
    assert parse_lesson(GOOD.replace("Before, with $x^2$", text), "own.md")


def test_a_missing_image_is_a_fault_with_its_line(tmp_path: Path) -> None:
    [fault] = faults("Text\n![a](nowhere.png)", tmp_path)
    assert fault == (
        "own.md:18: image must be a file in the lesson's folder (No such file or directory), got 'nowhere.png'"
    )

"""Markdown with formulas, where raw HTML is text."""

import pytest

from cliffscape.app.lessons.markdown import to_html, to_inline_html
from cliffscape.app.lessons.mathml import FormulaError


def test_paragraphs_emphasis_and_formulas() -> None:
    text = to_html("The *step* is $\\epsilon g$ long.\n\nSecond.")
    assert text.startswith("<p>The <em>step</em> is <math")
    assert text.endswith("</math> long.</p>\n<p>Second.</p>\n")


def test_inline_markdown_has_no_paragraph() -> None:
    assert to_inline_html("about **9** units") == "about <strong>9</strong> units"


def test_quotes_are_curly_but_not_in_formulas() -> None:
    assert to_html('The "net\'s" own') == "<p>The “net’s” own</p>\n"
    assert "’" not in to_inline_html("$L'$")


def test_two_dollar_signs_give_a_display_formula() -> None:
    assert 'display="block"' in to_html("$$x = 1$$")


@pytest.mark.parametrize("money", ["It costs $5 or $6.", "One $ alone", "\\$x\\$", "$$$$", "$ x $"])
def test_money_is_not_a_formula(money: str) -> None:
    assert "<math" not in to_html(money)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "before <img src=x onerror=alert(1)> after",
        "<!-- hidden -->",
        '<a href="javascript:alert(1)">x</a>',
    ],
)
def test_raw_html_is_shown_as_text(attack: str) -> None:
    text = to_html(attack)
    assert "&lt;" in text
    assert set(tags(text)) <= {"p"}


def tags(text: str) -> list[str]:
    return [part.partition(">")[0].strip("/").split()[0] for part in text.split("<")[1:]]


def test_links_cannot_run_scripts_and_images_are_removed() -> None:
    assert "href" not in to_html("[x](javascript:alert(1))")
    assert "<img" not in to_html("![x](https://example.org/x.png)")
    assert 'href="?optimizer=adam"' in to_html("[Adam](?optimizer=adam)")


def test_a_broken_formula_is_an_error() -> None:
    with pytest.raises(FormulaError):
        to_html(r"$\frac{$")

"""Markdown with formulas, where raw HTML is text."""

from xml.etree import ElementTree

import pytest

from cliffscape.app.lessons.formula_syntax import FormulaError
from cliffscape.app.lessons.markdown import to_html, to_inline_html


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
    # Relative, so that it works behind a proxy that serves the page under a path.
    assert '<a href="?optimizer=adam" title="t">' in to_html('[Adam](/?optimizer=adam "t")')
    assert '<a href="?optimizer=adam">' in to_html("[Adam](./?optimizer=adam)")


def test_a_broken_formula_is_an_error() -> None:
    with pytest.raises(FormulaError):
        to_html(r"$\frac{$")


def cells(markdown: str) -> list[str]:
    """The texts of a table's cells."""
    table = ElementTree.fromstring(to_html(markdown))
    return ["".join(cell.itertext()) for cell in table.iter() if cell.tag in ("th", "td")]


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        ("| $|g|$ | 1 |", ["|g|", "1"]),
        (r"| $\left|x\right| + |y|$ and $\|z\|$ | 2 |", ["|x|+|y| and ‖z‖", "2"]),
        ("| $$|g|$$ | 3 |", ["|g|", "3"]),
        ("| $5 | $6 |", ["$5", "$6"]),
        ("| $5|$6 |", ["$5", "$6"]),
        (r"| \$a | b$ |", ["$a", "b$"]),
    ],
)
def test_a_bar_in_a_formula_does_not_end_a_cell(row: str, texts: list[str]) -> None:
    assert cells(f"| a | b |\n|---|---|\n{row}\n") == ["a", "b", *texts]


def test_bars_outside_of_tables_stay() -> None:
    assert to_html("`$|x|$`\n\n```\n$|x|$\n```") == "<p><code>$|x|$</code></p>\n<pre><code>$|x|$\n</code></pre>\n"


@pytest.mark.parametrize("prefix", ["", "> ", "  "])
@pytest.mark.parametrize("line", ["+ b", "- b", "= b", "> b", r"\begin{aligned}c&=d\\e&=f\end{aligned}"])
def test_lines_of_a_displayed_formula_are_no_other_markup(line: str, prefix: str) -> None:
    text = to_html("\n".join(f"{prefix}{one}" for one in ("Before", "$$", "a", line, "$$", "after")))
    assert text.count('<math display="block">') == 1
    assert set(tags(text)) & {"ul", "h1", "li"} == set()


def test_images_of_the_lesson_are_shown_and_others_described() -> None:
    images = {"plot.png": "/lesson-images/1.png"}
    assert to_html('![a <b>"plot"](plot.png)', images) == (
        '<p><img src="/lesson-images/1.png" alt="a &lt;b&gt;&quot;plot&quot;"></p>\n'
    )
    assert to_html("![a <b>](other.png)", images) == "<p>a &lt;b&gt;</p>\n"

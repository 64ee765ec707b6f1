"""Formulas: the expected MathML, and no other markup."""

import re
from xml.etree import ElementTree

import pytest

from cliffscape.app.lessons.formula_syntax import FormulaError
from cliffscape.app.lessons.mathml import typeset

MATHML = "{http://www.w3.org/1998/Math/MathML}"
USED = [
    (r"\lVert g \rVert > v", "‖g‖>v"),
    (r"x_t = w\,\sigma(x_{t-1}) + b", "xt=wσ(xt−1)+b"),
    (r"\theta \leftarrow \theta - \epsilon g", "θ←θ−ϵg"),
    (r"\min(v/3,\ 2.5)", "min(v/3, 2.5)"),
]


def words(markup: str) -> str:
    return "".join("".join(ElementTree.fromstring(markup).itertext()).split("\u2061"))


@pytest.mark.parametrize(("formula", "text"), USED)
def test_a_formula_reads_as_it_was_meant(formula: str, text: str) -> None:
    assert words(typeset(formula)).replace("\xa0", " ") == text


def test_a_fraction_is_a_fraction() -> None:
    root = ElementTree.fromstring(typeset(r"\frac{L'}{L''}"))
    [fraction] = root.iter("mfrac") if root.tag == "math" else root.iter(f"{MATHML}mfrac")
    assert len(fraction) == 2


def test_display_formulas_are_marked() -> None:
    assert 'display="block"' in typeset("x", display=True)
    assert 'display="inline"' in typeset("x")


@pytest.mark.parametrize("attack", [r"\text{<script>alert(1)</script>}", "<img src=x onerror=alert(1)>"])
def test_nothing_in_a_formula_becomes_other_markup(attack: str) -> None:
    root = ElementTree.fromstring(typeset(attack))
    assert words(typeset(attack)) in (attack.replace(" ", ""), attack[6:-1])
    assert {element.tag.removeprefix(MATHML) for element in root.iter()} <= {"math", "mrow", "mi", "mo", "mn", "mtext"}
    spacing = {"lspace", "rspace"}
    assert {name for element in root.iter() for name in element.attrib} <= {"xmlns", "display", "stretchy"} | spacing


@pytest.mark.parametrize(
    "attack",
    [
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(//x)}{x}",
        r"\class{notice}{x}",
        r"\color{red;background:url(//x)}x",
        r"\eqref{x}",
    ],
)
def test_commands_that_write_markup_are_refused(attack: str) -> None:
    with pytest.raises(FormulaError):
        typeset(attack)


@pytest.mark.parametrize(
    "formula", [r"\frac{", "{", r"\left( x", "x_", "^", "a & b", "x^2^3", r"\begin{foo}a\end{foo}"]
)
def test_a_broken_formula_is_reported_with_its_text(formula: str) -> None:
    with pytest.raises(FormulaError, match="must be one that can be read") as refused:
        typeset(formula)
    assert str(refused.value).endswith(f", got ${formula}$")


def test_an_unknown_command_is_named() -> None:
    with pytest.raises(FormulaError, match=r"known commands \(\\nope is not known\)"):
        typeset(r"\nope{x}")


def rows(formula: str) -> list[list[str]]:
    """The cells of a formula's table."""
    [table] = ElementTree.fromstring(typeset(formula, display=True)).iter("mtable")
    return [["".join(cell.itertext()).replace("\xa0", " ") for cell in row] for row in table]


@pytest.mark.parametrize(
    ("formula", "cells"),
    [
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", [["a", "=b"], ["c", "=d"]]),
        (r"\begin{aligned}a&=b\\c&=d\\\end{aligned}", [["a", "=b"], ["c", "=d"]]),
        (r"f = \begin{cases}x & \text{if } x > 0\\0 & \text{else}\end{cases}", [["x", "if x>0"], ["0", "else"]]),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", [["1", "2"], ["3", "4"]]),
        (r"\begin{array}{l|r}a&b\\\hline c&d\end{array}", [["a", "b"], ["c", "d"]]),
        (r"\begin{gathered}a\\b\end{gathered}", [["a"], ["b"]]),
    ],
)
def test_rows_and_columns_are_a_table(formula: str, cells: list[list[str]]) -> None:
    assert rows(formula) == cells


def test_the_columns_of_aligned_meet_at_the_ampersand() -> None:
    """Browsers ignore the attributes for this, and heed only styles."""
    markup = typeset(r"\begin{aligned}a&=b\end{aligned}")
    assert re.findall(r'<mtd style="text-align: (\w+)', markup) == ["right", "left"]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"\boldsymbol{\theta}", "𝜽"),
        (r"\boldsymbol{w}_t", "𝒘t"),
        (r"\mathbf{W}\mathbf{1}", "𝐖𝟏"),
        (r"\mathbb{E}", "𝔼"),
        (r"\operatorname*{arg\,min}_\theta L", "arg minθL"),
        (r"\operatorname{clip}(g)", "clip(g)"),
        (r"\underbrace{a+b}_{n}", "a+b⏟n"),
        (r"\text{a } x", "a x"),
    ],
)
def test_letters_are_drawn_as_they_are_meant(formula: str, text: str) -> None:
    """Browsers ignore ``mathvariant``, so bold letters are characters of their own."""
    assert words(typeset(formula)).replace("\u2009", " ").replace("\xa0", " ") == text


def test_limits_are_below_in_a_displayed_formula() -> None:
    for formula in (r"\operatorname*{arg\,min}_x f", r"\lim_{x \to 0} f", r"\sum_i x_i"):
        assert "<munder>" in typeset(formula, display=True)


@pytest.mark.parametrize(("command", "edge"), [("underline", "bottom"), ("overline", "top")])
def test_lines_at_letters_are_borders(command: str, edge: str) -> None:
    assert f'<mrow style="border-{edge}: 0.05em' in typeset(rf"\{command}{{x + z}}")


@pytest.mark.parametrize(
    ("formula", "markup"),
    [
        ("x'", "<mrow><mi>x</mi>{}</mrow>"),
        ("x_i'", "<msub><mrow><mi>x</mi>{}</mrow><mi>i</mi></msub>"),
        ("x'^2", "<msup><mrow><mi>x</mi>{}</mrow><mrow><mn>2</mn></mrow></msup>"),
    ],
)
def test_primes_are_behind_the_letter_in_its_size(formula: str, markup: str) -> None:
    assert markup.format('<mo lspace="0" rspace="0">′</mo>') in typeset(formula)


def test_a_prime_within_a_superscript_stays_there() -> None:
    assert '<msup><mi>x</mi><mrow><mrow><mi>a</mi><mo lspace="0" rspace="0">′</mo></mrow></mrow></msup>' in typeset(
        "x^{a'}"
    )


@pytest.mark.parametrize(("command", "accent"), [("vec", "→"), ("dddot", "..."), ("ddddot", "....")])
def test_accents_are_signs_that_browsers_centre(command: str, accent: str) -> None:
    assert f'style="font-size: 0.6em">{accent}</mo></mover>' in typeset(rf"\{command} v")


def test_a_box_is_a_border() -> None:
    assert "border: 1px solid" in typeset(r"\boxed{x}")

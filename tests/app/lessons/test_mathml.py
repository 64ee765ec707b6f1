"""Formulas: the expected MathML, and no other markup."""

from xml.etree import ElementTree

import pytest

from cliffscape.app.lessons.mathml import FormulaError, typeset

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


@pytest.mark.parametrize(
    "attack",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(//x)}{x}",
        r"\class{notice}{x}",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_nothing_in_a_formula_becomes_other_markup(attack: str) -> None:
    root = ElementTree.fromstring(typeset(attack))
    assert {element.tag.removeprefix(MATHML) for element in root.iter()} <= {"math", "mrow", "mi", "mo", "mn", "mtext"}
    assert {name for element in root.iter() for name in element.attrib} <= {"xmlns", "display", "stretchy"}


@pytest.mark.parametrize("formula", [r"\frac{", "{", r"\left( x", "x_", "^"])
def test_a_broken_formula_is_reported_with_its_text(formula: str) -> None:
    with pytest.raises(FormulaError, match="must be a formula that can be read"):
        typeset(formula)


def test_an_unknown_command_is_named() -> None:
    with pytest.raises(FormulaError, match=r"known commands, and \\nope is none"):
        typeset(r"\nope{x}")

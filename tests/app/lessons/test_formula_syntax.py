"""Formula syntax: what the converter would typeset differently from LaTeX is refused, with its place."""

import pytest

from cliffscape.app.lessons.formula_syntax import LONGEST, FormulaError
from cliffscape.app.lessons.mathml import typeset

REFUSED = [
    (r"a \\ b", 2, r"in an environment such as aligned if it has \\"),
    (r"\begin{aligned}a\\[1ex]b\end{aligned}", 18, r"without options after \\"),
    (r"\begin{aligned}[t]a\end{aligned}", 15, r"without an option after \begin{aligned}"),
    (r"x + \begin{align}a&=b\end{align}", 4, "without numbered lines: align* is align without numbers"),
    (r"\begin{cases}a&b&c\end{cases}", 16, "one in which a row of cases has at most 2 columns"),
    (r"\begin{array}{ll}a&b\\a&b&c\end{array}", 25, "one in which a row of array has at most 2 columns"),
    (r"\newcommand{\x}{y}\x", 0, r"without definitions such as \newcommand"),
    (r"\def\x{\x\x}\x", 0, r"without definitions such as \def"),
    (r"50% of x", 2, r"without comments, which begin with %; a percent sign is written \%"),
    (r"a \middle| b", 2, r"one in which \middle is between \left and \right"),
    (r"\cancel{x}", 0, r"without \cancel"),
    (r"\sum_{\substack{i\\j}}", 6, r"without \substack; lines are stacked by \begin{subarray}{c} and \end{subarray}"),
    (r"x\tag{1}", 1, r"without numbers of lines such as \tag"),
    (r"x + \boldsymbol{0}", 4, r"bold only on letters, and 0 is not a letter (\mathbf makes digits bold)"),
    (r"\bm{x+y}", 0, r"bold only on letters, and + is not a letter (\mathbf makes digits bold)"),
    ("x\x01", 1, "without control characters"),
    (r"\operatorname<", 0, "one that can be read (its MathML is broken)"),
    (r" ", 0, "more than spaces"),
    (r"x\nope", 1, r"made of known commands (\nope is not known)"),
    (r"½\begin{foo}a\end{foo}", 7, 'one that can be read (Unknown environment "foo")'),
    (r"\frac{1}{2", 10, 'one that can be read (Expected closing token "}", but reached end of input)'),
]


@pytest.mark.parametrize(("formula", "index", "bound"), REFUSED, ids=[formula for formula, _, _ in REFUSED])
def test_what_would_look_wrong_is_refused_with_its_place(formula: str, index: int, bound: str) -> None:
    with pytest.raises(FormulaError) as refused:
        typeset(formula, display=True)
    assert (refused.value.index, refused.value.bound) == (index, bound)


@pytest.mark.parametrize(
    "formula",
    [
        r"\begin{cases}a&b\\c&d\end{cases}",
        r"\begin{aligned}a&=b&c&=d\end{aligned}",
        r"\begin{aligned}a&=\begin{pmatrix}1\\2\end{pmatrix}\\b&=c\end{aligned}",
        r"\left( a \middle| b \right)",
        r"\boldsymbol{\hat\theta}, \bm{\Sigma}, \boldsymbol{W x}",
        r"\begin{align*}a&=b\end{align*}",
        r"\% \& \# \$ \_ \{ \}",
    ],
)
def test_what_looks_as_in_latex_is_typeset(formula: str) -> None:
    assert typeset(formula, display=True)


def test_displayed_environments_are_refused_within_a_line() -> None:
    with pytest.raises(FormulaError, match="between two dollar signs on each side, since it has align"):
        typeset(r"\begin{align*}a&=b\end{align*}")


@pytest.mark.parametrize("formula", ["{" * 30_000, "x^" * 9000, r"\sqrt" * 9000, "x" * (LONGEST + 1)])
def test_a_long_formula_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError, match=f"at most {LONGEST} characters long, got"):
        typeset(formula)


@pytest.mark.parametrize("part", ["{", r"\sqrt", r"\left(", "x^{", r"\frac{", r"\hat"])
def test_a_deeply_nested_formula_is_typeset_or_refused(part: str) -> None:
    try:
        typeset(part * (LONGEST // len(part)))
    except FormulaError as error:
        assert len(str(error)) < 300

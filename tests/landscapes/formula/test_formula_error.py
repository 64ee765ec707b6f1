"""The error of a formula."""

from cliffscape.landscapes.formula.formula_error import FormulaError


def test_the_sentence_names_the_bound_the_place_and_the_part() -> None:
    error = FormulaError("x ^ y", "with the operators + and -", 2, 7)
    assert str(error) == "landscape.text must be a formula with the operators + and - (line 2, column 7), got x ^ y"
    assert (error.line, error.column, error.field) == (2, 7, "landscape.text")

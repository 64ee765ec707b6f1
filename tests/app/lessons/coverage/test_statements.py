"""Statements: which numbers and words of a text state a quantity, and what covers them."""

import pytest

from cliffscape.app.lessons.coverage.statements import Gap, sentence_around, uncovered, written_numbers


def statements(text: str, *quotations: str, numbers: set[float] | None = None) -> list[str]:
    return [one[0] for one in uncovered(text, quotations, numbers or set())]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("It moves 9.45 units.", ["9.45"]),
        ("Half of the runs, and fewer than a third of the others.", ["Half", "fewer than", "a third"]),
        ("A chain twice as long, and the error halves.", ["twice", "halves"]),
        ("Most starts converge, nearly all at once.", ["Most", "nearly"]),
        ("One tenth is almost nothing.", ["One tenth", "almost"]),
        # Ordinal numbers and superlatives state no quantity.
        ("The third example is the most important.", []),
        # Nor do figures, exponents, indices, addresses and code.
        ("In figure 10.17 and eqs. 10.48 and 10.49, $x^2 + y_1$ [here](?steps=12) `k = 3`.", []),
    ],
)
def test_numbers_and_quantity_words_are_found(text: str, stated: list[str]) -> None:
    assert statements(text) == stated


def test_a_quotation_covers_what_it_contains_across_lines() -> None:
    assert statements("In fewer than\na third of 20 runs.", "fewer than a third") == ["20"]
    assert statements("In fewer than\na third of 20 runs.", "fewer than", "20 runs") == ["a third"]


def test_a_known_number_needs_no_quotation_and_has_no_sign() -> None:
    assert written_numbers("−179 or 1,000") == {179, 1000}
    assert statements("It falls by −179 in 1,000 steps.", numbers={179, 1000}) == []


def test_a_gap_names_file_line_word_and_sentence() -> None:
    text = "First.\nMost runs\nconverge. Last."
    assert sentence_around(text, text.index("Most")) == "Most runs converge."
    gap = Gap("own.md", 7, "Most", "Most runs converge.")
    assert str(gap) == "own.md:7: no fact, setting or quotation has 'Most': Most runs converge."

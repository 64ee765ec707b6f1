"""Sentences about logs."""

import re

import pytest

from cliffscape.app.advice.sentences import SENTENCES, percent, sentence, statement_sentence
from cliffscape.landscapes.advice.recommendation import Statement


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_begin_with_a_capital_or_a_number_and_end_with_a_full_stop(name: str) -> None:
    assert re.match(r"[A-Z{]", SENTENCES[name]) and SENTENCES[name].endswith(".")


def test_numbers_are_filled_in() -> None:
    assert sentence("one_in", {"every": 10.0}).startswith("One step in 10 is logged.")
    assert sentence("repeated", {"repeated": 1}).startswith("1 record has the step")
    assert sentence("repeated", {"repeated": 2}).startswith("2 records have the step")


def test_spikes_after_which_the_loss_was_higher_have_another_sentence() -> None:
    values = {"count": 3, "largest": 20.0, "step": 7.0, "raised": 0, "longest": 0}
    assert "did not stay higher" in statement_sentence(Statement("recovered", values))
    assert "after 2 of them" in statement_sentence(Statement("recovered", {**values, "raised": 2, "longest": 40}))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1e-5, "< 0.1 %"),
        (0.004, "0.4 %"),
        (0.35, "35 %"),
        (0.885, "89 %"),
        (0.995, "99.5 %"),
        (0.9999, "> 99.9 %"),
        (1, "100 %"),
    ],
)
def test_percentages(share: float, text: str) -> None:
    assert percent(share) == text

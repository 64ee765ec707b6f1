"""The table of headlines: one sentence for every outcome, chosen by a clause that the outcome always has."""

import pytest

from cliffscape.landscapes.descent.headline import HEADLINES
from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.descent.verdict import CLAUSES

# The clause that every run with the outcome has.
ALWAYS = {"converged": "end", "not_converged": "end", "stalled": "end", "thrown": "thrown", "diverged": "nonfinite"}


def test_every_outcome_has_headlines() -> None:
    assert tuple(sorted(HEADLINES)) == tuple(sorted(OUTCOMES))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_headlines_are_sentences_of_known_clauses(outcome: str) -> None:
    sentences = HEADLINES[outcome]
    assert {name for names in sentences for name in names.split()} <= set(CLAUSES)
    assert list(sentences)[-1] == ALWAYS[outcome]
    assert all(sentence.endswith(".") and ". " not in sentence for sentence in sentences.values())

"""The reader of docs/claims.md: a wrong number in a row fails, and so do facts without a row."""

from pathlib import Path

import pytest

from cliffscape.app.lessons.coverage.gaps import check_statements
from cliffscape.app.lessons.texts.claims import CLAIMS, preset_choices, read_claims
from cliffscape.landscapes.bound_error import BoundError

TABLE = CLAIMS.read_text(encoding="utf-8")


def edited(folder: Path, old: str, new: str) -> Path:
    """The file of claims with one text replaced."""
    assert TABLE.count(old) == 1
    path = folder / "claims.md"
    path.write_text(TABLE.replace(old, new), encoding="utf-8")
    return path


def failures(path: Path, claim: int) -> list[str]:
    """What ``check-lessons`` says of one row, if it does not hold."""
    return [str(found) for found in check_statements([], False, [read_claims(path)[claim - 1]]) if not found.holds]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # In the row alone: no fact has the number, and the words of its fact are gone.
        ("grows 35-fold", "grows 36-fold", ["has '36'", "'35-fold', found no such words"]),
        # In the fact alone.
        ('says = "35-fold"', 'says = "36-fold"', ["has '35'", "'36-fold', found no such words", "found 34.777"]),
    ],
)
def test_a_wrong_number_in_a_row_fails(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    found = failures(edited(tmp_path, old, new), 5)
    assert len(found) == len(said) and all(words in line for words, line in zip(said, found, strict=True))
    assert found[0].startswith("claims.md, claim 5:")


def test_a_wrong_number_in_row_and_fact_fails(tmp_path: Path) -> None:
    path = tmp_path / "claims.md"
    path.write_text(TABLE.replace("35-fold", "36-fold"), encoding="utf-8")
    [found] = failures(path, 5)
    assert "stated 36 ± 0.5, found 34.777" in found


def test_a_row_is_about_its_first_preset() -> None:
    assert preset_choices("One-unit RNN: *Book figure 10.17*")["start"] == (4.9, -2.45)
    assert preset_choices("One-unit RNN: *Thrown off the cliff*, clipped by value")["start"] == (4.6, -1.7)
    assert preset_choices("Linear recurrence (T = 1,000)") == {"landscape": "linear_recurrence"}
    assert (
        preset_choices("Saddle between two minima: *Newton goes to the saddle*; Product of weights (n = 1)")["steps"]
        == 10
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\n17 = [\n", "\n18 = [\n", "facts must be those of a row of claims.md, got 18"),
        ("*Book figure 10.15*", "*Book figure 10.16*", "scene must be the label of a landscape"),
        ("| Repeated composition:", "Repeated composition:", "must be five cells, got 4 cells"),
        ('says = "has 0", quantity', 'say = "has 0", quantity', "claims.md, claim 17: fact must be"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(BoundError, match=words):
        read_claims(edited(tmp_path, old, new))


def test_without_the_file_there_are_no_claims(tmp_path: Path) -> None:
    assert read_claims(tmp_path / "claims.md") == []

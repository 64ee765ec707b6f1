"""The options of a study: their forms and bounds, and the trainings that they stand for."""

import re

import pytest

from cliffscape.app.training_studies.study import Study, Training, parse_lengths, parse_numbers
from cliffscape.landscapes.bound_error import BoundError
from tests.app.training_studies.small_studies import SMALL


def test_every_combination_is_trained_with_every_threshold_and_without_clipping() -> None:
    found = SMALL.trainings()
    assert found[:3] == [Training(6, 0.1, None, 0), Training(6, 0.1, None, 1), Training(6, 0.1, 0.5, 0)]
    assert len({*found}) == len(found) == 2 * 1 * (1 + 2) * 2


def test_errors_are_counted_at_updates_that_do_not_depend_on_blocks() -> None:
    for updates, every in ((30, 30), (2500, 250), (100_000, 1000), (5_000_000, 10_000)):
        chosen = Study((10, 250), (1.0,), (0.01,), 1, updates)
        assert chosen.every == every
        assert all(chosen.block_updates(length) % every == 0 for length in chosen.lengths)


def test_the_claim_depends_on_every_option() -> None:
    others = [
        Study((4,), (0.5, 2.0), (0.1,), 2, 30),
        Study((4, 6), (0.5,), (0.1,), 2, 30),
        Study((4, 6), (0.5, 2.0), (0.2,), 2, 30),
        Study((4, 6), (0.5, 2.0), (0.1,), 3, 30),
        Study((4, 6), (0.5, 2.0), (0.1,), 2, 31),
    ]
    assert len({one.claim.key for one in (SMALL, *others)}) == 6


def test_lengths_and_numbers_are_lists_or_ranges() -> None:
    assert parse_lengths("10:250") == tuple(range(10, 251, 10))
    assert parse_lengths("5:10:2") == (5, 7, 9)
    assert parse_lengths("7,5,7") == (7, 5)
    assert parse_numbers("--thresholds", "1,0.5,1e-2") == (1.0, 0.5, 0.01)


@pytest.mark.parametrize("text", ["", "ten", "10:", "10:20:0", "20:10", "1:2:3:4", "1.5", "10:20:-1"])
def test_other_lengths_are_errors(text: str) -> None:
    with pytest.raises(BoundError, match=r"--lengths must be whole numbers such as .*, got " + re.escape(text)):
        parse_lengths(text)
    with pytest.raises(BoundError, match=r"between 2 and 1,000, got 10:9999999999"):
        parse_lengths("10:9999999999")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (((1,), (1.0,), (0.1,), 1, 1), "--lengths must be between 2 and 1,000, got 1"),
        (((9,), (-1.0,), (0.1,), 1, 1), "--thresholds must be between"),
        (((9,), (1.0,), (0.0,), 1, 1), "--learning-rates must be between"),
        (((9,), (1.0,), (0.1,), 0, 1), "--seeds must be between 1 and 1,000, got 0"),
        (((9,), (1.0,), (0.1,), 1, 0), "--updates must be between 1 and 1,000,000,000, got 0"),
    ],
)
def test_values_out_of_bounds_are_errors(values: tuple, said: str) -> None:
    with pytest.raises(BoundError) as error:
        Study(*values)
    assert str(error.value).startswith(said)
    for text in ("", "a", "nan", "1,,2", "inf"):
        with pytest.raises(BoundError, match="--thresholds must be numbers with commas between them"):
            parse_numbers("--thresholds", text)

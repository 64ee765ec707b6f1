"""The terminal: durations. Progress and Ctrl-C are tested with the commands that use them."""

import pytest

from cliffscape.app.terminal import duration_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (88.2, "89 s"),
        (89.5, "2 min"),
        (5340, "89 min"),
        (5400, "2 h"),
        (47 * 3600, "47 h"),
        (47 * 3600 + 1, "2 days"),
        (86_400 * 2345, "2,345 days"),
    ],
)
def test_durations_are_rounded_up_in_a_unit_that_suits_them(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text

"""Characters of a text: windows, frequencies, and texts that cannot be learned from."""

import math

import pytest
import torch

from cliffscape.landscapes.networks.catalogue import TASKS
from cliffscape.landscapes.networks.tasks.sample import SAMPLE
from cliffscape.landscapes.networks.tasks.text import characters


def test_the_target_is_the_next_character() -> None:
    task = characters(5, "the quick brown fox")
    alphabet = sorted(set("the quick brown fox"))
    inputs, targets = task.sample(torch.tensor(1), 40, torch.float64)
    symbols = inputs.argmax(-1)
    assert torch.equal(symbols[1:], targets[:-1])
    for window in torch.cat([symbols, targets[-1:]]).T.tolist():
        assert "".join(alphabet[code] for code in window) in "the quick brown fox"


def test_every_window_is_drawn_and_the_shortest_text_has_one() -> None:
    task = characters(3, "abcdefgh")
    inputs, _ = task.sample(torch.tensor(0), 500, torch.float64)
    assert set(inputs[0].argmax(-1).tolist()) == {0, 1, 2, 3, 4}
    assert characters(7, "abcdefgh").sample(torch.tensor(0), 3, torch.float64).targets[:, 0].tolist() == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]


def test_the_baseline_is_the_entropy_of_the_targets() -> None:
    assert characters(3, "abababab" * 50).baseline == pytest.approx(math.log(2), rel=1e-4)
    # One window alone: b, b, a as targets.
    expected = -(2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3))
    assert characters(3, "abba").baseline == pytest.approx(expected, rel=1e-15)


def test_the_sample_is_long_and_has_a_high_entropy() -> None:
    assert len(SAMPLE) > 2000 and SAMPLE.isascii()
    assert 2.5 < TASKS["characters"].function().baseline < 3.2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "text must be at least 21 characters long, got 0"),
        ("x" * 20, "text must be at least 21 characters long, got 20"),
        ("x" * 99, "text must be made of at least 2 different characters, got only 'x'"),
    ],
)
def test_short_and_constant_texts_are_rejected(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        characters(20, text)

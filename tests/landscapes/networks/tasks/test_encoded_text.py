"""Encoded texts: frequencies of targets, codes and digests."""

import pytest

from cliffscape.landscapes.networks.tasks.encoded_text import encode_text


@pytest.mark.parametrize(("text", "length"), [("abracadabra", 1), ("abracadabra", 4), ("abracadabra", 7), ("abra", 3)])
def test_frequencies_are_those_of_all_windows_counted_one_by_one(text: str, length: int) -> None:
    windows = [text[first + 1 : first + length + 1] for first in range(len(text) - length)]
    joined = "".join(windows)
    expected = [joined.count(letter) / len(joined) for letter in sorted(set(text))]
    assert encode_text(text).frequencies(length).tolist() == expected


def test_equal_texts_have_the_same_codes_and_digest_and_others_have_not() -> None:
    first, second = encode_text("abra" * 9), encode_text("abro" * 9)
    assert first is encode_text("".join(["abra"] * 9)) and first.digest != second.digest
    assert first.codes.tolist() == [0, 1, 2, 0] * 9 and first.alphabet == "abr"

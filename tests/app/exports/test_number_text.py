"""Numbers as text: every bit comes back, and the lines are short."""

import math

import torch

from cliffscape.app.exports.number_text import WIDTH, byte_text, decode_bytes, decode_numbers, number_text


def test_every_bit_of_numbers_comes_back() -> None:
    numbers = torch.tensor([[math.pi, -0.0, 5e-324], [math.inf, 1e308, 1 / 3]], dtype=torch.float64)
    found = eval(number_text(numbers), {"decode_numbers": decode_numbers})
    assert found.dtype == torch.float64 and found.shape == (2, 3)
    assert torch.equal(found.view(torch.int64), numbers.view(torch.int64))


def test_bytes_come_back_from_short_lines() -> None:
    content = torch.arange(5000, dtype=torch.float64).sin().numpy().tobytes()
    text = byte_text(content)
    assert decode_bytes(eval(text)) == content
    assert max(map(len, text.splitlines())) <= WIDTH


def test_numbers_in_float32_are_written_in_float64() -> None:
    numbers = torch.tensor([0.1])
    assert torch.equal(eval(number_text(numbers), {"decode_numbers": decode_numbers}), numbers.double())

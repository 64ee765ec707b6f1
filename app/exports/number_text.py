"""Numbers as text in a script, without rounding: for data that PyTorch alone cannot compute again."""

import base64
import textwrap
import zlib
from collections.abc import Sequence

import torch
from torch import Tensor

WIDTH = 116


def number_text(numbers: Tensor) -> str:
    """The expression for a tensor in float64: a call of ``decode_numbers``."""
    return f"decode_numbers({byte_text(numbers.double().numpy().tobytes())}, {tuple(numbers.shape)})"


def byte_text(content: bytes) -> str:
    """Bytes as a string literal, compressed and in base 64, in lines of at most ``WIDTH`` characters."""
    lines = textwrap.wrap(base64.b64encode(zlib.compress(content, 9)).decode(), WIDTH)
    return '"""\n' + "\n".join(lines) + '\n"""'


def decode_bytes(text: str) -> bytes:
    """The bytes that are written in base 64, after they were compressed."""
    return zlib.decompress(base64.b64decode(text))


def decode_numbers(text: str, shape: Sequence[int]) -> Tensor:
    """A tensor in float64, whose bytes are compressed and written in base 64."""
    return torch.frombuffer(bytearray(decode_bytes(text)), dtype=torch.float64).reshape(shape)

"""Bytes of WebAssembly, against examples of the specification, and the loop."""

import base64

import pytest
import torch

from cliffscape.landscapes.backends.web_assembly import instructions as wasm
from tests.node import SweepRuns, run


@pytest.mark.parametrize(
    ("value", "expected"), [(0, b"\0"), (127, b"\x7f"), (128, b"\x80\x01"), (624_485, b"\xe5\x8e\x26")]
)
def test_a_whole_number_has_seven_bits_in_a_byte(value: int, expected: bytes) -> None:
    assert wasm.unsigned(value) == expected


def test_an_instruction_beyond_the_first_128_has_two_bytes_after_its_prefix() -> None:
    assert wasm.VECTOR["floor"] == b"\xfd\x75" and wasm.VECTOR["+"] == b"\xfd\xf0\x01"


def test_the_shortest_module_begins_with_its_version_and_ends_with_its_code() -> None:
    found = wasm.module([], 0, b"", 1)
    assert found.startswith(b"\0asm\x01\0\0\0") and found.endswith(b"\x0b")
    # 4096 rows of 16 bytes are a page of memory, and one more needs a second one.
    for rows, pages in ((4096, b"\x01"), (4097, b"\x02")):
        assert b"\x05\x03\x01\0" + pages in wasm.module([], 0, b"", rows)


@pytest.mark.parametrize(("steps", "expected"), [(0, 1.0), (1, 2.0), (5, 32.0), (9, 64.0)])
def test_a_loop_ends_after_its_steps_or_when_its_condition_is_0(steps: int, expected: float) -> None:
    """x is doubled in every step, while it is below y."""
    x, two, double = 2, wasm.constant(bytes(7) + b"\x40"), wasm.VECTOR["*"]
    below = wasm.get(x) + wasm.load(1) + wasm.VECTOR["<"] + wasm.ANY
    body = wasm.get(x) + two + double + wasm.put(x)
    code = wasm.load(0) + wasm.put(x) + wasm.repeat(1, 0, below, body) + wasm.store(2, wasm.get(x))
    text = base64.b64encode(wasm.module([], 1, code, 3)).decode()
    source = (
        f'export const parameters = [], columns = ["x"], vectors = {{ together: 2, functions: {{}}, code: "{text}" }};'
    )
    none, starts = torch.empty(0, dtype=torch.float64), torch.tensor([[1.0, 50.0]], dtype=torch.float64)
    assert run([SweepRuns(source, none, starts, steps, vectors=True, results=1)])[0].tolist() == [[expected]]

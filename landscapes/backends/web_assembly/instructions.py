"""WebAssembly as bytes: the instructions and sections that a module of one function with vectors needs.

Source: the WebAssembly specification 2.0, chapters 5.4 (instructions) and 5.5 (modules). A vector holds two float64, or
two masks of 64 bits, all ones or all zeros.
"""

from collections.abc import Sequence
from functools import cache

WIDTH = 2  # lanes of a vector
VECTOR_BYTES, PAGE_BYTES = 16, 65_536
I32, F64, V128 = b"\x7f", b"\x7c", b"\x7b"
ALIGNMENT = b"\x03"  # rows of memory are aligned to 2^3 bytes


def unsigned(value: int) -> bytes:
    """A whole number as LEB128."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(found) + bytes([value])


def vector_instruction(code: int) -> bytes:
    """An instruction of vectors."""
    return b"\xfd" + unsigned(code)


COMPARISONS = {"===": 0x47, "!==": 0x48, "<": 0x49, ">": 0x4A, "<=": 0x4B, ">=": 0x4C}
ARITHMETIC = {"+": 0xF0, "-": 0xF1, "*": 0xF2, "/": 0xF3, "abs": 0xEC, "neg": 0xED, "sqrt": 0xEF, "floor": 0x75}
# Of NaN and a number these are NaN, as in PyTorch.
ARITHMETIC |= {"min": 0xF4, "max": 0xF5}
MASKS = {"!": 0x4D, "&&": 0x4E, "||": 0x50}
# By the names of a program's operations.
VECTOR = {op: vector_instruction(code) for op, code in (COMPARISONS | ARITHMETIC | MASKS).items()}
AND, PICK, ANY = vector_instruction(0x4E), vector_instruction(0x52), vector_instruction(0x53)
# The second operand if it is smaller (larger), else the first, which may be NaN.
SMALLER, LARGER = vector_instruction(0xF6), vector_instruction(0xF7)
WHOLE_ADD, WHOLE_SUBTRACT = vector_instruction(0xCE), vector_instruction(0xD1)
SPLAT = vector_instruction(0x14)


@cache
def get(local: int) -> bytes:
    """Push a local."""
    return b"\x20" + unsigned(local)


@cache
def put(local: int) -> bytes:
    """Pop into a local."""
    return b"\x21" + unsigned(local)


@cache
def keep(local: int) -> bytes:
    """Copy the top of the stack into a local."""
    return b"\x22" + unsigned(local)


def small(value: int) -> bytes:
    """Push a whole number of 32 bits, at least 0 and below 64."""
    return b"\x41" + bytes([value])


def constant(content: bytes) -> bytes:
    """Push a vector of twice the same eight bytes."""
    return vector_instruction(0x0C) + WIDTH * content


def shift_left(bits: int) -> bytes:
    """Shift whole numbers of 64 bits."""
    return small(bits) + vector_instruction(0xCB)


def shift_right(bits: int) -> bytes:
    """Shift whole numbers of 64 bits, which keep their sign."""
    return small(bits) + vector_instruction(0xCC)


def load(row: int) -> bytes:
    """Push a row of memory."""
    return small(0) + vector_instruction(0x00) + ALIGNMENT + unsigned(row * VECTOR_BYTES)


def store(row: int, value: bytes) -> bytes:
    """Write the vector that ``value`` pushes to a row of memory."""
    return small(0) + value + vector_instruction(0x0B) + ALIGNMENT + unsigned(row * VECTOR_BYTES)


def call(function: int) -> bytes:
    """Call a function."""
    return b"\x10" + unsigned(function)


def lane(number: int) -> bytes:
    """Replace a vector by one of its numbers."""
    return vector_instruction(0x21) + bytes([number])


def with_lane(number: int) -> bytes:
    """Pop a number into one of a vector's lanes."""
    return vector_instruction(0x22) + bytes([number])


def repeat(counter: int, limit: int, condition: bytes, body: bytes) -> bytes:
    """A loop that ends when the local ``counter`` reaches ``limit``, or when ``condition`` pushes 0."""
    branch, less_equal, is_zero, add, end = b"\x0d\x01", b"\x4c", b"\x45", b"\x6a", b"\x0b"
    until = get(limit) + get(counter) + less_equal + branch + condition + is_zero + branch
    onward = get(counter) + small(1) + add + put(counter) + b"\x0c\x00"
    return b"\x02\x40\x03\x40" + until + body + onward + end + end


def vector_of(items: Sequence[bytes]) -> bytes:
    """A list of the format: its length, and its items."""
    return unsigned(len(items)) + b"".join(items)


def prefix_length(content: bytes) -> bytes:
    """Content after its number of bytes."""
    return unsigned(len(content)) + content


def name(text: str) -> bytes:
    """A name."""
    return prefix_length(text.encode())


def module(imports: Sequence[tuple[str, int]], vectors: int, code: bytes, rows: int) -> bytes:
    """A module that exports a function ``run(steps)`` and a ``memory`` of ``rows`` vectors.

    ``imports`` are functions of so many float64 from the module ``functions``. The locals of ``run`` are ``steps``, a
    whole number, and so many ``vectors``.
    """
    types = [b"\x60" + vector_of([F64] * count) + vector_of([F64]) for _, count in imports]
    types.append(b"\x60" + vector_of([I32]) + vector_of([]))
    found = [name("functions") + name(text) + b"\x00" + unsigned(k) for k, (text, _) in enumerate(imports)]
    run = unsigned(len(imports))
    pages = b"\x00" + unsigned(-(-rows * VECTOR_BYTES // PAGE_BYTES))
    exports = [name("run") + b"\x00" + run, name("memory") + b"\x02\x00"]
    body = prefix_length(vector_of([unsigned(1) + I32, unsigned(vectors) + V128]) + code + b"\x0b")
    sections = {1: types, 2: found, 3: [run], 5: [pages], 7: exports, 10: [body]}
    return b"\x00asm\x01\x00\x00\x00" + b"".join(
        bytes([number]) + prefix_length(vector_of(items)) for number, items in sections.items()
    )

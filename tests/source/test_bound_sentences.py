"""Bound sentences: only landscapes/bound_error.py writes "FIELD must be BOUND, got VALUE"."""

import re
from pathlib import Path

from tests.source.every_file import for_every
from tests.source.files import PYTHON, ROOT
from tests.source.python import texts

WRITER = ROOT / "landscapes" / "bound_error.py"
# The whole sentence, or one of its ends before or after a value.
COMPOSED = re.compile(r"\bmust\b.*\bgot\b|\bmust be \{\}|, got \{\}", re.S)
# A mistake in a setting is worded by pydantic.
ALLOWED = {"{}: {}, got {} ({})"}


@for_every([path for path in PYTHON if path != WRITER])
def test_no_other_file_composes_the_sentence(path: Path) -> None:
    found = [f"line {line}: {text}" for line, text in texts(path) if COMPOSED.search(text) and text not in ALLOWED]
    assert found == [], "use must_be or BoundError"


def test_composed_sentences_are_found(tmp_path: Path) -> None:
    path = tmp_path / "example.py"
    path.write_text(
        '''"""A size must be small, got 3."""
first = f"size must be {bound}, got {size}"
second = f"{name} must have " f"{count} parts, got " f"{found!r}"
third = "size must be small, got none"
fourth = "a name that must be short"
''',
        encoding="utf-8",
    )
    assert [line for line, text in texts(path) if COMPOSED.search(text)] == [2, 3, 4]
    assert [text for _, text in texts(WRITER) if COMPOSED.search(text)] == ["{} must be {}, got {}"]

"""Stylesheets, joined so that the page asks for one file."""

import re
from pathlib import Path

IMPORTED_SHEET = re.compile(rb'^@import "\./([^"]+)";\n', re.M)


def join_sheets(path: Path) -> bytes:
    """A stylesheet with the sheets it imports in place of their lines."""
    return IMPORTED_SHEET.sub(lambda found: join_sheets(path.parent / found[1].decode()), path.read_bytes())

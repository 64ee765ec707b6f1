"""The check of a new version, as a process: ``python -m cliffscape.app.landscape_files.check FILE...``.

It prints the sentence about an error as JSON, empty without one. The traceback is on standard error.
"""

import contextlib
import json
import sys
from pathlib import Path

from cliffscape.app.landscape_files.landscape_file import LandscapeFileError
from cliffscape.app.landscape_files.loader import load_files


def check(paths: list[Path]) -> str:
    """The sentence about an error in files; empty if they can be loaded."""
    try:
        # What the files print is not mixed with the answer.
        with contextlib.redirect_stdout(sys.stderr):
            load_files(paths)
    except LandscapeFileError as error:
        print(f"{error.trace}{error} (the page keeps the last version without errors)", file=sys.stderr)
        return str(error)
    return ""


if __name__ == "__main__":
    print(json.dumps(check([Path(text) for text in sys.argv[1:]])))

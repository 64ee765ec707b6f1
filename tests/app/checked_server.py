"""The command line, whose server checks its own responses: ``python -m tests.app.checked_server serve``.

Tests start it as a process of its own. Every fault of a response is a line on standard error.
"""

import sys
from collections.abc import Sequence
from typing import Any

from cliffscape.app import cli

FAULT = "response fault: "


def print_faults(found: Sequence[str]) -> None:
    """Print each fault in a line."""
    for fault in found:
        print(f"{FAULT}{fault}", file=sys.stderr, flush=True)


def load_landscapes(*arguments: Any) -> None:
    """Load the user's landscapes, and then the modules that check responses: they need the model of a Scene."""
    before(*arguments)
    from cliffscape.app.web.security import SecurityMiddleware  # noqa: PLC0415
    from tests.app.responses import checked_call  # noqa: PLC0415

    setattr(SecurityMiddleware, "__call__", checked_call(print_faults))  # noqa: B010 - mypy accepts no assignment


before = cli.load_landscapes


def serve_checked() -> None:
    """Run the command line with checked responses."""
    setattr(cli, "load_landscapes", load_landscapes)  # noqa: B010 - mypy accepts no assignment
    cli.main()


if __name__ == "__main__":
    serve_checked()

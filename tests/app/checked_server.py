"""The command line, whose server checks its own responses: ``python -m tests.app.checked_server serve``.

Tests start it as a process of its own. Every fault of a response is a line on standard error.
"""

import sys
from collections.abc import Sequence

from cliffscape.app.cli import main
from cliffscape.app.web.security import SecurityMiddleware
from tests.app.responses import checked_call

FAULT = "response fault: "


def print_faults(found: Sequence[str]) -> None:
    """Print each fault in a line."""
    for fault in found:
        print(f"{FAULT}{fault}", file=sys.stderr, flush=True)


def serve_checked() -> None:
    """Run the command line with checked responses."""
    setattr(SecurityMiddleware, "__call__", checked_call(print_faults))  # noqa: B010 - mypy accepts no assignment
    main()


if __name__ == "__main__":
    serve_checked()

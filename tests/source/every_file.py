"""Checks of every file as one test: thousands of tests take many seconds to collect and to start."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.source.files import short_path


def for_every(paths: Sequence[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """A test that checks each path, and lists the assertions of all that fail."""

    def decorate(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            assert paths, "there is no file to check"
            faults: dict[str, str] = {}
            for path in paths:
                try:
                    check(path)
                except AssertionError as fault:
                    faults[short_path(path)] = str(fault)
            assert faults == {}, "\n\n".join(f"{name}: {fault}" for name, fault in faults.items())

        test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
        return test

    return decorate

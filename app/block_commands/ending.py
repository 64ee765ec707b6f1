"""How a command of blocks ends: with what it has written, a plan, or a sentence."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cliffscape.app.command import INTERRUPTED, fail
from cliffscape.landscapes.bound_error import BoundError

if TYPE_CHECKING:
    from cliffscape.app.blocks.work import Stop


@contextlib.contextmanager
def block_failures(out: Path) -> Iterator[None]:
    """Say in a sentence what the work refuses, or which file cannot be written, and end the command."""
    try:
        yield
    except BoundError as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror}", code=1)


def show_plan(lines: Iterable[str]) -> None:
    """Print what the work will cost."""
    for line in lines:
        typer.echo(line)


def end_blocks(stop: "Stop | None", out: Path) -> None:
    """Print what was written, or why the work stopped before its end."""
    if stop:
        fail(stop.sentence, code=INTERRUPTED if stop.interrupted else 1)
    typer.echo(str(out))

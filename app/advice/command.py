"""The command ``cliffscape advise``: a threshold for clipping by norm, from the log of a training run."""

# ruff: noqa: PLC0415
from pathlib import Path
from typing import Annotated

import typer

from cliffscape.app.command import fail
from cliffscape.landscapes.bound_error import must_be


def advise(
    log: Annotated[Path, typer.Argument(help="A log with gradient norms; its format is recognised by its content.")],
    run: Annotated[str | None, typer.Option(help="Which run of a log with several; by default the first.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the report as JSON.")] = False,
) -> None:
    """Read the gradient norms of your training's log, and recommend a clipping threshold with its reasons."""
    from cliffscape.app.logs.log_error import LogError
    from cliffscape.app.logs.reading import read_log

    try:
        reading = read_log(log)
    except LogError as error:
        fail(str(error))
    key = next(iter(reading.runs)) if run is None else run
    if key not in reading.runs:
        fail(must_be("--run", key, f"one of {', '.join(map(repr, reading.runs))}"))
    from cliffscape.app.advice.json_report import json_report
    from cliffscape.app.advice.report import report
    from cliffscape.landscapes.advice.advice import advise as advise_on

    advice = advise_on(reading.runs[key], reading.places[key])
    typer.echo((json_report if as_json else report)(reading, key, advice), nl=False)

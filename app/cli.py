"""The command line: ``cliffscape serve``, ``cliffscape run`` and ``cliffscape check-lessons``.

PyTorch takes longer to import than everything else together, so the commands import what they need themselves:
help and mistakes answer at once.
"""

# ruff: noqa: PLC0415
import contextlib
import os
import socket
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from cliffscape.app.settings import Settings

# Idle threads of PyTorch must sleep, not spin; it reads this once, when it is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
SUFFIXES = (".csv", ".json", ".npz")
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def described(name: str) -> str:
    """The sentence of a setting."""
    return Settings.model_fields[name].description or ""


def refuse(*sentences: str, code: int = 2) -> NoReturn:
    """Say what is wrong and leave."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


@cli.callback()
def about() -> None:
    """Loss landscapes with cliffs: watch gradient descent get thrown, and clipping hold it."""


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help=described("host"))] = None,
    port: Annotated[int | None, typer.Option(help=described("port"))] = None,
    device: Annotated[str | None, typer.Option(help=described("device"))] = None,
    threads: Annotated[int | None, typer.Option(help=described("threads"))] = None,
    text: Annotated[Path | None, typer.Option(help=described("text_file"))] = None,
    lessons: Annotated[Path | None, typer.Option(help=described("lessons_folder"))] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Serve the page; Ctrl-C stops. Every setting is also an environment variable: CLIFFSCAPE_PORT and so on."""
    given = {"host": host, "port": port, "device": device, "threads": threads, "text_file": text}
    given["lessons_folder"] = lessons
    settings = chosen_settings(given)
    listener = listening(settings.host, settings.port)
    import uvicorn

    from cliffscape.app.main import create_app

    try:
        app = create_app(settings)
    except ValueError as error:
        listener.close()
        refuse(str(error))
    for fault in app.state.library.current.faults:
        typer.echo(f"{fault} (the lesson is left out)", err=True)
    config = uvicorn.Config(app, server_header=False, log_level="warning", timeout_graceful_shutdown=2)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{name}:{listener.getsockname()[1]}/"
    typer.echo(f"Cliffscape is at {url} (Ctrl-C stops it)")
    if open:
        webbrowser.open(url)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def chosen_settings(given: Mapping[str, object]) -> Settings:
    """The settings of the environment, with what the command line says instead."""
    try:
        return Settings.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        names = [(str(one["loc"][0]), one) for one in error.errors()]
        refuse(*(f"{name}: {one['msg']}, got {one['input']} ({described(name)})" for name, one in names))


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens, so that a browser opened now waits instead of failing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        # Python adds the address once more, in brackets.
        reason = str(error.strerror or error).partition(" (while")[0]
        refuse(f"cannot listen on {host} port {port}: {reason}", code=1)
    # Connections inherit this. asyncio sets it only on sockets that name their protocol, and without it every
    # second small answer waits 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@cli.command()
def run(
    scene: Annotated[str, typer.Argument(help="The link of a Scene, or its part after the question mark.")] = "",
    out: Annotated[Path | None, typer.Option(help="File to write: .csv, .json or .npz; CSV goes to stdout.")] = None,
    text: Annotated[Path | None, typer.Option(help=described("text_file"))] = None,
) -> None:
    """Compute a Scene's trajectories without a page, and say what became of them."""
    if out is not None and out.suffix not in SUFFIXES:
        refuse(f"--out must end in {', '.join(SUFFIXES)}, got {out.name}")
    from cliffscape.app.runs import table
    from cliffscape.app.runs.text_file import TextError, read_own
    from cliffscape.app.runs.verdicts import summary, verdict
    from cliffscape.app.scene.schema import Scene
    from cliffscape.app.scene.validation import complaints

    try:
        read_own(text)
    except TextError as error:
        refuse(str(error))
    try:
        chosen = table.read_scene(scene)
    except ValidationError as error:
        refuse(*(one.message for one in complaints(error, Scene)))
    made = table.run_scene(chosen)
    content = table.FORMATS[".csv" if out is None else out.suffix](chosen, made)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        write(out, content)
    for run, record in made.items():
        # Standard output is the table's when it goes there.
        typer.echo(verdict(summary(chosen, record), run), err=out is None)


@cli.command()
def check_lessons(
    lessons: Annotated[Path | None, typer.Option(help=described("lessons_folder"))] = None,
) -> None:
    """Run the Scene of every lesson again, and say of every stated fact whether it still holds."""
    from cliffscape.app.lessons.collection import FolderError, LessonCollection
    from cliffscape.app.lessons.facts import check_facts

    try:
        current = LessonCollection(chosen_settings({"lessons_folder": lessons})).current
    except FolderError as error:
        refuse(str(error))
    failed = 0
    for lesson in current.lessons.values():
        for finding in check_facts(lesson):
            typer.echo(str(finding))
            failed += not finding.holds
    for fault in current.faults:
        typer.echo(str(fault), err=True)
    if failed or current.faults:
        refuse(f"{failed} facts do not hold, {len(current.faults)} faults in files", code=1)


def write(path: Path, content: bytes) -> None:
    """Write a file, or say why not."""
    try:
        path.write_bytes(content)
    except OSError as error:
        refuse(f"cannot write {path}: {error.strerror}", code=1)


def main() -> None:
    """Entry point of the console script."""
    cli()

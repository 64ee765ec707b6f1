"""The command line: ``cliffscape serve``, ``cliffscape run`` and ``cliffscape check-lessons``.

Importing PyTorch takes longer than everything else together. So each command imports what it needs when it runs, and
help and errors appear at once.
"""

# ruff: noqa: PLC0415
import contextlib
import os
import socket
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError

from cliffscape.app.settings import Settings

if TYPE_CHECKING:
    from cliffscape.app.lessons.collection import LessonCollection
    from cliffscape.app.lessons.lesson import Lesson
    from cliffscape.app.scene.schema import Scene

# Idle threads of PyTorch must sleep, not spin; it reads this once, when it is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
SUFFIXES = (".csv", ".json", ".npz")
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def setting_help(name: str) -> str:
    """The description of a setting, as the help of an option."""
    return Settings.model_fields[name].description or ""


def fail(*sentences: str, code: int = 2) -> NoReturn:
    """Print what is wrong and exit."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


@cli.callback()
def commands() -> None:
    """Loss landscapes with cliffs: gradient descent is thrown far away, and clipping prevents it."""


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help=setting_help("host"))] = None,
    port: Annotated[int | None, typer.Option(help=setting_help("port"))] = None,
    device: Annotated[str | None, typer.Option(help=setting_help("device"))] = None,
    threads: Annotated[int | None, typer.Option(help=setting_help("threads"))] = None,
    text: Annotated[Path | None, typer.Option(help=setting_help("text_file"))] = None,
    lessons: Annotated[Path | None, typer.Option(help=setting_help("lessons_folder"))] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Serve the page until Ctrl-C. Every setting is also an environment variable, such as CLIFFSCAPE_PORT."""
    options = {"host": host, "port": port, "device": device, "threads": threads, "text_file": text}
    options["lessons_folder"] = lessons
    settings = load_settings(options)
    listener = open_listener(settings.host, settings.port)
    import uvicorn

    from cliffscape.app.main import create_app

    try:
        app = create_app(settings)
    except ValueError as error:
        listener.close()
        fail(str(error))
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


def load_settings(options: Mapping[str, object]) -> Settings:
    """The settings: the options that are given, and the environment for all others."""
    try:
        return Settings.model_validate({name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        names = [(str(one["loc"][0]), one) for one in error.errors()]
        fail(*(f"{name}: {one['msg']}, got {one['input']} ({setting_help(name)})" for name, one in names))


def open_listener(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that a browser opened now waits instead of failing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        # Python repeats the address in brackets.
        reason = str(error.strerror or error).partition(" (while")[0]
        fail(f"cannot listen on {host} port {port}: {reason}", code=1)
    # Connections inherit TCP_NODELAY. asyncio sets it only on sockets that name their protocol; without it every
    # second small response waits 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@cli.command()
def run(
    scene: Annotated[str, typer.Argument(help="The URL of a Scene or of a lesson, or its query string.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Output file (.csv, .json or .npz); by default CSV on stdout.")
    ] = None,
    text: Annotated[Path | None, typer.Option(help=setting_help("text_file"))] = None,
    lessons: Annotated[Path | None, typer.Option(help=setting_help("lessons_folder"))] = None,
) -> None:
    """Compute a Scene's trajectories without a page, and print a verdict on each."""
    if out is not None and out.suffix not in SUFFIXES:
        fail(f"--out must end in {', '.join(SUFFIXES)}, got {out.name}")
    from cliffscape.app.runs import table
    from cliffscape.app.runs.text_file import use_text_file
    from cliffscape.app.runs.verdicts import summary, verdict
    from cliffscape.landscapes.bound_error import BoundError

    try:
        use_text_file(text)
    except BoundError as error:
        fail(str(error))
    request = read_scene(scene, lessons)
    trajectories = table.run_scene(request)
    content = table.FORMATS[".csv" if out is None else out.suffix](request, trajectories)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        write(out, content)
    for run, record in trajectories.items():
        # Without a file the table is on standard output, and verdicts would spoil it.
        typer.echo(verdict(summary(request, record), run), err=out is None)


def read_scene(text: str, lessons: Path | None) -> "Scene":
    """The Scene of a link, or exit with what is wrong with it. As on the page, a lesson's name alone is its Scene."""
    from cliffscape.app.scene.links import from_query, parse_link
    from cliffscape.app.scene.schema import Scene
    from cliffscape.app.scene.validation import violations

    query, tracking = parse_link(text)
    for name in tracking:
        typer.echo(f"{name} does not belong to the experiment and is ignored", err=True)
    lesson_scene = find_lesson(query.pop("lesson"), lessons).scene if "lesson" in query else None
    try:
        return lesson_scene if lesson_scene and not query else from_query(query)
    except ValidationError as error:
        fail(*(one.message for one in violations(error, Scene)))


def find_lesson(name: str, folder: Path | None) -> "Lesson":
    """A lesson, or exit with the reason why there is none of this name."""
    from cliffscape.app.scene.validation import format_value

    collection = load_lessons(folder)
    found = collection.find(name)
    if found is None:
        # A lesson with faults is left out of the collection; its faults say why.
        faults = [str(fault) for fault in collection.current.faults if Path(fault.file).stem == name]
        fail(f"lesson must be the name of one of the lessons here, got {format_value(name)}", *faults)
    return found


def load_lessons(folder: Path | None) -> "LessonCollection":
    """The built-in lessons and those of a folder, or exit with the reason why the folder cannot be read."""
    from cliffscape.app.lessons.collection import FolderError, LessonCollection

    try:
        return LessonCollection(load_settings({"lessons_folder": folder}))
    except FolderError as error:
        fail(str(error))


@cli.command()
def check_lessons(
    lessons: Annotated[Path | None, typer.Option(help=setting_help("lessons_folder"))] = None,
) -> None:
    """Run the Scene of every lesson, and report for every fact whether it holds."""
    from cliffscape.app.lessons.facts import check_facts

    collection = load_lessons(lessons)
    found = collection.current
    failed = 0
    for lesson in found.lessons.values():
        for finding in check_facts(lesson):
            typer.echo(str(finding))
            failed += not finding.holds
    for fault in found.faults:
        typer.echo(str(fault), err=True)
    if not found.lessons and not found.faults:
        folders = " or ".join(map(str, collection.folders))
        fail(f"there must be at least one lesson, got none in {folders}", code=1)
    if failed or found.faults:
        fail(f"{failed} facts do not hold, {len(found.faults)} faults in files", code=1)


def write(path: Path, content: bytes) -> None:
    """Write a file, or exit with the reason why it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", code=1)


def main() -> None:
    """Entry point of the console script."""
    cli()


if __name__ == "__main__":
    main()

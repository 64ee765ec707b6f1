"""The command line: ``cliffscape serve``, ``run``, ``train`` and ``check-lessons``.

Importing PyTorch takes longer than everything else together. So each command imports what it needs when it runs, and
help and errors appear at once.
"""

# ruff: noqa: PLC0415
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError

from cliffscape.app.settings import Settings
from cliffscape.app.signals import peaceful_exit
from cliffscape.app.web.listener import open_listener
from cliffscape.landscapes.bound_error import BoundError, must_be

if TYPE_CHECKING:
    from cliffscape.app.lessons.collection import LessonCollection
    from cliffscape.app.lessons.lesson import Lesson
    from cliffscape.app.scene.schema import Scene

# Idle threads of PyTorch must sleep, not spin; it reads this once, when it is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
SUFFIXES = (".csv", ".json", ".npz")
INTERRUPTED = 130  # the exit status of a command that Ctrl-C has ended, as in shells
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def setting_help(name: str) -> str:
    """The description of a setting, as the help of an option."""
    return Settings.model_fields[name].description or ""


OutputFile = Annotated[Path | None, typer.Option(help="Output (.csv, .json or .npz); by default CSV on stdout.")]
TextFile = Annotated[Path | None, typer.Option(help=setting_help("text_file"))]
LessonsFolder = Annotated[Path | None, typer.Option(help=setting_help("lessons_folder"))]
Device = Annotated[str | None, typer.Option(help=setting_help("device"))]


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
    device: Device = None,
    threads: Annotated[int | None, typer.Option(help=setting_help("threads"))] = None,
    text: TextFile = None,
    lessons: LessonsFolder = None,
    allowed_hosts: Annotated[str | None, typer.Option(help=setting_help("allowed_hosts"))] = None,
    frame_ancestors: Annotated[str | None, typer.Option(help=setting_help("frame_ancestors"))] = None,
    root_path: Annotated[str | None, typer.Option(help=setting_help("root_path"))] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Serve the page until Ctrl-C. Every setting is also an environment variable, such as CLIFFSCAPE_PORT."""
    options: dict[str, object] = {"host": host, "port": port, "device": device, "threads": threads}
    options |= {"allowed_hosts": allowed_hosts, "frame_ancestors": frame_ancestors, "root_path": root_path}
    settings = load_settings({**options, "text_file": text, "lessons_folder": lessons})
    try:
        listener = open_listener(settings.host, settings.port)
    except OSError as error:
        # Python repeats the address in brackets.
        reason = str(error.strerror or error).partition(" (while")[0]
        fail(f"cannot listen on {settings.host} port {settings.port}: {reason}", code=1)
    with peaceful_exit():
        from cliffscape.app.main import create_app
        from cliffscape.app.server import run_server

        try:
            app = create_app(settings)
        except BoundError as error:
            listener.close()
            fail(str(error))
        run_server(app, settings, listener, typer.echo, open)


def load_settings(options: Mapping[str, object]) -> Settings:
    """The settings: the options that are given, and the environment for all others."""
    try:
        return Settings.model_validate({name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        names = [(str(one["loc"][0]), one) for one in error.errors()]
        fail(*(f"{name}: {one['msg']}, got {one['input']} ({setting_help(name)})" for name, one in names))


@cli.command()
def run(
    scene: Annotated[str, typer.Argument(help="The URL of a Scene or of a lesson, or its query string.")] = "",
    out: OutputFile = None,
    text: TextFile = None,
    lessons: LessonsFolder = None,
) -> None:
    """Compute a Scene's trajectories without a page, and print a verdict on each."""
    suffix = file_suffix(out)
    from cliffscape.app.compute.generators import run_to_end
    from cliffscape.app.runs import table
    from cliffscape.app.runs.network import build_view
    from cliffscape.app.runs.verdicts import verdict

    request = read_scene(scene, lessons, text)
    view = run_to_end(build_view(request)) if request.recurrent else None
    trajectories = table.run_scene(request, view)
    summaries = table.summaries(request, trajectories, view)
    write(out, table.FORMATS[suffix](request, trajectories, summaries))
    for run, found in summaries.items():
        # Without a file the table is on standard output, and verdicts would spoil it.
        typer.echo(verdict(found, run), err=out is None)


@cli.command()
def train(
    scene: Annotated[str, typer.Argument(help="The URL of a Scene with a network, or its query string.")] = "",
    out: OutputFile = None,
    text: TextFile = None,
    lessons: LessonsFolder = None,
    device: Device = None,
) -> None:
    """Train a Scene's network without and with clipping, and save the curves. Ctrl-C saves the updates so far."""
    suffix, settings = file_suffix(out), load_settings({"device": device})
    from cliffscape.app.runs import training_result, training_table
    from cliffscape.app.runs.pair import RUN_LABELS, shown_runs
    from cliffscape.app.runs.training_session import train_scene
    from cliffscape.app.scene.requirements import check_trainable
    from cliffscape.app.web.engine import select_device

    request = read_scene(scene, lessons, text)
    try:
        check_trainable(request)
        run = train_scene(request, select_device(settings.device), sys.stderr)
    except BoundError as error:
        fail(str(error))
    if not run.done:
        fail("stopped before the first update; nothing is saved", code=INTERRUPTED)
    write(out, training_table.FORMATS[suffix](run, request))
    for name in shown_runs(request):
        typer.echo(f"{RUN_LABELS[name]}: {training_result.result_text(run, request, name)}", err=out is None)
    if run.done < request.updates:
        fail(f"stopped after {run.done:,} of {request.updates:,} updates; these are saved", code=INTERRUPTED)


def file_suffix(out: Path | None) -> str:
    """The extension of the output, which is CSV without a file, or exit if no format has it."""
    if out is not None and out.suffix not in SUFFIXES:
        fail(must_be("--out", out.name, f"a file that ends in {', '.join(SUFFIXES)}"))
    return ".csv" if out is None else out.suffix


def read_scene(text: str, lessons: Path | None, text_file: Path | None) -> "Scene":
    """The Scene of a link, or exit with what is wrong with it. As on the page, a lesson's name alone is its Scene."""
    from cliffscape.app.runs.text_file import use_text_file
    from cliffscape.app.scene.links import from_query, parse_link
    from cliffscape.app.scene.schema import Scene
    from cliffscape.app.scene.validation import violations

    try:
        use_text_file(text_file)
    except BoundError as error:
        fail(str(error))
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
    from cliffscape.app.lessons.errors import unknown_lesson

    collection = load_lessons(folder)
    found = collection.find(name)
    if found is None:
        # A lesson with faults is left out of the collection; its faults say why.
        faults = [str(fault) for fault in collection.current.faults if Path(fault.file).stem == name]
        fail(unknown_lesson(name), *faults)
    return found


def load_lessons(folder: Path | None) -> "LessonCollection":
    """The built-in lessons and those of a folder, or exit with the reason why the folder cannot be read."""
    from cliffscape.app.lessons.collection import LessonCollection

    try:
        return LessonCollection(load_settings({"lessons_folder": folder}))
    except BoundError as error:
        fail(str(error))


@cli.command()
def check_lessons(
    lessons: LessonsFolder = None,
    presets: Annotated[bool | None, typer.Option(help="Check the presets; by default without --lessons.")] = None,
) -> None:
    """Run the Scene of every lesson and of every preset, and report for every fact whether it holds."""
    from cliffscape.app.lessons.facts import check_all

    collection = load_lessons(lessons)
    found = collection.current
    # A teacher who checks a folder of lessons need not wait for the program's own presets.
    failed = 0
    for finding in check_all(found.lessons.values(), lessons is None if presets is None else presets):
        typer.echo(str(finding))
        failed += not finding.holds
    for fault in found.faults:
        typer.echo(str(fault), err=True)
    if not found.lessons and not found.faults:
        folders = " or ".join(map(str, collection.folders))
        fail(must_be("the number of lessons", f"none in {folders}", "at least 1"), code=1)
    if failed or found.faults:
        fail(f"{failed} facts do not hold, {len(found.faults)} faults in files", code=1)


def write(path: Path | None, content: bytes) -> None:
    """Write to a file, or to standard output without one, or exit with the reason why it cannot be written."""
    if path is None:
        sys.stdout.buffer.write(content)
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", code=1)


def main() -> None:
    """Entry point of the console script."""
    cli()


if __name__ == "__main__":
    main()

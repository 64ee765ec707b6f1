"""What all commands share: their errors, and reading Scenes, lessons and settings from their arguments.

Each function imports what it needs when it is called, as the commands do.
"""

# ruff: noqa: PLC0415
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from typer.core import TyperCommand

from cliffscape.app.listener import open_listener, start_again
from cliffscape.app.settings import LOCAL, Settings
from cliffscape.landscapes.bound_error import BoundError, must_be

if TYPE_CHECKING:
    from cliffscape.app.lessons.collection import LessonCollection
    from cliffscape.app.lessons.texts.stated_text import StatedText
    from cliffscape.app.scene.schema import Scene


def setting_help(name: str) -> str:
    """The description of a setting, as the help of an option."""
    return Settings.model_fields[name].description or ""


SUFFIXES = (".csv", ".json", ".npz")
INTERRUPTED = 130  # the exit status of a command that Ctrl-C has ended, as in shells
RETRY_SECONDS = 10  # a new version may come before the wait for it begins
# What a Scene can be exported as: an extension, and what the file holds.
EXPORTS = {
    "csv": "a table of the runs",
    "json": "the same with verdicts",
    "npz": "the same for NumPy",
    "py": "a PyTorch script that repeats the runs",
    "md": "the clip in training loops of five frameworks",
    "html": "a page of its own, which needs no server",
}


TextFile = Annotated[Path | None, typer.Option(help=setting_help("text_file"))]
LessonsFolder = Annotated[Path | None, typer.Option(help=setting_help("lessons_folder"))]
LandscapeFiles = Annotated[
    list[Path] | None,
    typer.Option("--landscapes", help=f"{setting_help('landscape_files')} Repeat the option for several files."),
]
OwnModelName = Annotated[
    str | None,
    typer.Option("--model", help="Your own model on the page: a file and a function in it, such as my_model.py:build."),
]
WeightsFile = Annotated[
    Path | None, typer.Option(help="Weights for the model: .safetensors, .pt, .pth, .bin or .ckpt.")
]
DataName = Annotated[str | None, typer.Option("--data", help="The model's batches, such as my_model.py:batch.")]
LossName = Annotated[
    str | None,
    typer.Option("--loss", help="loss(model, batch); by default the name loss in the file of the model."),
]
RoomCode = Annotated[
    bool | None,
    typer.Option(
        help="Print the address for other machines as a QR code; by default in a terminal.", show_default=False
    ),
]
Device = Annotated[str | None, typer.Option(help=setting_help("device"))]
Cluster = Annotated[
    str | None, typer.Option(help=f"{setting_help('cluster')} Without an address: local.", metavar="[ADDRESS]")
]
ClusterOptional = Annotated[bool | None, typer.Option("--cluster-optional", help=setting_help("cluster_optional"))]
OutputFile = Annotated[Path | None, typer.Option(help="Output (.csv, .json or .npz); by default CSV on stdout.")]
Processes = Annotated[
    int | None, typer.Option(help="Processes that compute; by default one per core.", show_default=False)
]
PlanOnly = Annotated[
    bool, typer.Option("--plan", help="Measure a block, say what the whole will cost, and compute nothing else.")
]
ExportFile = Annotated[str, typer.Option(help="The file to write; - is standard output, and needs --kind.")]
ExportKind = Annotated[
    str | None,
    typer.Option(
        help="What to write, by default as the name of --out ends: "
        + "; ".join(f"{name}, {what}" for name, what in EXPORTS.items())
        + "."
    ),
]


class ClusterCommand(TyperCommand):
    """``--cluster`` alone is ``--cluster local``: Typer has no option with an optional value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the command line."""
        words = []
        for word, following in zip(args, [*args[1:], "-"], strict=False):
            words += [word, LOCAL] if word == "--cluster" and following.startswith("-") else [word]
        return super().parse_args(ctx, words)


def fail(*sentences: str, code: int = 2) -> NoReturn:
    """Print what is wrong and exit."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


def load_settings(options: Mapping[str, object]) -> Settings:
    """The settings: the options that are given, and the environment for all others."""
    try:
        return Settings.model_validate({name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        names = [(str(one["loc"][0]), one) for one in error.errors()]
        fail(*(f"{name}: {one['msg']}, got {one['input']} ({setting_help(name)})" for name, one in names))


def listen(settings: Settings) -> socket.socket:
    """The socket of the server, or exit with the reason why there is none."""
    try:
        return open_listener(settings.host, settings.port)
    except OSError as error:
        # Python repeats the address in brackets.
        reason = str(error.strerror or error).partition(" (while")[0]
        fail(f"cannot listen on {settings.host} port {settings.port}: {reason}", code=1)


def load_landscapes(paths: list[Path] | None, inherited: socket.socket | None = None) -> None:
    """Load the landscapes of the user's files, or exit with what is wrong with them.

    A command calls this before it imports anything that uses Scenes, because their model is made of the catalogue. A
    server that has started again, and ``inherited`` its listener, does not exit, but waits for the next version.
    """
    files = load_settings({"landscape_files": paths or None}).landscape_files
    if not files:
        return
    from cliffscape.app.landscape_files.landscape_file import LandscapeFileError
    from cliffscape.app.landscape_files.loader import load_files
    from cliffscape.app.landscape_files.watcher import wait_for_change

    try:
        load_files(files)
    except LandscapeFileError as error:
        if inherited is not None:
            typer.echo(f"{error.trace}{error}", err=True)
            wait_for_change(files, RETRY_SECONDS)
            start_again(inherited)
        fail(*filter(None, (error.trace.rstrip(), str(error))), code=1)


def load_model(model: str | None, weights: Path | None, data: str | None, loss: str | None) -> None:
    """Make the user's own model a landscape of this process, or exit with what is wrong with it."""
    if model is None:
        given = {"--weights": weights, "--data": data, "--loss": loss}
        for option in (name for name, value in given.items() if value is not None):
            fail(must_be(option, given[option], "used together with --model"))
        return
    from cliffscape.app.landscape_files.landscape_file import LandscapeFileError
    from cliffscape.app.models.own_model import OwnModel, register_model

    try:
        register_model(OwnModel(model, weights, data, loss))
    except LandscapeFileError as error:
        fail(*filter(None, (error.trace.rstrip(), str(error))), code=1)
    except BoundError as error:
        fail(str(error))


def read_scene(text: str, lessons: Path | None, text_file: Path | None) -> "Scene":
    """The Scene of a link, or exit with what is wrong with it. As on the page, a lesson's name alone is its Scene."""
    from cliffscape.app.linked_scene import LinkError, linked_scene
    from cliffscape.app.runs.text_file import use_text_file
    from cliffscape.app.scene.links import parse_link

    try:
        use_text_file(text_file)
    except BoundError as error:
        fail(str(error))
    query, tracking = parse_link(text)
    for name in tracking:
        typer.echo(f"{name} does not belong to the experiment and is ignored", err=True)
    try:
        return linked_scene(query, lambda: load_lessons(lessons))
    except LinkError as error:
        fail(*error.sentences)


def load_lessons(folder: Path | None) -> "LessonCollection":
    """The built-in lessons and those of a folder, or exit with the reason why the folder cannot be read."""
    from cliffscape.app.lessons.collection import LessonCollection

    try:
        return LessonCollection(load_settings({"lessons_folder": folder}))
    except BoundError as error:
        fail(str(error))


def load_texts() -> "list[StatedText]":
    """The claims of the book and the sentences of the catalogue, or exit with what is wrong with their facts."""
    from cliffscape.app.lessons.texts.claims import CLAIMS, read_claims
    from cliffscape.app.lessons.texts.explanations import read_explanations

    if not CLAIMS.is_file():
        typer.echo(f"{CLAIMS.name} is not installed, so the claims are not checked", err=True)
    try:
        return [*read_claims(CLAIMS), *read_explanations()]
    except BoundError as error:
        fail(str(error))


def write(path: Path | None, content: bytes) -> None:
    """Write to a file, or to standard output without one, or exit with the reason why it cannot be written."""
    if path is None:
        sys.stdout.buffer.write(content)
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", code=1)


def export_kind(out: str, kind: str | None) -> str:
    """What to export: ``kind``, or as the name of the file ends; exit if it is not known."""
    known = ", ".join(EXPORTS)
    if kind is None and out in ("", "-"):
        fail(must_be("--kind", "nothing", f"one of {known} if --out names no file"))
    if kind is not None and kind not in EXPORTS:
        fail(must_be("--kind", kind, f"one of {known}"))
    suffix = Path(out).suffix.removeprefix(".")
    if kind is None and suffix not in EXPORTS:
        fail(must_be("--out", out, f"a file that ends in {', '.join(f'.{name}' for name in EXPORTS)}"))
    return kind or suffix


def file_suffix(out: Path | None) -> str:
    """The extension of the output, which is CSV without a file, or exit if no format has it."""
    if out is not None and out.suffix not in SUFFIXES:
        fail(must_be("--out", out.name, f"a file that ends in {', '.join(SUFFIXES)}"))
    return ".csv" if out is None else out.suffix

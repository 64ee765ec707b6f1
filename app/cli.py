"""The command line: ``cliffscape serve``, ``run``, ``train``, ``export``, ``sweep``, ``advise`` and the others.

Importing PyTorch takes longer than everything else together. So each command imports what it needs when it runs, and
help and errors appear at once.
"""

# ruff: noqa: PLC0415
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cliffscape.app.advice.command import advise
from cliffscape.app.block_commands.study import study
from cliffscape.app.block_commands.sweep import sweep
from cliffscape.app.command import (
    INTERRUPTED,
    Cluster,
    ClusterCommand,
    ClusterOptional,
    DataName,
    Device,
    ExportFile,
    ExportKind,
    LandscapeFiles,
    LessonsFolder,
    LossName,
    OutputFile,
    OwnModelName,
    RoomCode,
    TextFile,
    WeightsFile,
    export_kind,
    fail,
    file_suffix,
    listen,
    load_landscapes,
    load_lessons,
    load_model,
    load_settings,
    load_texts,
    read_scene,
    setting_help,
    write,
)
from cliffscape.app.listener import inherited_listener
from cliffscape.app.signals import peaceful_exit
from cliffscape.landscapes.bound_error import BoundError, must_be

# Idle threads of PyTorch must sleep, not spin; it reads this once, when it is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


cli.command()(advise)
cli.command(cls=ClusterCommand)(sweep)
cli.add_typer(study, name="study")


@cli.callback()
def commands() -> None:
    """Loss landscapes with cliffs: gradient descent is thrown far away, and clipping prevents it."""


@cli.command(cls=ClusterCommand)
def serve(
    host: Annotated[str | None, typer.Option(help=setting_help("host"))] = None,
    port: Annotated[int | None, typer.Option(help=setting_help("port"))] = None,
    device: Device = None,
    threads: Annotated[int | None, typer.Option(help=setting_help("threads"))] = None,
    text: TextFile = None,
    lessons: LessonsFolder = None,
    landscapes: LandscapeFiles = None,
    allowed_hosts: Annotated[str | None, typer.Option(help=setting_help("allowed_hosts"))] = None,
    frame_ancestors: Annotated[str | None, typer.Option(help=setting_help("frame_ancestors"))] = None,
    root_path: Annotated[str | None, typer.Option(help=setting_help("root_path"))] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    qr: RoomCode = None,
    model: OwnModelName = None,
    weights: WeightsFile = None,
    data: DataName = None,
    loss: LossName = None,
    cluster: Cluster = None,
    cluster_optional: ClusterOptional = None,
) -> None:
    """Serve the page until Ctrl-C. Every setting is also an environment variable, such as CLIFFSCAPE_PORT."""
    options: dict[str, object] = {"host": host, "port": port, "device": device, "threads": threads}
    options |= {"allowed_hosts": allowed_hosts, "frame_ancestors": frame_ancestors, "root_path": root_path}
    options |= {"text_file": text, "lessons_folder": lessons, "landscape_files": landscapes or None}
    options |= {"cluster": cluster, "cluster_optional": cluster_optional}
    settings = load_settings(options)
    inherited = inherited_listener()
    listener = inherited or listen(settings)
    with peaceful_exit():
        load_landscapes(landscapes, inherited)
        load_model(model, weights, data, loss)
        from cliffscape.app.main import create_app
        from cliffscape.app.server import run_server

        try:
            app = create_app(settings)
        except BoundError as error:
            listener.close()
            fail(str(error))
        run_server(app, settings, listener, typer.echo, open, qr, inherited is not None)


@cli.command()
def run(
    scene: Annotated[str, typer.Argument(help="The URL of a Scene or of a lesson, or its query string.")] = "",
    out: OutputFile = None,
    text: TextFile = None,
    lessons: LessonsFolder = None,
    landscapes: LandscapeFiles = None,
) -> None:
    """Compute a Scene's trajectories without a page, and print a verdict on each."""
    suffix = file_suffix(out)
    load_landscapes(landscapes)
    from cliffscape.app.runs import table
    from cliffscape.app.runs.network import slice_view
    from cliffscape.app.runs.verdicts import verdict_lines
    from cliffscape.app.terminal import ProgressLine
    from cliffscape.landscapes.generators import run_to_end

    request = read_scene(scene, lessons, text)
    view = run_to_end(slice_view(request)) if request.sliced else None
    progress = ProgressLine(sys.stderr)
    trajectories = table.run_scene(request, view, progress.counter(request.steps, "steps"))
    progress.close()
    summaries = table.summaries(request, trajectories, view)
    write(out, table.FORMATS[suffix](request, trajectories, summaries))
    for line in verdict_lines(summaries):
        # Without a file the table is on standard output, and verdicts would spoil it.
        typer.echo(line, err=out is None)


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
    from cliffscape.app.compute.device import select_device
    from cliffscape.app.compute.gpu.block_library import compile_steps_for
    from cliffscape.app.runs import training_result, training_table
    from cliffscape.app.runs.pair import RUN_LABELS, shown_runs
    from cliffscape.app.runs.training_session import train_scene
    from cliffscape.app.scene.requirements import check_trainable

    request = read_scene(scene, lessons, text)
    try:
        check_trainable(request)
        chosen = select_device(settings.device)
        compile_steps_for(chosen)
        run = train_scene(request, chosen, sys.stderr)
    except BoundError as error:
        fail(str(error))
    if not run.done:
        fail("stopped before the first update; nothing is saved", code=INTERRUPTED)
    write(out, training_table.FORMATS[suffix](run, request))
    for name in shown_runs(request):
        typer.echo(f"{RUN_LABELS[name]}: {training_result.result_text(run, request, name)}", err=out is None)
    if run.done < request.updates:
        fail(f"stopped after {run.done:,} of {request.updates:,} updates; these are saved", code=INTERRUPTED)


@cli.command()
def export(
    scene: Annotated[str, typer.Argument(help="The URL of a Scene or of a lesson, or its query string.")] = "",
    out: ExportFile = "",
    kind: ExportKind = None,
    relief: Annotated[bool, typer.Option("--relief", help="Put the relief on a page of its own (1.3 MB).")] = False,
    text: TextFile = None,
    lessons: LessonsFolder = None,
    landscapes: LandscapeFiles = None,
) -> None:
    """Write a Scene's runs as a table, a PyTorch script or a page of its own, or its clip as code for a training loop.

    Without --out the file is written to this folder, with a name of its own.
    """
    chosen = export_kind(out, kind)
    if relief and chosen != "html":
        fail(must_be("--kind", chosen, "html with --relief"))
    load_landscapes(landscapes)
    from cliffscape.app.exports.exported_file import exported_file
    from cliffscape.app.web.page_file.command import page_file

    request = read_scene(scene, lessons, text)
    try:
        whole_page = chosen == "html"
        found = page_file(request, scene, load_settings({}), relief) if whole_page else exported_file(request, chosen)
    except BoundError as error:
        fail(str(error))
    write(None if out == "-" else Path(out or found.name), found.content)
    if not out:
        typer.echo(found.name)


@cli.command()
def check_lessons(
    lessons: LessonsFolder = None,
    landscapes: LandscapeFiles = None,
    presets: Annotated[
        bool | None,
        typer.Option(help="Check the presets, the claims and the catalogue's sentences; by default without --lessons."),
    ] = None,
) -> None:
    """Run the Scenes of all lessons, presets, claims and explanations, and report for every fact whether it holds."""
    load_landscapes(landscapes)
    from cliffscape.app.lessons.coverage.gaps import check_statements

    collection = load_lessons(lessons)
    found = collection.current
    # A teacher who checks a folder of lessons need not wait for the program's own presets and texts.
    own = lessons is None if presets is None else presets
    failed = 0
    for finding in check_statements(found.lessons.values(), own, load_texts() if own else ()):
        typer.echo(str(finding))
        failed += not finding.holds
    for fault in found.faults:
        typer.echo(str(fault), err=True)
    if not found.lessons and not found.faults:
        folders = " or ".join(map(str, collection.folders))
        fail(must_be("the number of lessons", f"none in {folders}", "at least 1"), code=1)
    if failed or found.faults:
        fail(f"{failed} facts do not hold, {len(found.faults)} faults in files", code=1)


def main() -> None:
    """Entry point of the console script."""
    cli()


if __name__ == "__main__":
    main()

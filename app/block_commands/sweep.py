"""The command ``cliffscape sweep``: an outcome map of any number of cells, as a file."""

# ruff: noqa: PLC0415
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cliffscape.app.block_commands.ending import block_failures, end_blocks, show_plan
from cliffscape.app.command import (
    Cluster,
    Device,
    LandscapeFiles,
    LessonsFolder,
    PlanOnly,
    Processes,
    TextFile,
    fail,
    load_landscapes,
    load_settings,
    read_scene,
)
from cliffscape.app.terminal import interruption_ends_process
from cliffscape.landscapes.bound_error import must_be

MapFile = Annotated[Path, typer.Option(help="The file to write (.npz); its blocks are kept in a folder beside it.")]


def sweep(
    scene: Annotated[str, typer.Argument(help="The URL of a Scene or of a lesson, or its query string.")] = "",
    cells: Annotated[int, typer.Option(help="Cells per side; 2, 4, 8, ... plus 1 contain those of the page.")] = 1025,
    out: MapFile = Path("map.npz"),
    plan: PlanOnly = False,
    processes: Processes = None,
    text: TextFile = None,
    lessons: LessonsFolder = None,
    landscapes: LandscapeFiles = None,
    device: Device = None,
    cluster: Cluster = None,
) -> None:
    """Compute a Scene's outcome map with any number of cells: of the start, or of the two quantities of map=sweep.

    After Ctrl-C, or if it is killed, the same command continues with the blocks that are kept.
    """
    if out.suffix != ".npz":
        fail(must_be("--out", out.name, "a file that ends in .npz"))
    with interruption_ends_process():
        load_landscapes(landscapes)
        from cliffscape.app.block_commands.processes import block_processes
        from cliffscape.app.large_maps.cell_block import compute_block
        from cliffscape.app.large_maps.map_layout import MapLayout
        from cliffscape.app.large_maps.map_plan import map_plan
        from cliffscape.app.large_maps.map_work import useful_processes
        from cliffscape.app.large_maps.session import compute_map

        request = read_scene(scene, lessons, text)
    settings = load_settings({"landscape_files": landscapes or None, "device": device, "cluster": cluster})
    with block_failures(out):
        layout = MapLayout(request, cells)
        with block_processes(settings, processes, useful_processes(layout), text, gpu=True) as using:
            layout = replace(layout, device=using.device)
            if plan:
                show_plan(map_plan(layout, using.count))
                return
            stop = compute_map(layout, out, lambda: using.pool(compute_block), sys.stderr)
    end_blocks(stop, out)

"""Stored training runs: the workspace keeps them, so that a longer run continues a shorter one."""

from collections.abc import Iterator

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.runs.training import RunState, TrainingRun, initial_run, seeds_name
from cliffscape.app.scene.content_key import run_key
from cliffscape.app.scene.schema import Scene


def part_key(scene: Scene, part: str = "") -> str:
    """The key of the Scene's run, or of a part of it."""
    return f"{run_key(scene)} {part}" if part else run_key(scene)


def load_run(scene: Scene, workspace: Workspace, seeds: range | None = None) -> TrainingRun:
    """The Scene's run: the stored one, or a new one before its first update. With ``seeds``, only these of its seeds.

    A Scene with more updates continues the same run. A Scene with fewer updates has a run of its own, because a longer
    run has fewer snapshots and has counted its errors after other updates.
    """
    part = "" if seeds is None else seeds_name(seeds)
    key = part_key(scene, part)
    run: TrainingRun | None = workspace.runs.get(key)
    if run is not None and run.done > scene.updates:
        key = short_run_key(scene, part)
        run = workspace.runs.get(key)
    if run is None:
        run = initial_run(scene, workspace.device, seeds)
        workspace.runs.put(key, run)
    return run


def restore_run(scene: Scene, state: RunState, workspace: Workspace, seeds: range | None = None) -> None:
    """Store a run, or a part of it, that another process has begun, unless this one has gone further."""
    key = part_key(scene, "" if seeds is None else seeds_name(seeds))
    known: TrainingRun | None = workspace.runs.get(key)
    if known is None or known.done < len(state.rows):
        run = initial_run(scene, workspace.device, seeds)
        run.resume(state)
        workspace.runs.put(key, run)


def short_run_key(scene: Scene, part: str = "") -> str:
    """The key of a run with fewer updates than the one stored under the Scene's usual key."""
    return f"{part_key(scene, part)} {scene.updates}"


def advance_run(run: TrainingRun, scene: Scene, workspace: Workspace) -> Iterator[None]:
    """Advance a run in chunks up to the Scene's number of updates.

    All clients with the same Scene advance the same run. A run stays in memory when its clients disconnect, so pausing
    needs no request of its own.
    """
    try:
        while run.done < scene.updates:
            run.advance(scene.updates, workspace.chunking.seconds)
            workspace.keep(part_key(scene, run.part), run)
            yield
    finally:
        # Store the run again, because its size has changed.
        short = short_run_key(scene, run.part)
        workspace.runs.put(short if workspace.runs.get(short) is run else part_key(scene, run.part), run)

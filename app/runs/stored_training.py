"""Stored training runs: the workspace keeps them, so that a longer run continues a shorter one."""

from collections.abc import Iterator

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.runs.training import RunState, TrainingRun, initial_run
from cliffscape.app.scene.content_key import run_key
from cliffscape.app.scene.schema import Scene


def load_run(scene: Scene, workspace: Workspace) -> TrainingRun:
    """The Scene's run: the stored one, or a new one before its first update.

    A Scene with more updates continues the same run. A Scene with fewer updates has a run of its own, because a longer
    run has fewer snapshots and has counted its errors after other updates.
    """
    key = run_key(scene)
    run: TrainingRun | None = workspace.runs.get(key)
    if run is not None and run.done > scene.updates:
        key = short_run_key(scene)
        run = workspace.runs.get(key)
    if run is None:
        run = initial_run(scene, workspace.device)
        workspace.runs.put(key, run)
    return run


def restore_run(scene: Scene, state: RunState, workspace: Workspace) -> None:
    """Store a run that another process has begun, unless this one has gone further."""
    known: TrainingRun | None = workspace.runs.get(run_key(scene))
    if known is None or known.done < len(state.rows):
        run = initial_run(scene, workspace.device)
        run.resume(state)
        workspace.runs.put(run_key(scene), run)


def short_run_key(scene: Scene) -> str:
    """The key of a run with fewer updates than the one stored under the Scene's usual key."""
    return f"{run_key(scene)} {scene.updates}"


def advance_run(run: TrainingRun, scene: Scene, workspace: Workspace) -> Iterator[None]:
    """Advance a run in chunks up to the Scene's number of updates.

    All clients with the same Scene advance the same run. A run stays in memory when its clients disconnect, so pausing
    needs no request of its own.
    """
    try:
        while run.done < scene.updates:
            run.advance(scene.updates, workspace.chunking.seconds)
            workspace.keep(run_key(scene), run)
            yield
    finally:
        # Store the run again, because its size has changed.
        short = short_run_key(scene)
        workspace.runs.put(short if workspace.runs.get(short) is run else run_key(scene), run)

"""The commands ``cliffscape study ...``: trainings of the paper's task for all combinations of some values."""

# ruff: noqa: PLC0415
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cliffscape.app.command import INTERRUPTED, Cluster, ClusterCommand, PlanOnly, Processes, fail, load_settings
from cliffscape.app.terminal import interruption_ends_process
from cliffscape.landscapes.bound_error import BoundError

if TYPE_CHECKING:
    from cliffscape.app.block_commands.processes import BlockProcesses
    from cliffscape.app.blocks.work import Stop
    from cliffscape.app.training_studies.study import Study

study = typer.Typer(no_args_is_help=True, help="Train networks for all combinations of some values.")
ResultFolder = Annotated[Path, typer.Option(help="The folder of the results; a new command continues what it holds.")]


@study.callback()
def commands() -> None:
    """Train networks for all combinations of some values."""


@study.command(cls=ClusterCommand)
def temporal_order(
    lengths: Annotated[str, typer.Option(help="Lengths of sequences: 10,50, or FROM:TO, or FROM:TO:STEP.")] = "20",
    thresholds: Annotated[str, typer.Option(help="Thresholds of clipping by norm, with commas.")] = "1",
    learning_rates: Annotated[str, typer.Option(help="Learning rates of gradient descent, with commas.")] = "0.01",
    seeds: Annotated[int, typer.Option(help="Trainings of each combination, with weights of their own.")] = 10,
    updates: Annotated[int, typer.Option(help="The most updates of a training.")] = 5_000_000,
    out: ResultFolder = Path("results"),
    plan: PlanOnly = False,
    processes: Processes = None,
    cluster: Cluster = None,
) -> None:
    """Which seeds learn the temporal order (Pascanu et al. 2013), for every combination, without and with clipping.

    After Ctrl-C, or if it is killed, the same command continues with the states that are kept.
    """
    with interruption_ends_process():
        from cliffscape.app.block_commands.processes import block_processes
        from cliffscape.app.training_studies.study import Study, parse_lengths, parse_numbers
        from cliffscape.app.training_studies.study_work import study_plan, useful_processes

    # No training needs the landscapes of the user's files.
    settings = load_settings({"cluster": cluster, "landscape_files": ()})
    try:
        numbers = parse_numbers("--thresholds", thresholds), parse_numbers("--learning-rates", learning_rates)
        chosen = Study(parse_lengths(lengths), *numbers, seeds, updates)
        with block_processes(settings, processes, useful_processes(chosen)) as using:
            if plan:
                for line in study_plan(chosen, using.count):
                    typer.echo(line)
                return
            stop = run_study(chosen, out, using, sys.stderr)
    except BoundError as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror}", code=1)
    if stop:
        fail(stop.sentence, code=INTERRUPTED if stop.interrupted else 1)
    typer.echo(str(out))


def run_study(chosen: "Study", out: Path, processes: "BlockProcesses", stream: TextIO) -> "Stop | None":
    """Run a study, with progress on ``stream``; returns why it stopped before its end, if it did.

    Raises:
        BoundError: the folder belongs to something else.
        OSError: a file cannot be written.
    """
    from cliffscape.app.blocks.kept_blocks import KeptBlocks
    from cliffscape.app.blocks.pool import PoolError
    from cliffscape.app.blocks.work import Stop
    from cliffscape.app.terminal import ProgressLine, catch_interruption
    from cliffscape.app.training_studies import training_block
    from cliffscape.app.training_studies.study_work import StudyWork

    kept, line = KeptBlocks(out, chosen.claim), ProgressLine(stream)
    again = f"the same command continues with the states in {out}"
    # A pool may be refused, and then no folder is left.
    kept.check()
    with catch_interruption() as interruption:
        pool = processes.pool(training_block.compute_block)
        work = StudyWork(chosen, kept, line.show)
        try:
            with kept.open():
                complete = work.run(pool, lambda: interruption.time is not None)
        except KeyboardInterrupt:
            return Stop(f"stopped at once; {again}", interrupted=True)
        except PoolError as error:
            return Stop(f"{error}; {again}, and --processes takes fewer of them", interrupted=False)
        finally:
            pool.cancel()
            line.close()
    total = len(work.trainings)
    return None if complete else Stop(f"stopped after {work.finished:,} of {total:,} trainings; {again}", True)

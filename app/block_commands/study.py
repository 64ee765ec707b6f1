"""The commands ``cliffscape study ...``: trainings of the paper's task for all combinations of some values."""

# ruff: noqa: PLC0415
import sys
from pathlib import Path
from typing import Annotated

import typer

from cliffscape.app.block_commands.ending import block_failures, end_blocks, show_plan
from cliffscape.app.command import Cluster, ClusterCommand, PlanOnly, Processes, load_settings
from cliffscape.app.terminal import interruption_ends_process

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
        from cliffscape.app.training_studies.session import compute_study
        from cliffscape.app.training_studies.study import Study, parse_lengths, parse_numbers
        from cliffscape.app.training_studies.study_work import study_plan, useful_processes
        from cliffscape.app.training_studies.training_block import compute_block

    # No training needs the landscapes of the user's files.
    settings = load_settings({"cluster": cluster, "landscape_files": ()})
    with block_failures(out):
        numbers = parse_numbers("--thresholds", thresholds), parse_numbers("--learning-rates", learning_rates)
        chosen = Study(parse_lengths(lengths), *numbers, seeds, updates)
        with block_processes(settings, processes, useful_processes(chosen)) as using:
            if plan:
                show_plan(study_plan(chosen, using.count))
                return
            stop = compute_study(chosen, out, lambda: using.pool(compute_block), sys.stderr)
    end_blocks(stop, out)

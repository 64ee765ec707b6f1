"""A training run in a terminal: it shows its progress, and Ctrl-C ends it after the present block of updates."""

from functools import partial
from typing import TextIO

import torch

from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.runs.training_result import progress_text
from cliffscape.app.scene.schema import Scene
from cliffscape.app.terminal import ProgressLine, catch_interruption

# Seconds that a block of updates takes.
BLOCK_SECONDS = 0.2


def train_scene(scene: Scene, device: torch.device | str, stream: TextIO) -> TrainingRun:
    """Train the Scene's network, with progress on ``stream``. After Ctrl-C the run has fewer updates than the Scene."""
    line = ProgressLine(stream)
    with catch_interruption() as interruption:
        run = initial_run(scene, device)
        while run.done < scene.updates and interruption.time is None:
            run.advance(scene.updates, BLOCK_SECONDS)
            line.show(partial(progress_text, run.done, scene.updates, run.pace), run.done >= scene.updates)
    line.close()
    return run

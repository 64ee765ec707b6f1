"""What the presets of a recurrent network's training come to, and the changes to them that their sentences speak of.

    python benchmarks/learning/presets.py    a minute on one core

The Scenes are the page's own, trained without and with their clips. A class is learned once fewer than 1 % of 2,000
unseen sequences are answered wrongly, counted every 50 updates; of sums, the mean loss of the last 50 updates is shown.
"""

import time
from typing import Any

import torch

from cliffscape.app.runs.training import initial_run
from cliffscape.app.scene.links import from_query, to_url_text
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.networks.training import first_time, train
from cliffscape.landscapes.slices.network_presets import TRAININGS

BLOCK, FRESH = 50, 2000
ADDING = "Nesterov, careful initialisation"
NORMAL = {"initialisation": "normal", "initialisation.radius": None}
NORMAL |= {"initialisation.input_std": None, "initialisation.output_std": None}
# What is changed in a preset; None takes a choice away.
CHANGES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "Norm and value clipping compared": [("by norm at 1", {"clip": "by_norm", "clip.threshold": 1.0})],
    ADDING: [
        ("momentum 0, rate 0.1", {"optimizer.momentum": 0.0, "optimizer.learning_rate": 0.1}),
        ("normal weights", NORMAL),
    ],
    "LSTM, plain gradient descent": [("tanh RNN", {"cell": "tanh_rnn"})],
}


def scene_of(choices: dict[str, Any]) -> Scene:
    """The Scene of a preset's choices."""
    kept = {name: value for name, value in choices.items() if value is not None}
    return from_query({"landscape": "recurrent_network", **{name: to_url_text(value) for name, value in kept.items()}})


def outcomes(scene: Scene) -> list[str]:
    """The results of all seeds, without the clip and with it."""
    run, sums = initial_run(scene), scene.net.task.outputs == 1
    arguments = (run.net, run.carry, run.seeds, run.optimizer, run.clip, scene.updates, run.batch_size)
    parts = list(train(*arguments, block=BLOCK, fresh=0 if sums else FRESH))
    if sums:
        return [f"{losses.min():.3f} to {losses.max():.3f}" for losses in parts[-1].loss.mean(0)]
    return [describe_learning(updates) for updates in first_time(parts, lambda part: part.error < 0.01)]


def describe_learning(updates: torch.Tensor) -> str:
    """How many seeds learned it, and after how many updates."""
    done = updates[updates > 0].tolist()
    after = f" after {min(done):,} to {max(done):,}" if done else ""
    return f"{len(done)} of {len(updates)}{after}"


def main() -> None:
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, one thread, float64\n")
    print("| preset | updates | seeds | without the clip | with it | s |\n|---|---|---|---|---|---|")
    for preset in TRAININGS:
        for name, changed in [("", {}), *CHANGES[preset.name]]:
            scene = scene_of({**preset.choices, **changed})
            began = time.process_time()
            without, with_clip = outcomes(scene)
            spent = time.process_time() - began
            title = f"{preset.name}{', ' if name else ''}{name}"
            print(
                f"| {title} | {scene.updates:,} | {scene.seeds} | {without} | {with_clip} | {spent:.0f} |", flush=True
            )


if __name__ == "__main__":
    main()

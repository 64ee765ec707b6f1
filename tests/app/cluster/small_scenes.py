"""Scenes that take seconds, and the settings of a small cluster."""

from collections.abc import Sequence
from typing import Any

from cliffscape.app.frames.plan import EVERY
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings

# A compiled routine rounds differently from PyTorch, and when it is ready depends on the time.
SETTINGS = Settings(
    device="cpu",
    compile=False,
    warm=False,
    cluster="local",
    cluster_actors=2,
    cluster_cores=1,
    threads=1,
    deadline_seconds=200,
)
SHORT = {"steps": 20, "updates": 12, "seeds": 3, "clip": {"kind": "by_norm", "threshold": 0.5}}
NETWORK = {
    "landscape": {"kind": "recurrent_network", "batch_size": 4},
    "cell": {"kind": "tanh_rnn", "hidden_units": 5},
    "task": {"kind": "adding", "sequence_length": 6},
}
SCENES: Sequence[tuple[dict[str, Any], Sequence[str]]] = (
    ({}, EVERY),
    # A clip with a memory has no bias, and so the frame takes no seconds.
    ({"landscape": {"kind": "large_example", "minibatch_size": 1}, "clip": {"kind": "random_step"}}, ["bias"]),
    (NETWORK, [kind for kind in EVERY if kind != "sweep"]),
    ({"landscape": {"kind": "formula", "text": "(x - 1)**2 + y**2"}}, ["minima"]),
)
MAPS = Scene.model_validate({"landscape": {"kind": "himmelblau"}, "steps": 120})
TRAINING = Scene.model_validate({**NETWORK, **SHORT, "updates": 2000})

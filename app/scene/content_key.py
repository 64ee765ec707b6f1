"""Content keys: hashes of everything that a result depends on. The caches are keyed by them."""

import hashlib
import json
from typing import Any

from cliffscape.app.scene.dependencies import SLICE, TRAINING_RUN, values
from cliffscape.app.scene.schema import Scene


def digest(*recipe: Any) -> str:
    """The hash of ``recipe``, which must be JSON without Inf or NaN."""
    # 24 digits are 96 bits: enough to rule out collisions, and short enough for requests that list 200 keys.
    return hashlib.sha256(json.dumps(recipe, sort_keys=True, allow_nan=False).encode()).hexdigest()[:24]


def run_key(scene: Scene) -> str:
    """The key of a training run, for any number of updates: a longer run continues a shorter one."""
    return digest("run", values(scene, TRAINING_RUN))


def slice_key(scene: Scene) -> str:
    """The key of a network's slice: the network, its weights, its minibatch, and the directions."""
    return digest("view", values(scene, SLICE))

"""Content keys: short names made from everything a result depends on, so that it is computed once and found again."""

import hashlib
import json
from typing import Any

from cliffscape.app.scene.dependencies import SLICE, TRAINING_RUN, values
from cliffscape.app.scene.schema import Scene


def digest(*recipe: Any) -> str:
    """A short name for everything in ``recipe``, which must be JSON without Inf or NaN."""
    return hashlib.sha256(json.dumps(recipe, sort_keys=True, allow_nan=False).encode()).hexdigest()[:24]


def run_key(scene: Scene) -> str:
    """The key of a training run, whatever its slice and number of updates: a longer run continues a shorter one."""
    return digest("run", values(scene, TRAINING_RUN))


def slice_key(scene: Scene) -> str:
    """The key of a network's slice: the network, its weights, its minibatch, and the directions."""
    return digest("slice", None, values(scene, SLICE))

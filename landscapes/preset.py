"""Presets: named experiments of a landscape, with the facts that their words state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PresetFact:
    """A statement of a preset: words of its name or sentence, and the quantity behind them, as in a lesson's facts.

    The quantity must be the number in the words, to half a unit of its last digit, unless there are bounds or the
    string or truth value that it ``equals``. ``changes`` are choices that differ from the preset's; None takes one
    away.
    """

    says: str
    quantity: str
    least: float | None = None
    most: float | None = None
    equals: str | bool | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Preset:
    """A named experiment: a sentence, its choices, keyed as in the link of a Scene, and the sentence's facts.

    Every number and every outcome in name and sentence is a choice or has a fact. ``check-lessons`` checks the facts.
    """

    name: str
    sentence: str
    choices: Mapping[str, Any]
    facts: tuple[PresetFact, ...] = ()


def descent_preset(
    name: str,
    sentence: str,
    rate: float,
    threshold: float,
    steps: int,
    facts: tuple[PresetFact, ...] = (),
    **choices: object,
) -> Preset:
    """A preset of gradient descent clipped by norm, with further ``choices``."""
    numbers = {"optimizer.learning_rate": rate, "clip.threshold": threshold, "steps": steps}
    return Preset(name, sentence, {"optimizer": "gradient_descent", "clip": "by_norm", **numbers, **choices}, facts)


# The preset of a landscape that declares none.
PLAIN_DESCENT = descent_preset("Gradient descent", "Gradient descent, clipped by norm.", 0.1, 1.0, 60)

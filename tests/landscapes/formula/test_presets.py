"""Presets of formulas: their windows, starts and solved losses fit what is found for their texts."""

import pytest
import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.formula.presets import KNOWN, PRESETS, RECURRENCE, WRITTEN_OUT

ENTRY = LANDSCAPES["formula"]


def test_every_preset_has_a_window() -> None:
    assert {preset.choices.get("landscape.text", WRITTEN_OUT) for preset in PRESETS} == set(KNOWN)


@pytest.mark.parametrize("text", KNOWN)
def test_the_solved_loss_is_just_above_that_of_the_minima(text: str) -> None:
    facts, shown = KNOWN[text], ENTRY.of(text=text)
    assert facts.window.holds(facts.start)
    minima = ENTRY.minima(**{**ENTRY.defaults, **shown.defaults, "text": text})
    losses = ENTRY.loss(text=text)(torch.tensor(minima, dtype=torch.float64))
    assert facts.solved is not None
    assert (losses < facts.solved).all() and (losses > facts.solved - 0.02).all()
    # The valley of the recurrence passes through a large part of the plane.
    assert text == RECURRENCE or any(facts.window.holds(minimum) for minimum in minima)


def test_the_presets_set_the_values_that_their_texts_declare() -> None:
    for preset in PRESETS:
        text = preset.choices.get("landscape.text", WRITTEN_OUT)
        declared = ENTRY.of(text=text).defaults
        chosen = {name: preset.choices.get(f"landscape.{name}", ENTRY.defaults[name]) for name in declared}
        assert chosen == {**declared, "text": text}

"""Presets of the network: trainings compare several seeds. Their facts are checked in tests/app/lessons."""

from cliffscape.landscapes.slices.network_landscape import RECURRENT
from cliffscape.landscapes.slices.network_presets import DESCENTS, TRAININGS


def test_trainings_have_several_seeds_and_descents_one() -> None:
    assert RECURRENT.presets == (*DESCENTS, *TRAININGS)
    assert all(preset.choices["seeds"] >= 4 for preset in TRAININGS)
    assert all("seeds" not in preset.choices for preset in DESCENTS)

"""What there is to choose from, and that every choice says what it is."""

from itertools import chain

import pytest

from cliffscape.landscapes.declare import Entry
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS

ENTRIES = list(chain(CELLS, TASKS, INITIALISATIONS))


def test_the_families_are_complete() -> None:
    assert [entry.kind for entry in CELLS] == ["tanh_rnn", "relu_rnn", "gru", "lstm"]
    assert {entry.kind for entry in TASKS} == {
        "adding",
        "multiplication",
        "exclusive_or",
        "temporal_order",
        "three_bit_temporal_order",
        "copy_memory",
        "noiseless_memorisation",
        "characters",
    }
    assert [entry.kind for entry in INITIALISATIONS] == [
        "framework_default",
        "normal",
        "orthogonal",
        "identity",
        "spectral_radius",
    ]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.kind for entry in ENTRIES])
def test_every_entry_is_documented_and_its_defaults_are_in_range(entry: Entry) -> None:
    assert {"Formula", "Reference"} <= set(entry.documentation.notes)
    for parameter in entry.parameters:
        assert parameter.range.low <= parameter.default <= parameter.range.high
        assert parameter.sentence.endswith(".")
    entry.function(**entry.defaults)

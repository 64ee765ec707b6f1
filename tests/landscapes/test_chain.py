"""Chains: repeated steps, for one length and for every length at once, and what landscapes declare about theirs."""

import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.chain import repeat
from tests.reference import tensor


def test_every_row_has_its_own_number_of_steps() -> None:
    state = tensor([1.0, 1.0, 1.0])
    assert repeat(lambda state: 2 * state, state, 3).tolist() == [8, 8, 8]
    assert repeat(lambda state: 2 * state, state, torch.arange(1, 4)).tolist() == [2, 4, 8]
    assert repeat(lambda state: 2 * state, state, 0) is state


def test_every_chain_has_a_study_and_an_output_with_an_error_or_residuals() -> None:
    assert {entry.kind for entry in LANDSCAPES if entry.chain} == {
        entry.kind for entry in LANDSCAPES if entry.study == "vanishing"
    }
    assert [entry.kind for entry in LANDSCAPES if entry.study == "composition"] == ["repeated_composition"]
    for entry in LANDSCAPES:
        if entry.chain is not None:
            assert entry.squares is not None or (entry.chain.output and entry.chain.error)

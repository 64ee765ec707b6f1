"""Groups: every landscape of the catalogue names one, and a reader's own landscape need not."""

import pytest

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.group import GROUPS, OWN, check_group
from cliffscape.landscapes.loss import Landscape, landscape
from cliffscape.landscapes.slices.network_landscape import RECURRENT

EVERY = [*LANDSCAPES, RECURRENT]


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.kind)
def test_every_landscape_of_the_catalogue_declares_its_group(entry: Landscape) -> None:
    """A new file of landscapes is tested on arrival: without a group it would be shown as the reader's own."""
    assert entry.group in GROUPS
    assert entry.group != OWN


def test_every_group_has_a_sentence_and_all_but_the_readers_own_have_landscapes() -> None:
    assert all(sentence.endswith(".") for sentence in GROUPS.values())
    assert {entry.group for entry in EVERY} == set(GROUPS) - {OWN}
    assert list(GROUPS)[-1] == OWN


def test_another_group_is_an_error_that_lists_the_groups() -> None:
    sentence = "group must be one of Cliffs, Vanishing, .*, Yours, got Hills"
    with pytest.raises(BoundError, match=sentence):
        check_group("Hills")
    with pytest.raises(BoundError, match=sentence):
        landscape(label="Hill", windows={"whole": (0, 1, 0, 1)}, start=(0, 0), presets=(), group="Hills")

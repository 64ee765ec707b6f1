"""Studies: which landscapes have one, and that each is made."""

import pytest

from cliffscape.app.compute.generators import run_to_end
from cliffscape.app.frames.plan import KINDS, plan
from cliffscape.app.frames.studies import FRAMES, STUDIES
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import LANDSCAPES
from tests.app.frames.test_network import workspace


@pytest.mark.parametrize("kind", STUDIES)
def test_every_study_is_made_and_says_which_it_is(kind: str) -> None:
    (part,) = plan(Scene.model_validate({"landscape": {"kind": kind}}), ("study",))
    frame = run_to_end(part.begin(workspace()))  # type: ignore[arg-type]
    assert frame.fields["study"] == STUDIES[kind]  # type: ignore[attr-defined]
    assert frame.fields["sentences"]  # type: ignore[attr-defined]


def test_studies_are_of_landscapes_and_nobody_gets_one_unasked() -> None:
    assert STUDIES.keys() < LANDSCAPES.entries.keys() and set(STUDIES.values()) == FRAMES.keys()
    assert "study" not in KINDS

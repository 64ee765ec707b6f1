"""Studies: which landscapes have one, and a frame of each."""

import pytest

from cliffscape.app.frames.plan import DEFAULT_KINDS, plan
from cliffscape.app.frames.studies.registry import STUDIES
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_network import workspace

DECLARED = {entry.kind: entry.study for entry in LANDSCAPES if entry.study}


@pytest.mark.parametrize("kind", DECLARED)
def test_every_study_frame_names_its_study(kind: str) -> None:
    (planned,) = plan(Scene.model_validate({"landscape": {"kind": kind}}), ("study",))
    frame = run_to_end(planned.begin(workspace()))  # type: ignore[arg-type]
    assert frame.fields["study"] == DECLARED[kind]  # type: ignore[attr-defined]
    assert frame.fields["sentences"]  # type: ignore[attr-defined]


def test_every_study_has_a_landscape_and_is_sent_only_on_request() -> None:
    assert set(DECLARED.values()) == STUDIES.keys()
    assert "study" not in DEFAULT_KINDS

"""The page's signatures and the server's keys of frames distinguish the same Scenes."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.frames.kind import KINDS, kinds_of
from cliffscape.app.frames.plan import EVERY
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from tests.static.scripts import signatures as signatures_of

NETWORK: dict[str, Any] = {"landscape": {"kind": "recurrent_network"}}
PRINCIPAL: dict[str, Any] = {**NETWORK, "slice": {"kind": "principal"}}
CHANGES: list[dict[str, Any]] = [
    {},
    {"steps": 10},
    {"start": (4.0, -1.5)},
    {"window": "paper"},
    {"window": (3, 6, -3, -1)},
    {"colour": "gradient_norm"},
    {"height": "linear"},
    {"runs": "with"},
    {"optimizer": {"kind": "adam"}},
    {"optimizer": {"kind": "gradient_descent", "learning_rate": 0.1}},
    {"clip": {"kind": "none"}},
    {"clip": {"kind": "autoclip"}},
    {"clip": {"kind": "by_norm", "threshold": 1.0}},
    {"schedule": {"kind": "cosine"}},
    {"landscape": {"kind": "one_unit_rnn", "sequence_length": 20}},
    {"landscape": {"kind": "one_unit_rnn", "target": 0.6}},
    {"landscape": {"kind": "outlier"}},
    {"landscape": {"kind": "outlier", "minibatch_size": 2}},
    {"landscape": {"kind": "heavy_tails"}},
    {"landscape": {"kind": "tanh_chain"}},
    {"landscape": {"kind": "repeated_composition"}},
    {"cloud": 4},
    {"cloud": 4, "cloud_seed": 1},
    {"cloud_seed": 1},
    {"sweep": ("start.x", "clip.threshold")},
    {"sweep_ranges": (0.1, 1, 0.1, 1)},
]
NETWORKS: list[dict[str, Any]] = [
    {},
    {"start": (0.5, 0.5)},
    {"window": (0, 1, 0, 1), "start": (0.5, 0.5)},
    {"colour": "gradient_norm"},
    {"updates": 10},
    {"seeds": 2},
    {"optimizer": {"kind": "gradient_descent", "learning_rate": 0.05}},
    {"clip": {"kind": "none"}},
    {"cell": {"kind": "gru"}},
    {"task": {"kind": "adding"}},
    {"initialisation": {"kind": "orthogonal"}},
]
FORMS = [*CHANGES, *({**NETWORK, **form} for form in NETWORKS), *({**PRINCIPAL, **form} for form in NETWORKS)]
SCENES = [Scene.model_validate(form) for form in FORMS]


@pytest.fixture(scope="module")
def signatures(scripts: Path) -> list[list[str]]:
    """The page's signature of every kind, Scene by Scene."""
    return signatures_of(scripts, catalogue(), EVERY, [scene.model_dump(mode="json") for scene in SCENES])


@pytest.mark.parametrize("kind", EVERY)
def test_the_page_and_the_server_agree_which_kinds_a_scene_has(kind: str, signatures: list[list[str]]) -> None:
    for scene, known in zip(SCENES, signatures, strict=True):
        assert bool(known[EVERY.index(kind)]) == (KINDS[kind] in kinds_of(scene))


@pytest.mark.parametrize("kind", EVERY)
def test_signatures_differ_if_and_only_if_keys_differ(kind: str, signatures: list[list[str]]) -> None:
    had = [
        (KINDS[kind].keys(scene, [None])[0], known[EVERY.index(kind)])
        for scene, known in zip(SCENES, signatures, strict=True)
        if KINDS[kind] in kinds_of(scene)
    ]
    pairs = list(combinations(had, 2))
    assert all(one[1] != other[1] for one, other in pairs if one[0] != other[0])
    assert all(one[0] != other[0] for one, other in pairs if one[1] != other[1])

"""Conflicts: of parts that are valid alone but not together, a link gives up the last one and keeps the rest."""

import itertools
from typing import Any

import pytest
from pydantic import ValidationError

from cliffscape.app.scene.conflicts import is_conflict
from cliffscape.app.scene.labels import FIELDS, part_name, with_labels
from cliffscape.app.scene.links import from_query, parse_link, to_query
from cliffscape.app.scene.schema import FAMILIES, NET_FAMILIES, Scene
from cliffscape.app.scene.validation import Violation, violations
from cliffscape.app.web.pages import read_link

PAIRS = list(itertools.combinations(FAMILIES, 2))
NETWORK = {"landscape": "recurrent_network"}


def violation(query: dict[str, str]) -> Violation | None:
    """What is wrong with the combination in a query, if anything."""
    try:
        from_query(query)
    except ValidationError as error:
        assert is_conflict(error)
        [found] = violations(error, Scene)
        return found
    return None


@pytest.mark.parametrize(("first", "second"), PAIRS, ids="-".join)
def test_every_pair_of_kinds_is_a_scene_or_gives_up_the_later_kind(first: str, second: str) -> None:
    network = NETWORK if first != "landscape" and {first, second} & set(NET_FAMILIES) else {}
    for one, other in itertools.product(FAMILIES[first], FAMILIES[second]):
        query = {**network, first: one.kind, second: other.kind}
        scene, notice = read_link(query)
        found = violation(query)
        if found is None:
            assert notice == [] and to_query(scene).items() <= query.items()
            continue
        assert scene == from_query({**network, first: one.kind})
        assert (found.field, found.value) == (second, f"'{other.label}'")
        reason = with_labels(found.message, second, query).removeprefix(part_name(second, query))
        assert notice == [f"{FIELDS[second]} '{other.label}' is left out: it{reason}"]
        assert f"'{one.label}'" in found.message


CONFLICTS: list[tuple[str, dict[str, str], list[str]]] = [
    (
        "landscape=heavy_tails&clip=zclip&clip.decay=0.9&optimizer.learning_rate=0.2&steps=7",
        {"landscape": "heavy_tails", "optimizer.learning_rate": "0.2", "steps": "7"},
        [
            "Clipping rule 'ZClip' is left out: it must be one that does not depend on earlier gradients, unless "
            "Minibatch size m (landscape.minibatch_size) is at least 16 for 'Heavy tails'"
        ],
    ),
    (
        "clip=zclip&optimizer=hessian_free&landscape=heavy_tails&schedule=cosine",
        {"landscape": "heavy_tails", "schedule": "cosine"},
        ["Optimizer 'Hessian-free' is left out: it must be ", "Clipping rule 'ZClip' is left out: it must be "],
    ),
    (
        "landscape=recurrent_network&optimizer=hessian_free&steps=5000&clip=by_value",
        {**NETWORK, "optimizer": "hessian_free", "clip": "by_value"},
        ["Steps must be at most 1000 where the server computes the descent"],
    ),
    (
        "landscape=recurrent_network&task.sequence_length=200&cell=lstm&cell.hidden_units=512&clip=zclip",
        {**NETWORK, "cell": "lstm", "cell.hidden_units": "512", "clip": "zclip"},
        [
            "Sequence length T (task.sequence_length) is left out: Batch size B (landscape.batch_size) must be at most "
            "18 for 200 steps of 512 units"
        ],
    ),
    (
        "landscape=recurrent_network&landscape.batch_size=256&cell=lstm&cell.hidden_units=512&task.sequence_length=200",
        {**NETWORK, "landscape.batch_size": "256", "cell": "lstm", "task.sequence_length": "200"},
        [
            "Hidden units H (cell.hidden_units) is left out: Batch size B (landscape.batch_size) must be at most 18 "
            "for 200 steps of 512 units"
        ],
    ),
    (
        "landscape=recurrent_network&slice=coordinates&slice.first=bias[0]&slice.second=bias[0]&optimizer=adam",
        # The default of slice.second is bias[0].
        {**NETWORK, "slice": "coordinates", "slice.second": "bias[0]", "optimizer": "adam"},
        [
            "First (slice.first) is left out: Second (slice.second) must be different from First (slice.first), got "
            "'bias[0]'"
        ],
    ),
    ("window=3,4,1,2&start=9,9&clip=by_value", {"window": "3,4,1,2", "clip": "by_value"}, ["Start must be inside a "]),
]


@pytest.mark.parametrize(("link", "kept", "sentences"), CONFLICTS, ids=[link for link, *_ in CONFLICTS])
def test_a_conflict_gives_up_what_it_must_and_says_so(link: str, kept: dict[str, str], sentences: list[str]) -> None:
    scene, notice = read_link(parse_link(link)[0])
    assert scene == from_query(kept)
    assert len(notice) == len(sentences)
    for said, expected in zip(notice, sentences, strict=True):
        assert said.startswith(expected)


@pytest.mark.parametrize("landscape", [entry.kind for entry in FAMILIES["landscape"]])
def test_no_conflict_gives_up_the_landscape(landscape: str) -> None:
    for optimizer, clip in itertools.product(FAMILIES["optimizer"], ("random_step", "zclip")):
        query = {"landscape": landscape, "slice": "principal", "optimizer": optimizer.kind, "clip": clip}
        scene, notice = read_link({**query, "steps": "5000"})
        lost = [name for name in query if getattr(scene, name).kind != query[name]]
        assert "landscape" not in lost and len(notice) == len(lost) + (scene.steps != 5000)


def test_the_api_names_the_part_that_a_link_would_give_up(client: Any) -> None:
    scene = {"landscape": {"kind": "heavy_tails"}, "clip": {"kind": "zclip"}}
    answer = client.post("/frames", json={"scene": scene})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["value"]) == ("clip", "'ZClip'")
    assert error["message"] == answer.json()["detail"]
    assert "unless landscape.minibatch_size is at least 16 for 'Heavy tails'" in error["message"]

"""Links: every Scene is restored from its query, which contains only what differs from the defaults."""

from typing import Any

import pytest

from cliffscape.app.scene.links import drop_tracking, from_query, parse_link, to_query, to_url_text
from cliffscape.app.scene.schema import FAMILIES, SURFACES, Scene

KINDS = [(family, entry.kind) for family, members in FAMILIES.items() for entry in members]
SCENES: list[dict[str, Any]] = [
    {},
    {"steps": 7, "runs": "with", "colour": "gradient_norm", "height": "log"},
    {"window": "paper", "start": (4.9, -2.45)},
    {"window": (3.1, 5.5, -2.25, -1e-3), "start": (4.0, -1.0)},
    {"clip": {"kind": "random_step", "threshold": 0.5, "seed": 12345}},
    {"optimizer": {"kind": "adam", "learning_rate": 0.1 + 0.2, "epsilon": 1e-12}},
    {"landscape": {"kind": "repeated_composition", "gain": 2.5, "seed": 9999}},
    {
        "landscape": {"kind": "recurrent_network", "seed": 3},
        "cell": {"kind": "lstm", "hidden_units": 8},
        "task": {"kind": "adding", "sequence_length": 30},
        "initialisation": {"kind": "spectral_radius", "radius": 1.1},
        "slice": {"kind": "coordinates", "first": "weight_hh[1,2]", "second": "bias[3]"},
    },
]


@pytest.mark.parametrize("form", SCENES)
def test_links_read_back(form: dict[str, Any]) -> None:
    scene = Scene.model_validate(form)
    query = to_query(scene)
    assert from_query(query) == scene
    assert bool(query) == bool(form)


@pytest.mark.parametrize(("family", "kind"), KINDS)
def test_links_of_every_kind_read_back(family: str, kind: str) -> None:
    middle = {p.name: (p.range.low + p.range.high) / 2 for p in FAMILIES[family][kind].parameters}
    parameters = {p.name: p.type(middle[p.name]) for p in FAMILIES[family][kind].parameters}
    if kind == "formula":
        parameters["text"] = "h = x\nfor _ in range(T):\n    h = h*y\na*h + c"
        parameters |= {"repetitions": 7, "first_constant": 2.5}
    scene = Scene.model_validate({family: {"kind": kind, **parameters}})
    assert from_query(to_query(scene)) == scene


@pytest.mark.parametrize("entry", list(SURFACES), ids=lambda entry: entry.kind)
def test_presets_are_scenes(entry: Any) -> None:
    for preset in entry.presets:
        choices = {**preset.choices, "landscape": entry.kind}
        query = {name: to_url_text(value) for name, value in choices.items()}
        assert from_query(query).landscape.kind == entry.kind


def test_parameters_without_a_kind_are_the_default_kinds() -> None:
    scene = from_query({"clip.threshold": "0.5", "landscape.target": "0.6"})
    assert scene.clip.kind == "by_norm"
    assert scene.parameters("landscape")["target"] == 0.6


def test_json_reads_back() -> None:
    for form in SCENES:
        scene = Scene.model_validate(form)
        assert Scene.model_validate_json(scene.model_dump_json()) == scene


@pytest.mark.parametrize("link", ["steps=7", "?steps=7#map", "http://127.0.0.1:8000/?steps=7#map?x=1"])
def test_a_links_query_ends_before_its_fragment(link: str) -> None:
    assert parse_link(link) == ({"steps": "7"}, [])


def test_a_fragment_is_no_query() -> None:
    assert parse_link("http://127.0.0.1:8000/#map?steps=7") == ({}, [])


def test_tracking_parameters_are_left_out_of_a_links_query() -> None:
    names = ["utm_source", "utm_campaign", "fbclid", "gclid", "msclkid", "mc_eid", "igshid", "_ga"]
    link = "?steps=7&" + "&".join(f"{name}=x.1-2" for name in names)
    assert parse_link(link) == ({"steps": "7"}, names)


def test_no_name_of_a_scene_is_a_tracking_parameter() -> None:
    parameters = [f"{family}.{p.name}" for family, kind in KINDS for p in FAMILIES[family][kind].parameters]
    names = [*Scene.model_fields, *parameters, "lesson", "clip_id", "utm"]
    assert drop_tracking(dict.fromkeys(names, ""))[1] == []

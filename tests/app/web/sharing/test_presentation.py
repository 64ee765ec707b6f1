"""Presentations: which parts a link shows, which values it locks, and what it says about names that do not exist."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.app.scene.schema import DEFAULT, FAMILIES, Scene
from cliffscape.app.settings import PROJECT, Settings
from cliffscape.app.web.sharing.presentation import (
    USUAL,
    Presentation,
    all_fields,
    find_parts,
    read_presentation,
    split_presentation,
)
from tests.app.web.test_pages import opening

PARTS = find_parts(PROJECT / "templates")


def read(query: dict[str, str], scene: Scene = DEFAULT) -> tuple[Presentation, list[str]]:
    """The presentation of a link, with the parts of the page."""
    return read_presentation(query, PARTS, scene)


def test_a_name_is_a_part_or_a_field_but_not_both_by_accident() -> None:
    # The choice of the landscape is in the header, its parameters are among the controls.
    assert set(PARTS) & set(all_fields()) == {"landscape"}
    assert set(USUAL) <= set(PARTS)


@pytest.mark.parametrize(
    "field", [f"{family}.{p.name}" for family, members in FAMILIES.items() for one in members for p in one.parameters]
)
def test_every_parameter_of_the_catalogue_has_its_names(field: str) -> None:
    names = all_fields()
    family, _, name = field.partition(".")
    assert names[field] == (field,)
    assert names[family] == (family,)
    # A short name that the Scene itself has, such as window, means the Scene's.
    assert field in names[name] or names[name] == (name,)


def test_a_presentation_is_written_as_it_was_read() -> None:
    query = {"embed": "1", "show": "clipping,learning_rate,,play", "hide": "zoom", "lock": "start,clip.threshold"}
    found, notice = read(query)
    assert notice == []
    assert found.query == "embed&show=clipping,learning_rate,play&hide=zoom&lock=start,clip.threshold"
    again, _ = read(dict(part.partition("=")[::2] for part in found.query.split("&")))
    assert again == found


def test_a_link_without_a_presentation_leaves_out_nothing() -> None:
    found, notice = read({})
    assert (found, notice) == (Presentation(), [])
    assert (found.selector, found.left_out(PARTS), found.query) == ("", [], "")


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ({"embed": "", "show": "clipping,reliev"}, "show must be one of title, ", "threshold, got 'reliev'"),
        ({"hide": "map,mapp"}, "hide must be one of title, ", ", got 'mapp'"),
        ({"lock": "map"}, "lock must be one of clipping, landscape, optimizer, ", "threshold, got 'map'"),
        ({"embed": "no"}, "embed must be empty, 1 or true, got 'no'", ""),
        ({"show": "play"}, "show must be in a link with embed, got 'play'", ""),
        ({"lock": "<script>"}, "lock must be one of", "got '<script>'"),
    ],
)
def test_what_is_invalid_is_one_sentence(query: dict[str, str], start: str, end: str) -> None:
    _, notice = read(query)
    assert len(notice) == 1
    assert notice[0].startswith(start)
    assert notice[0].endswith(end)


def test_names_of_other_kinds_are_valid_but_not_listed() -> None:
    found, notice = read({"lock": "momentum,nothing"})
    assert found.lock == ("momentum",)
    assert "momentum" not in notice[0]
    assert "cell" not in notice[0]
    network = from_query({"landscape": "recurrent_network"})
    assert "cell" in read({"lock": "nothing"}, network)[1][0]


def test_an_embedded_page_has_map_and_headline_and_what_is_named() -> None:
    found, _ = read({"embed": "", "show": "play,relief", "hide": "headline"})
    assert [part for part in PARTS if part not in found.left_out(PARTS)] == ["map", "relief", "play", "full_page"]
    assert '[data-part="play"]' in found.selector


def test_locked_values_fix_what_they_depend_on() -> None:
    assert read({"lock": "learning_rate"})[0].fixed == ()
    assert read({"lock": "learning_rate"})[0].locked == ("optimizer.learning_rate",)
    assert read({"lock": "clipping"})[0].locked == ("runs", "clip.threshold")
    assert read({"lock": "sequence_length"})[0].fixed == ("landscape",)
    assert read({"lock": "start"})[0].fixed == ("landscape", "slice")
    assert "lessons" in read({"lock": "start"})[0].left_out(PARTS)


@pytest.fixture(scope="module")
def visitor() -> Iterator[TestClient]:
    """A client of the real page."""
    with TestClient(create_app(Settings(warm=False, device="cpu", allowed_hosts=("testserver",)))) as running:
        yield running


def style(text: str) -> str:
    """The style that leaves parts out."""
    found = re.search(r"<style>(.*?)</style>", text, re.S)
    return unescape(found[1]) if found else ""


def test_the_page_keeps_its_scene_and_is_styled_before_its_scripts_run(visitor: TestClient) -> None:
    plain, framed = (
        visitor.get(f"/?landscape=ravine&steps=7{more}").text for more in ("", "&embed&show=play&lock=start")
    )
    for name in ("scene", "frames", "notice", "catalogue"):
        assert opening(plain)[name] == opening(framed)[name]
    assert style(plain) == ""
    assert '[data-part="play"]' in style(framed)
    assert opening(framed)["presentation"]["query"] == "embed&show=play&lock=start"


def test_a_lesson_in_a_frame_has_its_own_scene(visitor: TestClient) -> None:
    lesson = "lesson=04-gradient-descent-at-a-cliff"
    plain, framed = (opening(visitor.get(f"/?{lesson}{more}").text) for more in ("", "&embed"))
    assert framed["scene"] == plain["scene"]
    assert framed["lesson"]["name"] == plain["lesson"]["name"]


def test_an_unknown_part_is_said_on_the_page_and_the_scene_stays(visitor: TestClient) -> None:
    data: dict[str, Any] = opening(visitor.get("/?steps=7&embed&show=nothing").text)
    assert data["scene"]["steps"] == 7
    assert [one[:16] for one in data["notice"]] == ["show must be one"]
    assert data["presentation"]["embed"] is True


def test_commands_read_the_scene_of_an_embedded_page() -> None:
    assert parse_link("http://127.0.0.1/?steps=7&embed&show=play&lock=start") == ({"steps": "7"}, [])
    own, rest = split_presentation({"steps": "7", "embed": "", "hide": "map"})
    assert (own, rest) == ({"embed": "", "hide": "map"}, {"steps": "7"})


def test_parts_are_found_in_every_template(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<p data-part="one"></p><p data-part=""></p>', encoding="utf-8")
    (tmp_path / "b.html").write_text('<p data-part="two"></p><p data-part="one"></p>', encoding="utf-8")
    assert find_parts(tmp_path) == ("one", "two")
    assert json.dumps(Presentation().content(("one",)))

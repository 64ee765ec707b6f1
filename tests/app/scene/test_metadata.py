"""Metadata: the link of a Scene and the version, as files with its results have them."""

import tomllib

import pytest

from cliffscape.app.runs.table import read_scene
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.metadata import link, metadata
from tests.source.files import ROOT


@pytest.mark.parametrize(
    "query",
    [{}, {"landscape": "saddle", "start": "0.5,-1"}, {"steps": "7", "window": "3.5,5.7,-3,-1.3", "clip": "zclip"}],
)
def test_the_link_is_that_of_the_scene(query: dict[str, str]) -> None:
    scene = from_query(query)
    assert read_scene(link(scene)) == scene


def test_the_default_scene_has_a_link_that_names_its_landscape() -> None:
    assert link(from_query({})) == "?landscape=one_unit_rnn"


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata(from_query({}))["version"] == project["version"]

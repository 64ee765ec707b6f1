"""A page of its own from the command line: with the address of the link's server, or none."""

import pytest

from cliffscape.app.scene.links import from_query
from cliffscape.app.settings import Settings
from cliffscape.app.web.page_file.command import page_file, server_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://lab.example:8000/?landscape=saddle", "http://lab.example:8000/"),
        ("https://lab.example/cliffs/?landscape=saddle", "https://lab.example/cliffs/"),
        ("http://lab.example?landscape=saddle", "http://lab.example/"),
        ("?landscape=saddle", ""),
        ("landscape=saddle", ""),
        ("javascript:alert(1)?landscape=saddle", ""),
        ("", ""),
    ],
)
def test_the_address_is_that_of_the_links_server(text: str, address: str) -> None:
    assert server_address(text) == address


def test_the_file_is_named_after_landscape_and_outcome() -> None:
    name, content = page_file(from_query({"landscape": "saddle", "steps": "5"}), "landscape=saddle", Settings())
    assert name == "saddle-not-converged.html"
    assert content.startswith(b"<!doctype html>")
    assert b'relief-picture" hidden' in content


def test_the_relief_is_a_choice() -> None:
    scene = from_query({"landscape": "saddle", "steps": "5"})
    assert b'relief-picture">' in page_file(scene, "", Settings(), relief=True).content

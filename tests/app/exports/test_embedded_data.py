"""Data that a script contains: of the landscapes that declare them, for the Scene's parameters, and a user's text."""

from typing import Any

import pytest
import torch

from cliffscape.app.exports.embedded_data import decoders, replacements
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.networks.tasks.text import DefaultText
from cliffscape.landscapes.surfaces.per_example import heavy_tailed_points

NETWORK = {"landscape": "recurrent_network", "task": "characters"}


def defined(query: dict[str, str]) -> dict[str, Any]:
    """The namespace in which the replaced definitions of a Scene have run."""
    scene = from_query(query)
    space: dict[str, Any] = {function.__name__: function for function in decoders(scene)}
    for text in replacements(scene).values():
        exec(text, space)
    return space


def test_the_points_are_those_of_the_seed() -> None:
    space = defined({"landscape": "heavy_tails", "landscape.seed": "7"})
    assert torch.equal(space["heavy_tailed_points"](7), heavy_tailed_points(7))
    assert space["heavy_tailed_points"].__doc__.startswith("Points ``(4096, 2)`` of Student's t")


def test_other_landscapes_and_the_built_in_text_need_none() -> None:
    for query in ({}, {"landscape": "outlier"}, NETWORK):
        assert (replacements(from_query(query)), decoders(from_query(query))) == ({}, [])


def test_a_text_of_the_user_is_for_the_task_that_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DefaultText, "text", 'Two "lines"\nand a \\ sign, é. ' * 40)
    assert defined(NETWORK)["DefaultText"].text == DefaultText.text
    assert replacements(from_query({**NETWORK, "task": "adding"})) == {}

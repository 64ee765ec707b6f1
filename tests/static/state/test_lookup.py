"""What the page looks up in a Scene equals what the server does, over the whole catalogue."""

import json
import math
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from cliffscape.app.runs.verdicts import circumstances
from cliffscape.app.scene.dependencies import traits
from cliffscape.app.scene.links import from_query, parse_link, to_query, to_url_text
from cliffscape.app.scene.place import numbers_between
from cliffscape.app.scene.schema import FAMILIES, NET_FAMILIES, Scene
from cliffscape.app.scene.sweep_axes import axes, quantities
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.descent.verdict import Circumstances
from cliffscape.landscapes.models.model_landscape import VIEWS, register_view
from cliffscape.landscapes.models.trainings.recorded_run import record
from tests import node
from tests.landscapes.models.small_models import perceptron, perceptron_view

PROGRAM = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { traits } from "./js/state/scene/dependencies.js";
import { keepMinima } from "./js/state/scene/found_minima.js";
import { heightOf, noKernel, startOf, windowOf } from "./js/state/scene/lookup.js";
import { axesOf, quantities } from "./js/state/scene/sweep_axes.js";
import { toQuery } from "./js/state/scene/url.js";
import { circumstancesOf } from "./js/state/runs/trajectories.js";
import { numbersBetween } from "./js/views/page/zoom_buttons.js";
const { catalogue, scenes, solved } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
scenes.forEach(({ landscape }, k) => landscape.text && keepMinima(landscape, { solved: solved[k] }));
console.log(JSON.stringify(scenes.map((scene) => {
  const window = windowOf(scene);
  const [left, right, bottom, top] = window;
  return {
    query: toQuery(scene), traits: traits(scene), no_kernel: noKernel(scene), window, start: startOf(scene),
    height: heightOf(scene), axes: axesOf(scene), quantities: quantities(scene), about: circumstancesOf(scene),
    numbers: [numbersBetween(left, right), numbersBetween(bottom, top)],
  };
})));
"""
NETWORK: dict[str, Any] = {"landscape": {"kind": "recurrent_network"}}
# One Scene for every entry of every family, with all of its parameters in the middle of their ranges.
ENTRIES = [(family, entry) for family, members in FAMILIES.items() for entry in members]
PRESETS = [(entry, preset) for entry in FAMILIES["landscape"] for preset in entry.presets]
FIELDS: list[dict[str, Any]] = [
    {},
    {"steps": 7, "runs": "with", "colour": "gradient_norm", "height": "log", "map": "sweep", "path": "projection"},
    {"updates": 3, "seeds": 2, "cloud": 4, "cloud_seed": 5},
    {"window": "paper", "start": (4.9, -2.45)},
    {"window": (3, 6, -3, -1), "start": (4.0, -1.0)},
    {"window": (4.1, 4.1 + 1e-13, -1.1, -1.1 + 1e-13), "start": (4.1, -1.1)},
    {"sweep": ("start.y", "clip.threshold"), "sweep_ranges": (-2, -1, 0.1, 1), "sweep_scales": ("linear", "log")},
    {"clip": {"kind": "zclip"}, "schedule": {"kind": "cosine"}},
]


def middle(family: str, entry: Any) -> Scene:
    """A Scene with an entry and its parameters in the middle of their ranges; texts keep their defaults."""
    parameters = {
        one.name: one.default if one.type is str else one.type((one.range.low + one.range.high) / 2)
        for one in entry.parameters
    }
    network = NETWORK if family in NET_FAMILIES else {}
    try:
        return Scene.model_validate({**network, family: {"kind": entry.kind, **parameters}})
    except ValueError:
        # Some entries do not fit the default landscape, or are too large in the middle of their ranges.
        other = {} if family == "landscape" else NETWORK
        return Scene.model_validate({**other, family: {"kind": entry.kind}})


def scenes() -> list[Scene]:
    """Scenes with every entry, every preset and every field."""
    of_presets = [
        from_query({name: to_url_text(value) for name, value in {**preset.choices, "landscape": entry.kind}.items()})
        for entry, preset in PRESETS
    ]
    return [*(middle(*one) for one in ENTRIES), *of_presets, *map(Scene.model_validate, FIELDS)]


def look_up(scripts: Path, chosen: list[Scene]) -> list[tuple[Scene, dict[str, Any]]]:
    """Scenes with what the page looks up in them."""
    (scripts / "lookup.js").write_text(PROGRAM, encoding="utf-8")
    solved = [scene.surface.solved_loss(**scene.parameters("landscape")) for scene in chosen]
    dumped = [scene.model_dump(mode="json") for scene in chosen]
    given = {"catalogue": catalogue(), "scenes": dumped, "solved": solved}
    (scripts / "lookup.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "lookup.js"), str(scripts / "lookup.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return list(zip(chosen, json.loads(answer.stdout), strict=True))


@pytest.fixture(scope="module")
def pairs(scripts: Path) -> list[tuple[Scene, dict[str, Any]]]:
    """Every Scene, and those of two views of a user's own model, with what the page looks up in them."""
    return [*look_up(scripts, scenes()), *look_up(scripts, model_scenes())]


@pytest.fixture(scope="module", autouse=True)
def views() -> Iterator[None]:
    """Two views of a model; they are no part of the catalogue of other tests."""
    run = record(perceptron(), torch.optim.SGD(perceptron().parameters(), 0.1))
    with run:
        run.take()
    for view in (perceptron_view(), perceptron_view(("0.bias[1]", "2.bias[0]")).with_run(run)):
        register_view(view)
    yield
    VIEWS.clear()


def model_scenes() -> list[Scene]:
    """Scenes of both views, and one with another window and start."""
    found = [{"view": name} for name in VIEWS]
    moved = {"window": (0, 1, 0, 1), "start": (0.5, 0.5)}
    return [
        Scene.model_validate({"landscape": {"kind": "model", **one}, **more}) for one in found for more in ({}, moved)
    ]


def test_the_page_writes_the_same_links(pairs: list[tuple[Scene, dict[str, Any]]]) -> None:
    """Both write the same names in the same order, and the values read back to the same Scene."""
    for scene, page in pairs:
        query, tracking = parse_link(page["query"])
        expected = list(to_query(scene))
        # The page leaves out a start that is the landscape's own.
        if scene.start == scene.surface.start:
            expected.remove("start")
            scene = scene.model_copy(update={"start": None})  # noqa: PLW2901
        assert (list(query), tracking) == (expected, [])
        assert from_query(query) == scene


def test_the_page_resolves_the_same_fields(pairs: list[tuple[Scene, dict[str, Any]]]) -> None:
    for scene, page in pairs:
        assert page["window"] == list(scene.resolved_window)
        assert page["start"] == list(scene.resolved_start)
        assert page["height"] == scene.resolved_height
        assert page["no_kernel"] == scene.no_kernel
        assert page["traits"] == traits(scene)


def test_the_page_sweeps_the_same_quantities(pairs: list[tuple[Scene, dict[str, Any]]]) -> None:
    for scene, page in pairs:
        assert page["axes"] == [axis.name for axis in axes(scene)]
        assert sorted(page["quantities"]) == sorted(quantities(scene))


def test_verdicts_depend_on_the_same_circumstances(pairs: list[tuple[Scene, dict[str, Any]]]) -> None:
    names = ("solved", "diagonal", "raises", "threshold", "minibatches")
    for scene, page in pairs:
        about = dict(zip(Circumstances._fields, circumstances(scene, "with", 2)[0], strict=True))
        # JSON has no minus infinity.
        found = {name: -math.inf if number is None else number for name, number in page["about"].items()}
        assert found == pytest.approx({name: float(about[name]) for name in names}, rel=1e-15)


def test_the_page_never_zooms_into_a_window_that_the_server_refuses(
    pairs: list[tuple[Scene, dict[str, Any]]],
) -> None:
    for scene, page in pairs:
        left, right, bottom, top = scene.resolved_window
        counted = numbers_between(left, right), numbers_between(bottom, top)
        for of_page, of_server in zip(page["numbers"], counted, strict=True):
            assert of_server / 2 <= of_page <= of_server * (1 + 1e-12)

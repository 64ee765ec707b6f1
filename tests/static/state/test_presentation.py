"""Locked values stay, whatever the reader chooses, and the Scene stays valid: over the whole catalogue."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import DEFAULT, Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.app.web.sharing.presentation import read_presentation
from tests import node

# Every kind of every family and every preset is chosen from each Scene, with the locks of a link.
PROGRAM = """
import { readFileSync } from "node:fs";
import { bindPresentation, isLocked, keepLocked, refusal, withPresentation } from "./js/state/presentation.js";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { presetScene, withKind, withWindow } from "./js/state/scene/presets.js";
const { catalogue, presentation, scene, fields, moved } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
bindPresentation(presentation);
const wanted = [{ ...scene, ...moved }];
for (const family of catalogue.rules.families)
  for (const { kind } of catalogue[family]) if (family !== "landscape") wanted.push(withKind(scene, family, kind));
for (const { kind, presets, windows } of catalogue.landscape) {
  for (const preset of presets) wanted.push(presetScene(scene, kind, preset));
  if (kind === scene.landscape.kind) for (const name of Object.keys(windows)) wanted.push(withWindow(scene, name));
}
const kept = wanted.map((one) => keepLocked(scene, one));
console.log(JSON.stringify({
  kept,
  refused: wanted.map((one, k) => refusal(one, kept[k])),
  locked: fields.map(isLocked),
  link: withPresentation("steps=7"),
}));
"""


def choose_everything(
    scripts: Path, scene: Scene, lock: str, fields: tuple[str, ...] = (), moved: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The Scenes after every choice, the refusals, and which of some fields are locked."""
    presentation, notice = read_presentation({"lock": lock}, (), scene)
    assert notice == []
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = {"catalogue": catalogue(), "presentation": presentation.content(()), "scene": scene.model_dump(mode="json")}
    (scripts / "given.json").write_text(json.dumps({**given, "fields": fields, "moved": moved or {}}), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_a_locked_start_stays_and_every_choice_is_a_valid_scene(scripts: Path) -> None:
    scene = from_query({"window": "4,6,-2,-1", "start": "5.8,-1.2"})
    found = choose_everything(
        scripts, scene, "start", ("start.0", "landscape", "slice", "clip"), {"start": [4.5, -1.5]}
    )
    assert found["locked"] == [True, True, True, False]
    for one in found["kept"]:
        assert one["start"] == [5.8, -1.2]
        assert one["landscape"]["kind"] == "one_unit_rnn"
        Scene.model_validate(one)


def test_a_locked_parameter_keeps_its_value_in_every_kind_that_can_have_it(scripts: Path) -> None:
    scene = from_query({"optimizer.learning_rate": "0.05"})
    found = choose_everything(scripts, scene, "learning_rate", ("optimizer.learning_rate", "optimizer"))
    assert found["locked"] == [True, False]
    kinds = {one["optimizer"]["kind"] for one in found["kept"]}
    assert {"gradient_descent", "momentum"} <= kinds
    assert {one["optimizer"]["learning_rate"] for one in found["kept"]} == {0.05}
    # The landscape is free.
    assert len({one["landscape"]["kind"] for one in found["kept"]}) > 10


def test_a_kind_without_the_locked_parameter_is_refused_with_a_sentence(scripts: Path) -> None:
    found = choose_everything(scripts, DEFAULT, "clip.threshold")
    assert {one["clip"]["threshold"] for one in found["kept"]} == {0.2}
    assert any(
        "cannot be chosen here, because a value is locked that it does not have" in one for one in found["refused"]
    )


def test_a_locked_family_stays_whole(scripts: Path) -> None:
    scene = from_query({"optimizer": "momentum", "optimizer.momentum": "0.8"})
    found = choose_everything(scripts, scene, "optimizer,clip", ("optimizer", "optimizer.momentum", "clip.threshold"))
    assert found["locked"] == [True, True, True]
    given = scene.model_dump(mode="json")
    for one in found["kept"]:
        assert (one["optimizer"], one["clip"]) == (given["optimizer"], given["clip"])


def test_locked_steps_refuse_what_the_server_would_have_to_compute(scripts: Path) -> None:
    found = choose_everything(scripts, from_query({"steps": "5000"}), "steps,runs", moved={"runs": "with"})
    for one in found["kept"]:
        assert (one["steps"], one["runs"]) == (5000, "both")
        assert one["landscape"]["kind"] != "recurrent_network"


@pytest.mark.parametrize("lock", ["", "start"])
def test_a_link_keeps_the_presentation(scripts: Path, lock: str) -> None:
    found = choose_everything(scripts, DEFAULT, lock)
    assert found["link"] == ("steps=7&lock=start" if lock else "steps=7")
    # Without locks nothing is refused.
    assert lock or set(found["refused"]) == {""}

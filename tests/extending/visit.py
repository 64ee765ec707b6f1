# ruff: isort: skip_file
"""What the application knows of the entries in this folder, as JSON on standard output.

A process of its own: the application reads the families and the table of frame kinds when it is imported.
"""

import csv
import json
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

import cliffscape.landscapes.catalogue
import tests.extending.declared
import tests.extending.folders

from cliffscape.app.exports.script import run_script
from cliffscape.app.exports.training_loop import training_loop
from cliffscape.app.frames.plan import plan
from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.lessons.facts import check_facts
from cliffscape.app.main import create_app
from cliffscape.app.runs.table import run_scene
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.links import from_query, to_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from tests.app.decoding import decode
from tests.node import Descent, run

__all__ = ["cliffscape", "tests"]

LESSONS, LESSON = Path(__file__).parent / "lessons", "90-a-trench"
CHOSEN = {
    "landscape": "trench",
    "landscape.depth": "3",
    "optimizer": "saturating_descent",
    "optimizer.learning_rate": "0.2",
    "schedule": "harmonic",
    "schedule.period": "10",
    "clip": "soft_norm",
    "clip.threshold": "2",
}
NETWORK = {"landscape": "recurrent_network"}
FAMILIES = ("landscape", "optimizer", "schedule", "clip")
SWEPT = ("landscape.depth", "clip.threshold")
RANGES = (0.5, 5.0, 1.0, 2.0)
FRAME = "losses_ahead"
# One with everything that the frame depends on, and others that differ from it in one thing each.
SCENES = [CHOSEN, {**CHOSEN, "steps": "3"}, {**CHOSEN, "start": "1,0"}, {**CHOSEN, "landscape.depth": "4"}, NETWORK]
SWEEP = {**CHOSEN, "map": "sweep", "sweep": ",".join(SWEPT), "sweep_ranges": "0.5,5,1,2"}


def descents(scene: Scene) -> dict[str, Any]:
    """The clipped run of a Scene by PyTorch and by its kernel in Node: positions of all steps."""
    kernel = recipe(scene, "descent").trace()
    values = {f"{family}.{name}": value for family in FAMILIES for name, value in scene.parameters(family).items()}
    given = [values[name] for name in kernel.parameters]
    [by_kernel] = run([Descent(kernel.source, given, scene.resolved_start, scene.steps)])
    return {"torch": run_scene(scene)["with"].position.T.tolist(), "kernel": by_kernel[:2].tolist()}


def exports(scene: Scene) -> dict[str, Any]:
    """The positions of the clipped run by the Scene's script, and the code for training loops."""
    space: dict[str, Any] = {"__name__": "script"}
    exec(run_script(scene), space)
    rows = space["descend"](space["clips"]["with"])
    return {"script": [[row[axis] for row in rows] for axis in (0, 1)], "training_loop": training_loop(scene)}


def sweep(client: TestClient) -> dict[str, Any]:
    """The last losses in the corners of a sweep's picture, and those of the same four runs alone."""
    answer = client.get("/exports/sweep.csv", params={**SWEEP, "cells": "33"})
    rows = list(csv.DictReader(answer.text.splitlines()[1:]))
    corners = [row for row in rows if all(float(row[name]) in RANGES for name in SWEPT)]
    alone = [from_query({**CHOSEN, **{name: row[name] for name in SWEPT}}) for row in corners]
    return {
        "cells": [float(row["loss_with"]) for row in corners],
        "alone": [float(run_scene(one)["with"].loss[-1]) for one in alone],
    }


def frames(client: TestClient) -> dict[str, Any]:
    """The new kind of frame: planned, sent with its arrays, and the Scenes with the keys of its finest level."""
    scenes = [from_query(one) for one in SCENES]
    posted = [scene.model_dump(mode="json") for scene in scenes]
    sent = decode(client.post("/frames", json={"scene": posted[0], "kinds": [FRAME]}).content)
    [study] = decode(client.post("/frames", json={"scene": posted[0], "kinds": ["study"]}).content)
    plans = [[(one.kind, one.level, one.key) for one in plan(scene, [FRAME])] for scene in scenes]
    return {
        "scenes": posted,
        "keys": [frames[-1][-1] if frames else "" for frames in plans],
        "planned": plans[0],
        "sent": [(one.header["kind"], one.header["points"], one.header["key"]) for one in sent],
        "study": {"name": study.header["study"], "losses": study.arrays["loss"].tolist()},
        "study_keys": [one.key for scene in scenes for one in plan(scene, ["study"])],
        "losses": [one.arrays["loss"].tolist() for one in sent],
    }


def served() -> dict[str, Any]:
    """The catalogue, a sweep and the lesson as the server sends them, and what is found of the lesson's facts."""
    settings = Settings(warm=False, device="cpu", lessons_folder=LESSONS)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        catalogue = client.get("/catalogue.json").json()
        page = client.get(f"/?lesson={LESSON}")
        cells, sent = sweep(client), frames(client)
    lesson = LessonCollection(settings).find(LESSON)
    assert lesson is not None
    return {
        "sweep": cells,
        "frames": sent,
        "catalogue": catalogue,
        "page": page.text,
        "facts": [str(finding) for finding in check_facts(lesson)],
    }


def main() -> None:
    """Write down everything."""
    scene = from_query(CHOSEN)
    links = [{"read": link, "written": to_query(from_query(link))} for link in (CHOSEN, SWEEP)]
    print(json.dumps({"links": links, "descents": descents(scene), "exports": exports(scene), **served()}))


if __name__ == "__main__":
    main()

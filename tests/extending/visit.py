# ruff: isort: skip_file
"""What the application knows of the entries in this folder, as JSON on standard output.

A process of its own: a Scene's models are built when the application is imported, from the families as they are then.
"""

import json
from pathlib import Path
from typing import Any

import torch
from fastapi.testclient import TestClient

import cliffscape.landscapes.catalogue
import tests.extending.declared
import tests.extending.measured

from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.lessons.facts import findings
from cliffscape.app.main import create_app
from cliffscape.app.runs.sweep_recipe import sweep_recipe
from cliffscape.app.runs.table import drained, run_scene
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.links import from_query, to_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.landscapes.descent.sweep import Axis, laid_out, sweep
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
FAMILIES = ("landscape", "optimizer", "schedule", "clip")
SWEPT = ("landscape.depth", "clip.threshold")
RANGES = (0.5, 5.0, 0.5, 2.0)


def descents(scene: Scene) -> dict[str, Any]:
    """The clipped run of a Scene by PyTorch and by its kernel in Node: positions of all steps."""
    kernel = recipe(scene, "descent").trace()
    values = {f"{family}.{name}": value for family in FAMILIES for name, value in scene.parameters(family).items()}
    given = [values[name] for name in kernel.parameters]
    [by_kernel] = run([Descent(kernel.source, given, scene.resolved_start, scene.steps)])
    return {"torch": run_scene(scene)["with"].position.T.tolist(), "kernel": by_kernel[:2].tolist()}


def swept(scene: Scene) -> dict[str, Any]:
    """The last losses of a sweep of 2 x 2 lanes, and those of the same four runs alone."""
    axes = Axis(SWEPT[0], *RANGES[:2]), Axis(SWEPT[1], *RANGES[2:])
    lanes = laid_out(axes, 2, 2, torch.tensor(scene.resolved_start, dtype=torch.float64))
    found = drained(sweep(sweep_recipe(scene, "with"), lanes, scene.steps))
    alone = []
    for across, upward in zip(*(lanes.own[name].tolist() for name in SWEPT), strict=True):
        one = from_query({**CHOSEN, SWEPT[0]: str(across), SWEPT[1]: str(upward)})
        alone.append(float(run_scene(one)["with"].loss[-1]))
    return {"lanes": found.loss.tolist(), "alone": alone}


def pages() -> dict[str, Any]:
    """The catalogue and the lesson as the server sends them, and what is found of the lesson's facts."""
    settings = Settings(warm=False, device="cpu", lessons_folder=LESSONS)
    with TestClient(create_app(settings)) as client:
        listed = client.get("/catalogue.json").json()
        page = client.get(f"/?lesson={LESSON}")
    lesson = LessonCollection(settings).find(LESSON)
    assert lesson is not None
    return {
        "catalogue": {family: [one["kind"] for one in listed[family]] for family in FAMILIES},
        "page": page.text,
        "facts": [str(finding) for finding in findings(lesson)],
    }


def main() -> None:
    """Write down everything."""
    scene = from_query(CHOSEN)
    sweep_link = {**CHOSEN, "map": "sweep", "sweep": ",".join(SWEPT)}
    links = {"plain": to_query(scene), "sweep": to_query(from_query(sweep_link))}
    known = {"chosen": CHOSEN, "sweep_link": sweep_link, "links": links}
    print(json.dumps({**known, "descents": descents(scene), "sweep": swept(scene), **pages()}))


if __name__ == "__main__":
    main()

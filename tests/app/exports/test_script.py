"""Scripts: every entry of the catalogue as a script of PyTorch alone, which computes the same positions."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from cliffscape.app.exports import definitions
from cliffscape.app.exports.script import check_writable, run_script
from cliffscape.app.runs.table import run_scene
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import FAMILIES, NET_FAMILIES, Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.declare import Entry, Family
from cliffscape.landscapes.networks.tasks.text import DefaultText

# A clip is tested where it acts, where every example is clipped separately, and where the gradient becomes Inf at once.
# The run without it is the same for every clip.
CLIPPED = (
    {"landscape": "himmelblau", "optimizer.learning_rate": "0.01", "runs": "with"},
    {"landscape": "outlier", "runs": "with", "steps": "20"},
    {"landscape": "linear_recurrence", "landscape.sequence_length": "100", "start": "1.25,2", "runs": "with"}
    | {"steps": "5"},
)
SMOOTH = {"landscape": "ravine", "start": "0.7,0.5"}
SMALL = {
    "landscape": "recurrent_network",
    "landscape.batch_size": "5",
    "cell.hidden_units": "4",
    "task.sequence_length": "8",
    "steps": "10",
}
CURVE = {"landscape": "formula", "landscape.text": "x**4/4 - x**2 + 0.3*x", "start": "1.9", "steps": "20"}
VARIANTS = {
    "landscape recurrent_network": {**SMALL, "optimizer.learning_rate": "0.02", "steps": "60"},
    "network gauss_newton": {**SMALL, "optimizer": "gauss_newton"},
    "network levenberg_marquardt": {**SMALL, "optimizer": "levenberg_marquardt", "optimizer.damping": "10"},
    "network newton_damped": {**SMALL, "optimizer": "newton_damped", "optimizer.damping": "10"},
    "slice principal": {**SMALL, "slice": "principal", "updates": "20"},
    "minibatches of drawn examples": {"landscape": "heavy_tails", "landscape.seed": "3", "steps": "60"}
    | {"landscape.minibatch_size": "512", "runs": "with"},
    "formula": {
        "landscape": "formula",
        "landscape.text": "k: (0, 9) = 2\nh = 1/2\nfor _ in range(T):\n    h = h*x/2 + softplus(y)\nabs(h - k) + x*x",
        "landscape.first_constant": "2.5",
        "landscape.repetitions": "4",
        "optimizer.learning_rate": "0.01",
        "steps": "60",
    },
    "curve": {**CURVE, "clip": "random_step", "clip.threshold": "0.3"},
    "curve newton": {**CURVE, "optimizer": "newton_saddle_free", "clip": "by_value_turned"},
    "nesterov": {**SMOOTH, "optimizer": "sgd_pytorch", "optimizer.nesterov": "1", "optimizer.weight_decay": "0.1"},
    "centred": {**SMOOTH, "optimizer": "rmsprop_keras", "optimizer.centred": "1", "optimizer.momentum": "0.5"},
    "amsgrad": {**SMOOTH, "optimizer": "adam_pytorch", "optimizer.amsgrad": "1"},
    "amsgrad of Keras": {**SMOOTH, "optimizer": "adam_keras", "optimizer.amsgrad": "1"},
    "displaced minibatches": {"landscape": "outlier", "optimizer": "sam", "landscape.minibatch_size": "3"},
    "displaced": {**SMOOTH, "optimizer": "sam", "clip": "step_by_norm"},
    "scheduled curvature": {**SMOOTH, "optimizer": "hessian_free", "schedule": "warm_up", "steps": "7"},
    "one run": {**SMOOTH, "runs": "with"},
    "the other run": {**SMOOTH, "runs": "without", "clip": "random_step"},
}
# Runs the scripts without their last part, each in a namespace of its own, and writes the rows as JSON.
RUNNER = """
import json, sys
sys.modules["cliffscape"] = sys.modules["numpy"] = None
rows = {}
for name, text in json.load(open(sys.argv[1], encoding="utf-8")).items():
    space = {"__name__": "script"}
    exec(compile(text, name, "exec"), space)
    rows[name] = {run: space["descend"](clip) for run, clip in space["clips"].items()}
json.dump(rows, sys.stdout)
"""


def queries() -> dict[str, dict[str, str]]:
    """A Scene for every entry of the catalogue, by a name that says which."""
    found = {f"landscape {entry.kind}": {"landscape": entry.kind} for entry in LANDSCAPES}
    for family in (OPTIMIZERS, SCHEDULES):
        found |= {f"{family.name} {entry.kind}": {**SMOOTH, family.name: entry.kind} for entry in family}
    for k, scene in enumerate(CLIPPED):
        found |= {f"clip {entry.kind} {k}": {**scene, "clip": entry.kind} for entry in CLIPS}
    for network_family in NET_FAMILIES.values():
        for entry in network_family:
            found[f"{network_family.name} {entry.kind}"] = small_network(network_family.name, entry)
    return found | VARIANTS


def small_network(family: str, entry: Entry) -> dict[str, str]:
    """A small network with an entry of one of its families."""
    query = {**SMALL, "optimizer.learning_rate": "0.02", family: entry.kind}
    if family == "task" and "sequence_length" not in entry.defaults:
        del query["task.sequence_length"]
    return query


@pytest.fixture(scope="module")
def scripts() -> dict[str, str]:
    """The script of every Scene."""
    return {name: run_script(from_query(query)) for name, query in queries().items()}


@pytest.fixture(scope="module")
def rows(scripts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the scripts compute, in a process without Cliffscape."""
    path = tmp_path_factory.mktemp("scripts") / "scripts.json"
    path.write_text(json.dumps(scripts), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUNNER, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", queries())
def test_a_script_computes_the_positions_and_losses_of_the_scene(name: str, rows: dict[str, Any]) -> None:
    expected = run_scene(from_query(queries()[name]))
    assert list(rows[name]) == list(expected)
    for run, record in expected.items():
        found = torch.tensor(rows[name][run], dtype=torch.float64)
        table = torch.cat([record.position, record.loss.unsqueeze(-1)], -1)
        torch.testing.assert_close(found, table, rtol=1e-9, atol=1e-9, equal_nan=True)


def test_an_entry_that_needs_another_module_is_refused_before_a_training_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "ALLOWED", definitions.ALLOWED - {"hashlib"})
    scene = from_query({**queries()["task characters"], "slice": "principal", "updates": "20000"})
    with pytest.raises(BoundError, match="one that needs PyTorch alone, as the script does; this one needs hashlib"):
        check_writable(scene)


def test_a_script_contains_the_text_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = from_query({**queries()["task characters"], "runs": "with"})
    monkeypatch.setattr(DefaultText, "text", "Ein Würfel rollt. " * 60)
    space: dict[str, Any] = {"__name__": "script"}
    exec(run_script(scene), space)
    assert "SAMPLE" not in space and space["DefaultText"].text == DefaultText.text
    (record,) = run_scene(scene).values()
    found = torch.tensor(space["descend"](space["clips"]["with"]), dtype=torch.float64)
    torch.testing.assert_close(found[:, :2], record.position, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_entry_has_a_script(family: Family[Entry]) -> None:
    names = queries()
    assert {entry.kind for entry in family} <= {name.split()[1] for name in names if name.startswith(family.name)}


def test_scripts_are_short_and_read_like_python(scripts: dict[str, str]) -> None:
    for name, text in scripts.items():
        compile(text, name, "exec")
        assert "cliffscape." not in text
        assert "Annotated" not in text and "Range(" not in text
        assert max(len(line) for line in text.splitlines()) <= 250
    assert scripts["landscape ravine"].count("\n") <= 150


def test_a_script_prints_every_step_and_names_its_scene(tmp_path: Path) -> None:
    scene = from_query({"steps": "5", "clip.threshold": "0.3"})
    text = run_script(scene)
    assert "?clip.threshold=0.3&steps=5\n" in text
    (tmp_path / "run.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(tmp_path / "run.py")], capture_output=True, text=True, check=True
    )
    printed = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["run"], row["step"]) for row in printed] == [
        (run, str(k)) for run in ("without", "with") for k in range(6)
    ]
    expected = run_scene(scene)["with"].position[:, 0]
    torch.testing.assert_close([float(row["x"]) for row in printed[6:]], expected.tolist(), rtol=1e-9, atol=0)


def test_a_script_has_only_the_runs_of_its_scene() -> None:
    assert "random_direction" not in run_script(
        Scene.model_validate({"runs": "without", "clip": {"kind": "random_step"}})
    )

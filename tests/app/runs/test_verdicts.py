"""Verdicts: the sentences of the presets, and the number format that the page shares."""

import json
import math
import subprocess
from typing import Any

import pytest
import torch

from cliffscape.app.runs.table import run_scene, summaries, to_json
from cliffscape.app.runs.verdicts import fill, format_number, summary, verdict
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import PROJECT
from cliffscape.landscapes.descent.verdict import CLAUSES
from tests.app.runs.test_pair_runs import single_run
from tests.node import executable

NUMBERS = [
    (0.1380, "0.138"),
    (9.449910, "9.45"),
    (0.0900, "0.09"),
    (0.0026, "0.0026"),
    (8.997e-4, "9.00e−4"),
    (0.001, "0.001"),
    (9.999e-4, "1.00e−3"),
    (0.0010004, "0.001"),
    (9.996, "10"),
    (60.0, "60"),
    (1000.0, "1000"),
    (12345.0, "12300"),
    (99999.0, "100000"),
    (100000.0, "1.00e5"),
    (2.73e187, "2.73e187"),
    (2.125, "2.13"),
    (-0.5, "−0.5"),
    (-1.5e-9, "−1.50e−9"),
    (5e-324, "4.94e−324"),
    (0.0, "0"),
    (-0.0, "0"),
    (math.inf, "Inf"),
    (-math.inf, "−Inf"),
    (math.nan, "NaN"),
]
P2: dict[str, Any] = {}
P7 = {
    "start": (4.9, -2.45),
    "optimizer": {"kind": "gradient_descent", "learning_rate": 0.7},
    "clip": {"kind": "by_norm", "threshold": 0.5},
}
OVERFLOW = {
    "landscape": {"kind": "product_of_weights"},
    "optimizer": {"kind": "gradient_descent", "learning_rate": 0.03},
    "clip": {"kind": "by_norm", "threshold": 1.0},
    "steps": 100,
}
SWINGING = {"solved_loss": "0.01", "steps": 60, "taken_steps": 60}
THROWN = {"thrown_to": "0.09", "end_loss": "0.09", "steps": 60}
VERDICTS = [
    (
        P2,
        "Without clipping, thrown: ",
        ["thrown", "end"],
        {"thrown_step": "13", "thrown_norm": "18.9", "thrown_length": "9.45", "thrown_windows": "3.4"}
        | {"thrown_from": "0.138", "best_loss": "0.00261", **THROWN},
    ),
    (
        P2,
        "With clipping, converged: ",
        ["end", "oscillates", "clipped"],
        SWINGING | {"end_loss": "9.00e−4", "solved_step": 32, "clipped_steps": 16},
    ),
    (
        P7,
        "Without clipping, thrown: ",
        ["thrown", "end"],
        {"thrown_step": "4", "thrown_norm": "136", "thrown_length": "95.5", "thrown_windows": "34.3"}
        | {"thrown_from": "0.288", "best_loss": "0.0197", **THROWN},
    ),
    (
        P7,
        "With clipping, converged: ",
        ["end", "oscillates", "clipped"],
        SWINGING | {"end_loss": "5.86e−4", "solved_step": 59, "clipped_steps": 6},
    ),
    (
        OVERFLOW,
        "Without clipping, diverged: ",
        ["thrown", "nonfinite"],
        # Step 0 is as long, but it goes downhill, from 15.4 to 0.107.
        {"thrown_step": "2", "thrown_norm": "457", "thrown_length": "13.7", "thrown_windows": "4.41"}
        | {
            "thrown_from": "16.8",
            "thrown_to": "1.57e13",
            "best_loss": "0.107",
            "nonfinite_step": "5",
            "finite_loss": "2.73e187",
        },
    ),
    (
        OVERFLOW,
        "With clipping, converged: ",
        ["end", "clipped"],
        {"end_loss": "4.77e−14", "steps": 100, "taken_steps": 100, "clipped_steps": 10},
    ),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert format_number(value) == text


def test_the_page_formats_numbers_by_the_same_rule() -> None:
    source = (PROJECT / "static" / "js" / "state" / "numbers.js").as_uri()
    literals = [{math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, repr(value)) for value, _ in NUMBERS]
    given = ", ".join(literals).replace("nan", "NaN")
    script = f'import {{ formatNumber }} from "{source}"; console.log(JSON.stringify([{given}].map(formatNumber)));'
    ran = subprocess.run(
        [executable(), "--input-type=module", "--eval", script], capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == [text for _, text in NUMBERS]


@pytest.mark.parametrize(("form", "lead", "clauses", "numbers"), VERDICTS)
def test_verdicts(form: dict[str, Any], lead: str, clauses: list[str], numbers: dict[str, Any]) -> None:
    scene = Scene.model_validate({**form, "runs": "without" if lead.startswith("Without") else "with"})
    ((run, record),) = run_scene(scene).items()
    expected = lead + "; ".join(fill(CLAUSES[clause], numbers) for clause in clauses)
    assert verdict(summary(scene, record, run), run) == expected


@pytest.mark.parametrize("window", [(-20.0, 20.0, -20.0, 20.0), (4.59, 4.61, -1.71, -1.69), "paper", None])
def test_zooming_changes_no_outcome(window: object) -> None:
    scene = Scene.model_validate({"window": window, "start": (4.6, -1.7), "runs": "without"})
    found = summary(scene, run_scene(scene)["without"], "without")
    assert found.thrown and found.outcome == "thrown"
    assert found.thrown_length == pytest.approx(9.4499, abs=1e-4)
    assert found.thrown_windows == pytest.approx(found.thrown_length / math.hypot(2.2, 1.7))


def test_one_step_is_enough() -> None:
    scene = Scene.model_validate({"steps": 1})
    for run, record in run_scene(scene).items():
        found = summary(scene, record, run)
        assert (found.thrown_step, found.nonfinite_step, found.steps) == (0, -1, 1)


def test_clipped_minibatches_may_add_up_to_more_than_the_gradient() -> None:
    """Just left of the mean with an outlier, the sum of clipped minibatches exceeds the gradient and reverses it."""
    form = {
        "landscape": {"kind": "outlier"},
        "start": (2.45, 0.0),
        "steps": 3,
        "clip": {"kind": "by_norm", "threshold": 1},
    }
    scene = Scene.model_validate(form)
    record = single_run(scene, "with")
    assert record.clip_factor[0] > 1
    assert summary(scene, record, "with").clipped_steps == 3


def test_a_singular_hessian_is_reported() -> None:
    """At a third of the target the Hessian is a square along another direction than the gradient: loss and gradient are
    finite, and there is no finite step."""
    landscape = {"kind": "product_of_weights", "repetitions": 1, "target": 0.75}
    choices = {"landscape": landscape, "optimizer": {"kind": "newton"}, "start": (1.0, 0.25)}
    scene = Scene.model_validate({**choices, "runs": "without"})
    made = run_scene(scene)
    found = summary(scene, made["without"], "without")
    assert found.clauses == ("nonfinite", "singular", "cost")
    assert (found.unsolved_step, found.nonfinite_step) == (0, 1)
    numbers = {"nonfinite_step": 1, "finite_loss": "0.125", "unsolved_step": 0, "matrix": "Hessian"}
    numbers |= {"gradients": 1, "products": 2, "work": 5}
    clauses = [fill(CLAUSES[name], numbers) for name in found.clauses]
    assert verdict(found, "without") == "Without clipping, diverged: " + "; ".join(clauses)
    assert clauses[1] in json.loads(to_json(scene, made, summaries(scene, made)))["runs"][0]["nulls"]


def test_a_nearly_singular_hessian_gives_a_long_step() -> None:
    """At the float64 number next to 1/√3 the curvature along x is 3x² − 1 = 2e−16, the slope −0.38."""
    choices = {"landscape": {"kind": "saddle"}, "optimizer": {"kind": "newton"}, "start": (1 / math.sqrt(3), 1.0)}
    scene = Scene.model_validate({**choices, "runs": "without"})
    found = summary(scene, run_scene(scene)["without"], "without")
    assert (found.unsolved_step, found.thrown, found.thrown_step) == (-1, True, 0)
    assert 1e14 < found.thrown_length < 1e16


def test_verdicts_on_first_order_methods_have_no_cost() -> None:
    scene = Scene.model_validate({"runs": "without"})
    found = summary(scene, run_scene(scene)["without"], "without")
    assert (found.matrix, found.gradients, found.products, found.work) == ("", 60, 0, 60)
    assert "products" not in verdict(found, "without")


# The book's claim 10: where the gradient is Inf or NaN, a random step may lead back to where it is finite.
RESCUED = {
    "landscape": {"kind": "linear_recurrence", "sequence_length": 100},
    "window": (-10.0, 50.0, -30.0, 30.0),
    "start": (36.0, 0.0),
    "steps": 12,
    "optimizer": {"kind": "gradient_descent", "learning_rate": 1},
    "clip": {"kind": "by_norm_else_random", "threshold": 10, "seed": 10},
}


def test_a_rescued_run_says_where_it_was_not_finite() -> None:
    scene = Scene.model_validate(RESCUED)
    runs = run_scene(scene)
    found = summary(scene, runs["with"], "with")
    assert found.outcome == "not_converged" and found.nonfinite_step == -1
    assert (found.gap_rows, found.gap_first, found.gap_last) == (3, 0, 2)
    assert "Inf or NaN from step 0 to step 2, then finite again; loss" in verdict(found, "with")
    assert found.clipped_steps + found.replaced_steps <= found.taken_steps == 12
    assert "3 gradients with Inf or NaN replaced" in verdict(found, "with")
    clipped = json.loads(to_json(scene, runs, summaries(scene, runs)))["runs"][1]
    assert clipped["nulls"][0] == "from step 0 to step 2: 3 rows have Inf or NaN"
    assert [row is None for row in clipped["columns"]["loss"]] == [True] * 3 + [False] * 10
    without = summary(scene, runs["without"], "without")
    assert verdict(without, "without") == "Without clipping, diverged: Inf or NaN from the start on"


def test_an_error_of_the_framework_is_named_with_its_step() -> None:
    """The norm is 1.4e235, but PyTorch squares it; `clip_grad_norm_` raises with error_if_nonfinite."""
    form = {
        "landscape": {"kind": "product_of_weights", "repetitions": 10},
        "window": (-1e6, 1e6, -1e6, 1e6),
        "start": (1e6, 1e6),
        "steps": 5,
        "runs": "with",
    }
    error = "PyTorch raises an error at step 0, because the norm that it computes there is Inf or NaN"
    for kind, raises in (("by_norm_pytorch_error", True), ("by_norm_pytorch", False)):
        scene = Scene.model_validate({**form, "clip": {"kind": kind, "threshold": 1}})
        record = run_scene(scene)["with"]
        assert (error in verdict(summary(scene, record, "with"), "with")) == raises
    parameter = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.full((2,), 1e235, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="non-finite"):
        torch.nn.utils.clip_grad_norm_([parameter], 1, error_if_nonfinite=True)


def test_a_run_that_ends_before_an_error_names_none() -> None:
    scene = Scene.model_validate({"clip": {"kind": "by_norm_pytorch_error", "threshold": 1}, "runs": "with"})
    assert summary(scene, run_scene(scene)["with"], "with").raised_step == -1

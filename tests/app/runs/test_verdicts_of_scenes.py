"""Verdicts of many Scenes, by properties: no contradiction, and every number is the trajectory's."""

import re

import pytest

from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import Summary, summary, verdict
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record
from tests.app.runs.verdict_scenes import LINKS, runs_of

REASONS = {
    "stalled": {"rests", "cancelled", "shortened", "zeroed"},
    "not_converged": {
        "slow_threshold",
        "slow_rate",
        "slow_step",
        "bounces",
        "level_bounces",
        "falls",
        "creeps",
        "strays",
        "rises",
    },
}


@pytest.mark.parametrize("link", LINKS)
def test_verdicts_do_not_contradict_themselves(link: str) -> None:
    """The clauses fit the outcome, the numbers are the trajectory's, and singular and plural are right."""
    for run, (record, found) in runs_of(link).items():
        said, ends = set(found.clauses), {"end", "nonfinite", "nonfinite_start"}
        assert (len(said & ends), "end" in said) == (1, found.outcome != "diverged")
        assert ("thrown" in said, "recovered" in said).count(True) == found.thrown
        assert "thrown" not in said or found.outcome in ("thrown", "diverged")
        for outcome, reasons in REASONS.items():
            assert len(said & reasons) <= (found.outcome == outcome)
        assert found.outcome != "stalled" or said & REASONS["stalled"]
        assert run == "with" or not said & {"clipped", "unclipped", "replaced", "raised", "slow_threshold", "cancelled"}
        check_numbers(found, record)
        text = verdict(found, run)
        assert not re.search(
            r"{|}|nan|\b1 (steps|gradients|curvature products)|(?<!\b1) (step|gradient) (clipped|with)", text
        )


def check_numbers(found: Summary, record: Record) -> None:
    """The summary's numbers are those of the trajectory."""
    loss, norm, length = (column.tolist() for column in (record.loss, record.gradient_norm, record.step_length))
    known = record.loss.isfinite() & record.position.isfinite().all(-1)
    same = pytest.approx([norm[found.thrown_step], length[found.thrown_step], loss[found.thrown_step]], nan_ok=True)
    assert [found.thrown_norm, found.thrown_length, found.thrown_from] == same
    assert found.clipped_steps + found.replaced_steps <= found.taken_steps <= found.steps == len(loss) - 1
    if found.thrown:
        lowest = record.loss[: found.thrown_step + 1][known[: found.thrown_step + 1]].min().item()
        assert found.best_loss == lowest < found.thrown_to == loss[found.thrown_step + 1]
    if found.outcome != "diverged":
        assert (found.end_loss, found.last_norm, found.last_step) == (loss[-1], norm[-2], length[-2])
        assert found.lowest_loss == record.loss[known].min().item() == loss[found.lowest_step]


SMALL = {"steps": 200, "optimizer": {"kind": "gradient_descent", "learning_rate": 0.01}}


def test_a_run_at_rest_says_where() -> None:
    """At a saddle, in a minimum that is not the lowest one, and far out on a plateau."""
    for form, said in (
        ({"landscape": {"kind": "saddle"}, "start": (0.0, 0.0)}, "it lies at a saddle, with a curvature of −1 in one"),
        ({"landscape": {"kind": "styblinski_tang"}, "start": (2.7, 2.7), **SMALL}, "it lies in a minimum, with"),
        ({"optimizer": {"kind": "momentum"}, "steps": 200}, "it lies on a plateau"),
    ):
        scene = Scene.model_validate({**form, "runs": "without"})
        found = summary(scene, run_scene(scene)["without"], "without")
        assert found.outcome == "stalled" and "it is at rest, with a gradient norm of" in verdict(found, "without")
        assert said in verdict(found, "without")

"""Shares of starts near a Scene's start from which runs are thrown."""

import pytest

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.measure import measure
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError

CLIFF = HeadlessRun(from_query({"start": "4.6,-1.7"}))


@pytest.mark.parametrize(("run", "by", "share"), [("without", 100, 1.0), ("without", 12, 0.0), ("with", 100, 0.0)])
def test_without_a_radius_all_starts_are_the_scenes_own(run: str, by: int, share: float) -> None:
    """The run without clipping is thrown at step 13."""
    assert measure(CLIFF, "share_thrown", {"run": run, "by": by, "radius": 0, "starts": 3}) == share


def test_farther_away_fewer_starts_are_thrown() -> None:
    near, far = (measure(CLIFF, "share_thrown", {"radius": radius}) for radius in (0.001, 0.1))
    assert 0 < far < near <= 1


def test_a_run_must_exist() -> None:
    with pytest.raises(BoundError, match="run must be one of without, with"):
        measure(CLIFF, "share_thrown", {"run": "both"})


@pytest.mark.parametrize("optimizer", ["newton", "gauss_newton"])
def test_runs_with_curvature_on_the_slice_of_a_network_are_measured(optimizer: str) -> None:
    net = {"landscape": "recurrent_network", "cell.hidden_units": "3", "task.sequence_length": "10", "steps": "5"}
    headless = HeadlessRun(from_query({**net, "optimizer": optimizer}))
    thrown = float(headless.summary("without").thrown)
    assert measure(headless, "share_thrown", {"radius": 0, "starts": 2}) == thrown

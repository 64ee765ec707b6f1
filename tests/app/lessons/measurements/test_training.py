"""Measurements of training runs."""

import pytest
import torch

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.measure import measure
from cliffscape.app.lessons.measurements.training import learn
from cliffscape.app.runs.training import initial_run
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.training import train

SMALL = {"landscape": "recurrent_network", "cell.hidden_units": "4", "updates": "50", "seeds": "3", "steps": "1"}
ADDING = HeadlessRun(from_query({**SMALL, "task": "adding", "task.sequence_length": "10"}))
ORDER = HeadlessRun(from_query({**SMALL, "task": "temporal_order", "task.sequence_length": "10"}))


@pytest.mark.parametrize("run", ["without", "with"])
def test_the_losses_are_those_of_the_best_and_the_worst_seed(run: str) -> None:
    low, high = (measure(ADDING, kind, {"run": run}) for kind in ("lowest_trained_loss", "highest_trained_loss"))
    losses = learn(ADDING.scene).losses[:, ["without", "with"].index(run)].mean(0).tolist()
    assert (low, high) == (min(losses), max(losses)) and 0 < low < high


def test_the_mean_is_over_the_last_updates_of_any_number() -> None:
    scene = from_query({**SMALL, "task": "adding", "task.sequence_length": "10", "updates": "70"})
    run, headless = initial_run(scene), HeadlessRun(scene)
    setting = (run.net, run.carry, run.seeds, run.optimizer, run.clip)
    [whole] = train(*setting, 70, run.batch_size, block=70, fresh=0)
    torch.testing.assert_close(learn(scene).losses, whole.loss, rtol=1e-12, atol=0)
    for arguments, last in (({}, 50), ({"last": 10}, 10)):
        mean = float(whole.loss[-last:, 1].mean(0).max())
        assert measure(headless, "highest_trained_loss", arguments) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize(("kind", "gradients"), [("gradient_descent", 1), ("hessian_free", 21)])
def test_an_update_costs_a_gradient_and_two_for_every_curvature_product(kind: str, gradients: int) -> None:
    chosen = {"optimizer": kind} | ({"optimizer.iterations": "10"} if kind == "hessian_free" else {})
    assert measure(HeadlessRun(from_query({**SMALL, **chosen})), "gradients_per_update", {}) == gradients


def test_no_seed_learns_the_order_of_letters_in_fifty_updates() -> None:
    assert measure(ORDER, "seeds_solved", {"run": "with"}) == 0


@pytest.mark.parametrize(
    ("query", "run", "sentence"), [({}, "with", "landscape must be recurrent_network"), (SMALL, "both", "run must be")]
)
def test_only_networks_have_training_runs(query: dict[str, str], run: str, sentence: str) -> None:
    with pytest.raises(BoundError, match=sentence):
        measure(HeadlessRun(from_query(query)), "seeds_solved", {"run": run})

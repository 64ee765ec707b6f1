"""The learning rate: a logarithmic slider with the stable limit 2/sharpness marked on it."""

import math

import pytest
import torch
from playwright.sync_api import expect

from cliffscape.landscapes.derivatives import curvatures
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

FIELD = "optimizer.learning_rate"
LOW, HIGH = 1e-6, 10.0


def rate(visitor: Visitor) -> float:
    """The learning rate in its box."""
    return float(visitor.field(FIELD).input_value())


def marks(visitor: Visitor) -> dict[str, float]:
    """The learning rates that are marked, by run, from the positions of the marks; waits for the marks."""
    found = visitor.page.locator(f"[data-field='{FIELD}'] .marks i")
    expect(found.first).to_be_attached()
    places = found.evaluate_all(
        "(all) => all.map((mark) => [mark.className, Number(mark.style.getPropertyValue('--place'))])"
    )
    return {run: LOW * (HIGH / LOW) ** place for run, place in places}


def limits(query: str) -> dict[str, float]:
    """2/sharpness at the end of each run of a link, and at the known minimum nearest to the end of the last one."""
    scene = expected.scene(query)
    parameters = scene.parameters("landscape")
    loss = scene.surface.loss(**parameters)
    places = {run: record.position[-1] for run, record in expected.trajectories(query).items()}
    minima = torch.tensor(scene.surface.minima(**parameters), dtype=torch.float64).reshape(-1, 2)
    if len(minima):
        end = places["with"]
        places["minimum"] = minima[(minima - end).norm(dim=-1).argmin()]
    return {name: 2 / float(curvatures(loss, place)[1]) for name, place in places.items()}


@pytest.fixture(scope="module")
def visitor(long_visit: Visit) -> Visitor:
    """A visitor for tests of the learning rate."""
    return long_visit()


def test_the_slider_is_logarithmic(visitor: Visitor) -> None:
    slider = visitor.slider(FIELD)
    for place, value in ((0, LOW), (200, 2.51e-5), (400, 6.31e-4), (600, 0.0158), (800, 0.398), (1000, HIGH)):
        slider.fill(str(place))
        assert rate(visitor) == pytest.approx(value, rel=1e-9)


def test_arrow_keys_change_the_rate_by_a_fixed_ratio(visitor: Visitor) -> None:
    visitor.type(FIELD, "0.398")
    visitor.frames()
    slider = visitor.slider(FIELD)
    ratio = (HIGH / LOW) ** (1 / 1000)
    slider.press("ArrowRight")
    assert rate(visitor) == pytest.approx(0.398 * ratio, rel=5e-3)
    for _ in range(10):
        slider.press("ArrowLeft")
    visitor.frames()
    assert rate(visitor) == pytest.approx(0.398 * ratio**-9, rel=5e-3)
    slider.press("End")
    assert rate(visitor) == HIGH
    slider.press("Home")
    assert rate(visitor) == LOW


def test_both_runs_follow_the_slider_at_once(visitor: Visitor) -> None:
    visitor.type(FIELD, "0.1")
    visitor.frames()
    before = visitor.verdicts()
    visitor.slider(FIELD).fill("700")
    visitor.frames()
    assert all(visitor.verdicts()[run] != said for run, said in before.items())


def test_a_typed_rate_is_used_without_rounding(visitor: Visitor) -> None:
    visitor.type(FIELD, "0.0123456")
    visitor.until("() => location.search === '?optimizer.learning_rate=0.0123456'")
    assert visitor.verdicts() == expected.verdicts("optimizer.learning_rate=0.0123456")
    assert rate(visitor) == 0.0123456


def test_sliding_sends_no_requests(visitor: Visitor) -> None:
    before = visitor.asked()
    visitor.slider(FIELD).fill("650")
    visitor.slider(FIELD).fill("780")
    visitor.until("() => history.state.scene.optimizer.learning_rate > 0.2")
    assert visitor.requests[before:] == []


@pytest.mark.parametrize(
    "query",
    [
        "runs=with",
        "landscape=ravine&optimizer.learning_rate=0.05",
        "landscape=himmelblau&optimizer.learning_rate=0.01&clip.threshold=20",
        "landscape=rosenbrock&optimizer.learning_rate=0.0015&steps=200",
    ],
)
def test_the_marked_limit_agrees_with_torch(visit: Visit, query: str) -> None:
    visitor = visit(f"?{query}")
    wanted = {run: limit for run, limit in limits(query).items() if LOW <= limit <= HIGH}
    assert wanted
    assert marks(visitor) == pytest.approx(wanted, rel=1e-4)


def test_a_limit_off_the_scale_is_not_marked(visit: Visit) -> None:
    """The run without clipping is thrown to a flat region, where every rate is stable."""
    limit = limits("")["without"]
    assert not math.isfinite(limit) or limit > HIGH or limit < 0
    assert "without" not in marks(visit())


def test_only_gradient_descent_has_this_limit(visit: Visit) -> None:
    visitor = visit("?landscape=ravine&optimizer.learning_rate=0.05")
    assert marks(visitor)
    expect(visitor.page.locator("#stable")).to_contain_text("2/sharpness")
    visitor.field("optimizer").select_option("adam")
    expect(visitor.page.locator(f"[data-field='{FIELD}'] .marks i")).to_have_count(0)
    expect(visitor.page.locator("#stable")).to_be_empty()


def test_the_mark_moves_with_the_end_of_the_run(visit: Visit) -> None:
    visitor = visit("?runs=with")
    before = marks(visitor)["with"]
    visitor.type("steps", "55")
    visitor.until("() => location.search.includes('steps=55')")
    after = marks(visitor)["with"]
    assert after != pytest.approx(before, rel=1e-3)
    assert after == pytest.approx(limits("runs=with&steps=55")["with"], rel=1e-5)


def test_the_limit_of_the_ravine_is_known_in_closed_form(visit: Visit) -> None:
    """f = (x^2 + k y^2)/2 has sharpness k everywhere."""
    visitor = visit("?landscape=ravine&landscape.condition_number=50&optimizer.learning_rate=0.01")
    assert marks(visitor) == pytest.approx({"without": 0.04, "with": 0.04, "minimum": 0.04}, rel=1e-5)
    assert torch.isclose(
        torch.tensor(limits("landscape=ravine&landscape.condition_number=50")["with"]), torch.tensor(0.04)
    )


def test_a_curvature_beyond_float64_leaves_the_limit_unknown(visit: Visit) -> None:
    query = (
        "landscape=product_of_weights&landscape.repetitions=10&window=9e5,1e6,9e5,1e6&start=1e6,1e6&steps=1&runs=with"
    )
    visitor = visit(f"?{query}")
    expect(visitor.page.locator("#stable")).to_contain_text(
        "unknown (the curvature overflows) at the end with clipping"
    )
    expect(visitor.page.locator(f"[data-field='{FIELD}'] .marks i.with")).to_have_count(0)

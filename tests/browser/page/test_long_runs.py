"""Runs of 100,000 steps: the first ones at once, all from a worker, with PyTorch's values."""

import pytest
import torch
from playwright.sync_api import expect
from torch import Tensor

from cliffscape.app.runs.verdicts import format_number
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.map.test_trajectories import FOLLOW, compare
from tests.browser.visitor import SCRUB, Visitor

STEPS = 100_000
RATE = 1e-6
QUERY = f"landscape=ravine&optimizer.learning_rate=0.000001&runs=without&steps={STEPS}"
# Every hundredth row.
SAMPLED = FOLLOW.replace("Array.from(column, String)", "Array.from(column, String).filter((_, k) => k % 100 === 0)")


def positions() -> tuple[Tensor, Tensor]:
    """PyTorch's positions ``(STEPS + 1, 2)`` and losses: on a quadratic, a step multiplies by the same matrix."""
    scene = expected.scene(QUERY)
    loss = scene.surface.loss(**scene.parameters("landscape"))
    start = torch.tensor(scene.resolved_start, dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(loss.__call__, start)  # type: ignore[no-untyped-call]
    values, vectors = torch.linalg.eigh(hessian)
    # log1p, because 1 - 1e-6 has only ten digits of its distance to 1.
    factors = torch.exp(torch.arange(STEPS + 1, dtype=torch.float64)[:, None] * torch.log1p(-RATE * values))
    place = (factors * (vectors.T @ start)) @ vectors.T
    return place, loss(place)


def open_long_run(visit: Visit, query: str) -> Visitor:
    """Open a link by its address, and wait until the worker has computed its runs.

    ``visit`` itself compares with PyTorch's verdicts, for which 100,000 steps take a minute.
    """
    visitor = visit()
    visitor.open(query)
    await_all_steps(visitor)
    return visitor


def await_all_steps(visitor: Visitor) -> None:
    """Wait until the worker has computed the runs."""
    expect(visitor.page.locator("#verdicts[aria-busy='false']")).to_be_visible()


def test_the_browser_agrees_with_pytorch_after_a_hundred_thousand_steps(visit: Visit) -> None:
    visitor = open_long_run(visit, f"?{QUERY}")
    found, (place, loss) = visitor.page.evaluate(SAMPLED)["without"], positions()
    columns = {"x": place[:, 0], "y": place[:, 1], "loss": loss}
    # Each step rounds a number of about 1, so 1e5 steps are off by at most 1e-11 here.
    assert max(compare(found[name], column[::100]) for name, column in columns.items()) < 1e-11
    for step in (0, 12_345, STEPS):
        visitor.page.locator("#scrub").evaluate(SCRUB, step)
        visitor.frames()
        shown = ", ".join(map(format_number, place[step].tolist()))
        assert visitor.readout("without")[:2] == [shown, format_number(float(loss[step]))]


def test_a_drag_shows_the_first_steps_and_its_end_shows_all(visit: Visit) -> None:
    visitor = open_long_run(visit, f"?steps={STEPS}")
    x, y = visitor.centre("#map-handle")
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x - 20, y + 10)
    visitor.frames()
    expect(visitor.page.locator("#verdicts[aria-busy='true']")).to_be_visible()
    visitor.page.mouse.up()
    await_all_steps(visitor)
    assert f"after {STEPS} steps" in visitor.verdicts()["with"]
    assert not visitor.errors


@pytest.mark.parametrize(("steps", "speed"), [(60, "10/s"), (1000, "10/s"), (5000, "50/s"), (STEPS, "1,000/s")])
def test_the_speed_fits_the_number_of_steps(visit: Visit, steps: int, speed: str) -> None:
    visitor = open_long_run(visit, f"?steps={steps}")
    assert visitor.page.locator("#speed option:checked").inner_text() == speed


def test_a_landscape_without_a_kernel_keeps_to_a_thousand_steps(visit: Visit) -> None:
    visitor = open_long_run(visit, f"?landscape=ravine&optimizer.learning_rate=0.01&steps={STEPS}")
    visitor.field("clip").select_option("autoclip")
    expect(visitor.field("steps")).to_have_value("1000")
    visitor.type("steps", "1001")
    expect(visitor.problem("steps")).to_contain_text("Steps must be at most 1000, got 1001")

"""Plotly's script: a page loads it for a relief, when it shows the first one."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

SCRIPT = "plotly-gl3d.min.js"
CURVE = "?landscape=formula&landscape.text=x**2"
# Idle callbacks run in their order, so one of the page has run.
IDLE = """() => new Promise((resolve) => {
  const wait = () => performance.getEntriesByName('painted').length
    ? requestIdleCallback(() => setTimeout(resolve)) : setTimeout(wait, 10);
  wait();
})"""


def asked_for(visitor: Visitor) -> bool:
    """Whether the page has asked for Plotly until it is idle after its first paint."""
    visitor.page.evaluate(IDLE)
    return any(url.endswith(SCRIPT) for url in visitor.requests)


@pytest.mark.parametrize("query", ["?hide=relief", "?embed"])
def test_a_page_without_a_relief_does_not_load_it(fresh_visit: Visit, query: str) -> None:
    assert not asked_for(fresh_visit(query))


def test_a_page_that_opens_with_a_curve_loads_it_with_the_first_relief(fresh_visit: Visit) -> None:
    visitor = fresh_visit(CURVE)
    assert not asked_for(visitor)
    with visitor.page.expect_request(f"**/{SCRIPT}"):
        visitor.turn_to("?landscape=ravine")


def test_a_page_with_a_relief_loads_it(fresh_visit: Visit) -> None:
    assert asked_for(fresh_visit())

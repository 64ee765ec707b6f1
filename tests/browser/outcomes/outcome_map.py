"""The outcome map of the Scene on the page; until its first cells arrive, that of the Scene before is shown."""

from tests.browser.visitor import Visitor

# As a finer map has other cells, a test that reads cells after a click waits for the finest one.
FINEST = 513
ARRIVED = """(side) => {
  const { hidden, dataset } = document.getElementById('outcomes');
  return !hidden && dataset.stale === 'false' && Number(dataset.columns) >= side;
}"""


def await_outcome_map(visitor: Visitor, side: int = 65) -> None:
    """Wait for the map of the current Scene with ``side`` by ``side`` cells at least."""
    visitor.until(ARRIVED, side)

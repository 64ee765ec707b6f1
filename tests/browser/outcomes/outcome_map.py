"""The outcome map of the Scene on the page; until its first cells arrive, that of the Scene before is shown."""

from tests.browser.visitor import Visitor

# As a finer map has other cells, a test that reads cells after a click waits for the finest one.
FINEST = 513
ARRIVED = """(side) => {
  const { hidden, dataset } = document.getElementById('outcomes');
  return !hidden && dataset.stale === 'false' && Number(dataset.columns) >= side;
}"""
# The smallest module. A policy without 'wasm-unsafe-eval' forbids it, and the workers would be three times as slow.
COMPILE = """() => WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
  .then(() => true, () => false)"""


def workers_may_compile(visitor: Visitor) -> bool:
    """Whether the page has workers, and the policy lets them compile WebAssembly."""
    workers = visitor.page.workers
    return bool(workers) and all(worker.evaluate(COMPILE) for worker in workers)


def await_outcome_map(visitor: Visitor, side: int = 65) -> None:
    """Wait for the map of the current Scene with ``side`` by ``side`` cells at least."""
    visitor.until(ARRIVED, side)

"""The keys of the surfaces that the page shows, on the map and in the relief."""

from tests.browser.visitor import Visitor

KEYS = "() => ['map', 'relief'].map((id) => document.getElementById(id).dataset.key)"


def await_finest(visitor: Visitor, before: list[str]) -> None:
    """Wait for the finest picture and mesh of another surface than before."""
    visitor.until(
        """(before) => ['map', 'relief'].every((id, k) => {
          const { key, columns, lines } = document.getElementById(id).dataset;
          return key !== before[k] && (columns === '513' || lines === '129');
        })""",
        before,
    )

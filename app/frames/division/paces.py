"""Paces: how fast the cells of a landscape's maps were computed, to divide the next map into parts of equal time."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from cachetools import LRUCache

# Landscapes, runs and stages that are remembered.
MOST = 1000


@dataclass(frozen=True)
class Paces:
    """Steps of a lane that a core, or a GPU, takes in one second, by what was computed."""

    known: LRUCache[Hashable, float] = field(default_factory=lambda: LRUCache(MOST))

    def seconds(self, key: Hashable, steps: float, unknown: float) -> float:
        """About how long so many steps take; at a pace of ``unknown`` if there were none before."""
        return steps / self.known.get(key, unknown)

    def learn(self, key: Hashable, steps: float, seconds: float) -> None:
        """Remember the latest pace."""
        if steps > 0 and seconds > 0:
            self.known[key] = steps / seconds

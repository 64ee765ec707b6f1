"""What a measurement is a function of: a Scene's runs and its surface, as ``lessons/headless.py`` computes them.

A protocol, so that reading a lesson, whose facts name measurements, does not import what trains networks.
"""

from typing import Any, Protocol

from torch import Tensor

from cliffscape.app.runs.verdicts import Summary
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.loss import Loss


class Measurable(Protocol):
    """A Scene with its trajectories, verdicts and surface.

    Every method raises a BoundError for a run or a row that does not exist.
    """

    scene: Scene
    # Measurements by name and arguments, so that each is computed once.
    results: dict[tuple[Any, ...], float]

    def with_scene(self, scene: Scene) -> "Measurable":
        """The same of another Scene."""

    @property
    def loss(self) -> Loss:
        """The loss ``(..., 2) -> (...)`` on the map."""

    def record(self, run: str) -> Record:
        """The trajectory of a run, even if the Scene does not show that run."""

    def summary(self, run: str) -> Summary:
        """The summary of a run."""

    def value_and_gradient(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(...)`` and gradient ``(..., 2)`` at points ``(..., 2)`` of the map."""

    def row(self, run: str, step: int) -> int:
        """The row of a step, counted from the end if it is negative."""

    def move(self, run: str, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """The position before a step, the gradient there, and the step, each ``(2,)``."""

    def grid(self, side: int) -> tuple[Tensor, Tensor]:
        """Losses and gradient norms ``(side * side,)`` on a grid over the window."""

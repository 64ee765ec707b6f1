"""A landscape: a loss of flat parameters, declared with its window, start, minima and presets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

import torch
from torch import Tensor

from cliffscape.landscapes.chain import Chain
from cliffscape.landscapes.clips.minibatches import MeanLoss
from cliffscape.landscapes.declare import PLAIN_DESCENT, Entry, Family, Parameter, Point, Preset, Range
from cliffscape.landscapes.group import OWN, check_group
from cliffscape.landscapes.transform import Transform, of_one_parameter

Loss = Callable[[Tensor], Tensor]
# A loss and its gradient, ``(..., D) -> (...)`` and ``(..., D)``.
Measure = Callable[[Tensor], tuple[Tensor, Tensor]]
# The loss (...) and its gradient (..., D) at points (..., D).
Derivative = Callable[[Loss, Tensor], tuple[Tensor, Tensor]]
Residuals = tuple[Tensor, ...]
Minima = Callable[..., tuple[Point, ...]]
F = TypeVar("F", bound=Callable[..., Tensor | Residuals])


class Window(NamedTuple):
    """The part of the plane that is shown, in slice coordinates. That of a curve has no height."""

    left: float
    right: float
    bottom: float = 0.0
    top: float = 0.0

    @property
    def diagonal(self) -> float:
        """Length of the diagonal; a longer step is a throw."""
        return float(((self.right - self.left) ** 2 + (self.top - self.bottom) ** 2) ** 0.5)

    def holds(self, point: Point) -> bool:
        """Whether ``point`` lies inside, edges included."""
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top

    def grid(self, columns: int, rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Points ``(rows, columns, 2)`` in float64, the first row at the bottom."""
        x = torch.linspace(self.left, self.right, columns, dtype=torch.float64, device=device)
        y = torch.linspace(self.bottom, self.top, rows, dtype=torch.float64, device=device)
        return torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)


@dataclass(frozen=True)
class SumOfSquares:
    """A loss with known residuals ``(...)``: ``factor`` times the sum of their squares."""

    residuals: Callable[[Tensor], Residuals]
    factor: float

    def __call__(self, theta: Tensor) -> Tensor:
        """The loss ``(...)`` at ``theta`` ``(..., D)``."""
        first, *rest = self.residuals(theta)
        total = first**2
        for residual in rest:
            total = total + residual**2
        return self.factor * total


@dataclass(frozen=True)
class Landscape(Entry):
    """A loss ``(..., 2) -> (...)`` and what is known about it.

    ``windows`` are named windows, the first one the default. ``minima`` returns known minima for given parameters; with
    ``valley`` they are points along a curve of minima. ``local_minima`` are known ones that are not the lowest. A run
    counts as converged below the loss ``solved``, None where no minimum is known. ``height`` is ``linear`` or ``log``:
    how it is best drawn. ``axes`` names both coordinates, or the only one: a loss of one parameter is a curve. Its
    points are (x, 0), its windows have no height, and its function gets points ``(..., 1)``.

    With ``squares`` the function returns residuals, and the loss is ``squares`` times the sum of squares.

    With ``examples`` above 0 the function gives one loss per example, from one point per example:
    ``(..., N, 2) -> (..., N)``; the loss is their mean (``mean`` may give it in closed form), and a parameter tells how
    many of them share a minibatch. ``data`` returns, for parameters of its own names, numbers of the loss that PyTorch
    alone cannot compute, and that an exported script therefore contains.

    ``chain`` is set for a landscape that applies one step several times. ``study`` names the further view that the
    landscape offers: ``vanishing`` (derivatives over the length of the chain), ``composition`` (the surface along a
    line, layer by layer), or none. ``main`` names the parameter that shapes the loss most, or the family whose first
    parameter does; the page shows it first. ``group`` is its group in the gallery (GROUPS in landscapes/group.py).

    ``facts`` returns the fields that structural parameters change, such as the window of a typed formula, and
    ``solved_at`` the loss ``solved`` for given values of all parameters, if it depends on them.
    """

    axes: tuple[str, ...]
    windows: Mapping[str, Window]
    start: Point
    minima: Minima
    solved: float | None
    height: str
    presets: tuple[Preset, ...]
    valley: bool = False
    local_minima: Minima = lambda **_: ()
    examples: int = 0
    mean: Callable[..., Tensor] | None = None
    data: Callable[..., Tensor] | None = None
    squares: float | None = None
    chain: Chain | None = None
    study: str = ""
    main: str = ""
    group: str = OWN
    facts: Callable[..., Mapping[str, Any]] | None = None
    solved_at: Callable[..., float | None] | None = None

    @property
    def window(self) -> Window:
        """The default window."""
        return next(iter(self.windows.values()))

    @property
    def dimension(self) -> int:
        """The number of parameters of the loss, 1 or 2."""
        return len(self.axes)

    @property
    def curve(self) -> bool:
        """Whether the loss has one parameter."""
        return self.dimension == 1

    def adapt(self, transform: Transform) -> Transform:
        """A clip or an optimizer for points of this landscape. On a curve it sees one coordinate."""
        return of_one_parameter(transform) if self.curve else transform

    def of(self, **parameters: Any) -> "Landscape":
        """The landscape with the facts that depend on its structural parameters; other parameters are ignored."""
        if self.facts is None:
            return self
        return replace(self, **self.facts(**{name: parameters[name] for name in self.structural if name in parameters}))

    def solved_loss(self, **parameters: Any) -> float | None:
        """The loss below which a run counts as converged, for these values of the parameters; None if it is unknown."""
        return self.solved if self.solved_at is None else self.solved_at(**{**self.defaults, **parameters})

    def loss(self, **parameters: Any) -> Loss:
        """The loss with its parameters filled in (defaults where none are given)."""
        found = self.of(**parameters)
        chosen = {**self.defaults, **found.defaults, **parameters}

        def function(theta: Tensor, **values: Any) -> Any:
            # On a curve, points of the plane are (x, 0).
            return self.function(theta[..., :1] if found.curve else theta, **values)

        if self.squares is not None:
            return SumOfSquares(lambda theta: function(theta, **chosen), self.squares)
        if not self.examples:
            return lambda theta: function(theta, **chosen)
        # The function computes all examples, so this is no parameter of it.
        size = int(chosen.pop(MINIBATCH))
        # One value per lane applies to all examples of that lane.
        spread = {k: v.unsqueeze(-1) if isinstance(v, Tensor) and v.dim() else v for k, v in chosen.items()}
        whole = self.mean
        mean = None if whole is None else lambda theta: whole(theta, **chosen)
        return MeanLoss(lambda points: function(points, **spread), self.examples, size, mean)


LANDSCAPES: Family[Landscape] = Family("landscape", entry=Landscape, skip=("theta",))
MINIBATCH = "minibatch_size"


def minibatch_size(examples: int) -> Parameter:
    """The parameter that says how many examples share a minibatch; with many examples its scale is logarithmic."""
    sentence = (
        "How many examples, in order, share a minibatch. The gradient of each minibatch is clipped separately, "
        "and a step uses their mean weighted by size, so a smaller last minibatch counts for less."
    )
    return Parameter(MINIBATCH, int, 1, Range(1, examples, log=examples > 32, structural=True, symbol="m"), sentence)


def landscape(
    *,
    label: str = "",
    windows: Mapping[str, tuple[float, float] | tuple[float, float, float, float]],
    start: Point | float,
    presets: tuple[Preset, ...] = (),
    axes: tuple[str, ...] = ("x", "y"),
    minima: Callable[..., tuple[Point | float, ...]] = lambda **_: (),
    solved: float | None = None,
    height: str = "log",
    examples: int = 0,
    main: str = "",
    **facts: Any,
) -> Callable[[F], F]:
    """Register a loss function, or one of residuals, as a landscape; its keywords are ``Landscape``'s fields.

    The label is by default the function's name as words. Without presets there is one, PLAIN_DESCENT. With one name in
    ``axes``, windows are two numbers, and start and minima are numbers.
    """
    check_group(facts.get("group", OWN))

    def place(point: Any) -> Any:
        # On a curve, a number is the point (x, 0).
        return (point, 0.0) if len(axes) == 1 and isinstance(point, int | float) else point

    return LANDSCAPES.register(
        label,
        extra=(minibatch_size(examples),) if examples else (),
        axes=axes,
        windows={name: Window(*edges) for name, edges in windows.items()},
        start=place(start),
        minima=lambda **chosen: tuple(map(place, minima(**chosen))),
        solved=solved,
        height=height,
        presets=presets or (PLAIN_DESCENT,),
        examples=examples,
        main=main or (MINIBATCH if examples else ""),
        **facts,
    )

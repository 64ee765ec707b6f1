"""The family of clips: what a clip declares, and the decorator that registers one."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from cliffscape.landscapes.declare import Entry, Family, Range
from cliffscape.landscapes.transform import Transform, Variables

Shape = Literal["circle", "square", "diamond", ""]


@dataclass(frozen=True)
class Clipping(Entry):
    """A clip, what it acts on, and the shape of its threshold in the plane, or none.

    ``raises`` says that the framework raises an error where the gradient norm is Inf or NaN. ``first`` is set by a clip
    of two rules: the parameter that is the threshold of the first rule, and its shape. Its function may take
    ``variables`` in addition to declared parameters. Without them every coordinate is a variable.
    """

    acts_on: Literal["gradient", "step"]
    shape: Shape
    first: tuple[str, Shape] | None = None
    raises: bool = False

    @property
    def by_variable(self) -> bool:
        """Whether the function takes ``variables``."""
        return "variables" in inspect.signature(self.function).parameters

    def build(self, chosen: Mapping[str, float | str], variables: Variables | None = None) -> Transform:
        """The clip with the chosen parameters, for a theta of these variables."""
        made: Transform = self.function(**chosen, **({"variables": variables} if self.by_variable else {}))
        return made


CLIPS: Family[Clipping] = Family("clip", entry=Clipping, skip=("variables",))


Threshold = Annotated[float, Range(1e-6, 1e3, log=True, symbol="v")]
# The threshold of the first of two rules.
FirstThreshold = Annotated[float, Range(1e-6, 1e3, log=True, symbol="c")]


# Notes in the docstring of every clip; the page shows those of the chosen one.
EDGES = ("At threshold", "One Inf", "One NaN", "Norm overflow")


def clip(
    label: str,
    acts_on: Literal["gradient", "step"] = "gradient",
    shape: Shape = "circle",
    no_kernel: str = "",
    first: tuple[str, Shape] | None = None,
    raises: bool = False,
) -> Callable[[Callable[..., Transform]], Callable[..., Transform]]:
    """Register a function that returns a clip. If it cannot be traced, ``no_kernel`` says why."""
    return CLIPS.register(label, no_kernel=no_kernel, acts_on=acts_on, shape=shape, first=first, raises=raises)

"""The Scene: everything a user chose, validated; models are built from the declared signatures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, cast

import torch
from pydantic import BaseModel, Field, model_validator

from cliffscape.app.scene.models import Frozen, choice, scene_field
from cliffscape.app.scene.place import check_start, check_window, on_curve
from cliffscape.app.scene.requirements import (
    check_declared,
    check_descent,
    check_network,
    check_steps,
    check_training,
)
from cliffscape.app.scene.surfaces import SURFACES, declared
from cliffscape.app.scene.sweep_axes import axes
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.declare import Entry, Family, Parameter, Point, Range
from cliffscape.landscapes.loss import MINIBATCH, Landscape, Window
from cliffscape.landscapes.models.model_landscape import MODEL
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.slices.directions import SLICES
from cliffscape.landscapes.slices.network_landscape import RECURRENT

STEPS = Parameter("steps", int, 60, Range(1, 100_000, log=True), "How many updates each run makes.")
Runs = Literal["both", "without", "with"]
Colour = Literal["loss", "gradient_norm"]
Height = Literal["auto", "linear", "log"]
UPDATES = Parameter("updates", int, 1000, Range(1, 20000, log=True), "How many updates a training run makes.")
SEEDS = Parameter(
    "seeds", int, 1, Range(1, 16), "How many runs are trained side by side, each with weights of its own."
)
Path = Literal["descent", "projection"]
Scale = Literal["linear", "log"]
# The map shows the loss, or outcomes: a test compares the other values with the frame kinds that are tables.
Map = Literal["loss", "outcomes", "sweep"]
CLOUD = Parameter("cloud", int, 1, Range(1, 64), "How many nearby starts each cell of a sweep is averaged over.")
CLOUD_SEED = Parameter("cloud_seed", int, 0, Range(0, 9999), "Seed of the positions of these starts.")
# A clip with a memory takes minibatches one after the other; with more of them a step takes longer than 0.1 s.
MOST_MINIBATCHES = 256
# Any point: whether a clip has a state does not depend on it.
ORIGIN = torch.zeros(2, dtype=torch.float64)
LARGEST = 1e6  # largest coordinate of a window or a start
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


class Scene(Frozen):
    """Everything the user chose: the whole request and the whole link.

    Cell, task, initialisation and slice are those of a recurrent network; other landscapes ignore them.
    """

    landscape: choice(SURFACES, "one_unit_rnn")  # type: ignore[valid-type]
    cell: choice(CELLS, "tanh_rnn")  # type: ignore[valid-type]
    task: choice(TASKS, "temporal_order")  # type: ignore[valid-type]
    initialisation: choice(INITIALISATIONS, "normal")  # type: ignore[valid-type]
    slice: choice(SLICES, "scaled_recurrence")  # type: ignore[valid-type]
    window: str | tuple[Number, Number, Number, Number] | None = None
    start: tuple[Number, Number] | None = None
    optimizer: choice(OPTIMIZERS, "gradient_descent")  # type: ignore[valid-type]
    schedule: choice(SCHEDULES, "constant")  # type: ignore[valid-type]
    clip: choice(CLIPS, "by_norm")  # type: ignore[valid-type]
    steps: scene_field(STEPS)  # type: ignore[valid-type]
    updates: scene_field(UPDATES)  # type: ignore[valid-type]
    seeds: scene_field(SEEDS)  # type: ignore[valid-type]
    runs: Runs = "both"
    colour: Colour = "loss"
    height: Height = "auto"
    path: Path = "descent"
    map: Map = "loss"
    sweep: tuple[str, str] | None = None
    sweep_ranges: tuple[Number, Number, Number, Number] | None = None
    sweep_scales: tuple[Scale, Scale] | None = None
    cloud: scene_field(CLOUD)  # type: ignore[valid-type]
    cloud_seed: scene_field(CLOUD_SEED)  # type: ignore[valid-type]

    @model_validator(mode="before")
    @classmethod
    def fill_defaults(cls, data: Any) -> Any:
        """Parameters that are not given have the values that a formula declares. A curve's start may be one number."""
        landscape = data.get("landscape") if isinstance(data, Mapping) else None
        if not isinstance(landscape, dict) or (found := declared(landscape)) is None:
            return data
        return {**(on_curve(data) if found.curve else data), "landscape": {**found.defaults, **landscape}}

    @model_validator(mode="after")
    def check_combination(self) -> "Scene":
        """Check the window, the start, the sweep, and the requirements of optimizer, clip and network."""
        check_declared(self)
        check_window(self)
        check_descent(self)
        check_steps(self)
        if self.recurrent:
            self.check_net()
        self.check_minibatches()
        check_start(self)
        if self.map == "outcomes" and self.surface.curve:
            raise BoundError("map", self.map, "loss or sweep, because a start with one coordinate spans no map")
        # Raises an error if the quantities or ranges of the sweep are invalid.
        axes(self)
        return self

    @property
    def recurrent(self) -> bool:
        """Whether the landscape is a slice through the loss of a recurrent network, with families of its own."""
        return bool(self.landscape.kind == RECURRENT.kind)

    @property
    def sliced(self) -> bool:
        """Whether the landscape is a slice through the parameters of a model, which the server computes."""
        return self.landscape.kind in (RECURRENT.kind, MODEL.kind)

    @property
    def slice_of_run(self) -> bool:
        """Whether the slice is a plane through a training run, and so depends on everything the run depends on."""
        return self.recurrent and SLICES[self.slice.kind].of_run

    # The page looks up this and what is resolved below in static/js/state/scene/lookup.js, and a test compares the two.
    @property
    def no_kernel(self) -> str:
        """Why the browser cannot compute the descent itself; empty if it can."""
        chosen = (FAMILIES[family][getattr(self, family).kind] for family in KERNEL_FAMILIES)
        return next((entry.no_kernel for entry in chosen if entry.no_kernel), "")

    @property
    def surface(self) -> Landscape:
        """The chosen landscape. Networks and models have the window of their slice, a formula what is found for it."""
        found = SURFACES[self.landscape.kind].of(**self.parameters("landscape"))
        if not self.recurrent:
            return found
        seen = SLICES[self.slice.kind]
        return replace(found, windows={"whole": seen.window}, start=seen.start, height=seen.height)

    def build(self, family: str) -> Any:
        """The object that the chosen entry of a family builds from its parameters: a cell, an optimizer, a clip."""
        return FAMILIES[family][getattr(self, family).kind].function(**self.parameters(family))

    @property
    def net(self) -> Net:
        """The chosen net."""
        return Net(self.build("cell"), self.build("task"))

    def check_net(self) -> None:
        """The net must be small enough for pictures, and a slice's coordinates must be in it."""
        check_network(self)
        if self.slice.kind == "coordinates":
            self.check_coordinates(self.net)
        if self.slice_of_run:
            try:
                check_training(self)
            except BoundError as error:
                bound = f"{error.bound}; the slice '{self.entry('slice').label}' is a plane through a training run"
                raise BoundError(error.field, error.value, bound) from None

    def check_minibatches(self) -> None:
        """Check that a clip with a memory has few minibatches."""
        least = -(-self.surface.examples // MOST_MINIBATCHES)
        if (
            self.surface.examples
            and self.parameters("landscape")[MINIBATCH] < least
            and self.build("clip").init(ORIGIN)
        ):
            needs = f"landscape.{MINIBATCH} is at least {least} for '{self.surface.label}'"
            bound = f"one that does not depend on earlier gradients, unless {needs}"
            raise BoundError("clip", self.entry("clip").label, bound)

    def check_coordinates(self, net: Net) -> None:
        """Check that both coordinates of the slice exist in the net, and differ."""
        places = []
        for name, text in self.parameters("slice").items():
            places.append(net.layout.index(text, f"slice.{name}"))
        if len(set(places)) < len(places):
            raise BoundError("slice.second", self.parameters("slice")["second"], "different from slice.first")

    @property
    def resolved_window(self) -> Window:
        """The chosen window, the landscape's first one by default."""
        if self.window is None:
            return self.surface.window
        return self.surface.windows[self.window] if isinstance(self.window, str) else Window(*self.window)

    @property
    def resolved_start(self) -> Point:
        """The chosen start, the landscape's own by default."""
        return self.surface.start if self.start is None else self.start

    @property
    def resolved_height(self) -> str:
        """How heights are drawn, ``linear`` or ``log``: the landscape's own scale by default."""
        return self.surface.height if self.height == "auto" else self.height

    def entry(self, family: str) -> Entry:
        """The chosen entry of a family."""
        found: Entry = FAMILIES[family][getattr(self, family).kind]
        return found

    def parameters(self, family: str) -> dict[str, Any]:
        """Chosen parameters of a family, without the kind."""
        return cast(BaseModel, getattr(self, family)).model_dump(exclude={"kind"})


# Families that only a recurrent network has.
NET_FAMILIES: Mapping[str, Family[Any]] = {
    "cell": CELLS,
    "task": TASKS,
    "initialisation": INITIALISATIONS,
    "slice": SLICES,
}
# Families whose entries may have operations that a kernel cannot compute.
KERNEL_FAMILIES = ("landscape", "optimizer", "clip")
FAMILIES: Mapping[str, Family[Any]] = {
    "landscape": SURFACES,
    **NET_FAMILIES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "clip": CLIPS,
}
DEFAULT = Scene.model_validate({})

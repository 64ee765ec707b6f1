"""``cliffscape.slice``: a view of a model on a plane through its parameters."""

from collections.abc import Iterable, Sequence
from math import isfinite
from numbers import Integral
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import CheckpointError

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Point
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import Window
from cliffscape.landscapes.models.attention import plain_attention
from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.models.module_loss import LossOfBatch, ModuleLoss
from cliffscape.landscapes.models.module_subject import ModuleSubject
from cliffscape.landscapes.models.own_loss import check_dependence, check_gradient, check_origin
from cliffscape.landscapes.models.point_losses import PointLosses
from cliffscape.landscapes.models.trainings.recorded_run import RecordedRun
from cliffscape.landscapes.slices.directions import SLICES, Slice

Directions = str | Sequence[str]
# The memory of Lanczos' basis grows with the parameters.
MOST_CURVED = 2_000_000
LARGEST = 1e6  # largest coordinate of a window, as in a Scene


class Plane(NamedTuple):
    """A kind of slice, the values of its parameters, and the name that errors have for it."""

    kind: str
    values: dict[str, Any]
    name: str


def slice_model(
    model: nn.Module,
    loss: LossOfBatch,
    batches: Iterable[Any],
    directions: Directions = "random",
    *,
    seed: int = 0,
    ignore_biases: bool = True,
    run: RecordedRun | None = None,
    window: Sequence[float] | None = None,
    start: Point | None = None,
    memory_bytes: int = 512 << 20,
) -> ModelView:
    """A plane through the parameters of a model, with the mean of ``loss(model, batch)`` over ``batches``.

    Args:
        model: Any module. It is copied, with its buffers and with the mode (train or eval) of every layer.
        loss: Returns the loss of a batch as a tensor with one number. It must use the model that it is given.
        batches: The batches, kept in their order.
        directions: ``random``: two random directions, normalised filter by filter (Li et al. 2018). ``hessian``: the
            leading eigenvector of the Hessian and the gradient. ``pca``: the principal directions of ``run``. Or two
            names of parameters with indices, such as ``("layer.weight[0,3]", "fc.bias[1]")``.
        seed: Of random directions, and of random numbers that the loss draws. Every evaluation draws the same ones.
        ignore_biases: Whether random directions leave biases and the parameters of norms as they are.
        run: What ``cliffscape.record`` has recorded. Its projection is drawn on the plane.
        window: Left, right, bottom and top of the window, in units of the directions.
        start: Where descents on the plane start.
        memory_bytes: Bounds the memory of an evaluation of several points together.

    Raises:
        BoundError: an argument is out of its bound, or the loss at the model's own parameters is not the user's own.
    """
    if not isinstance(seed, Integral):
        raise BoundError("seed", repr(seed), "a whole number")
    plane = plane_of(directions, seed, run)
    found = ModuleLoss(model, loss, batches, seed)
    check_origin(found)
    check_dependence(found)
    check_gradient(found)
    if plane.kind == "coordinates":
        plane = plane._replace(values={key: found.parameters.own_coordinate(one) for key, one in plane.values.items()})
    subject = ModuleSubject(found, None if run is None else run.snapshots(found.parameters))
    seen = build_slice(subject, plane, ignore_biases)
    chosen = chosen_window(window) if window is not None else default_window(subject, plane, seen)
    begin = chosen_start(chosen, start) if start is not None else default_start(chosen, seen)
    return ModelView(subject, seen, chosen, begin, PointLosses(found, seen, memory_bytes), run)


def plane_of(directions: Directions, seed: int, run: RecordedRun | None) -> Plane:
    """The kind of slice that is asked for.

    Raises:
        BoundError: there is no such kind, or it needs a run.
    """
    if isinstance(directions, str):
        if directions == "random":
            return Plane("random_directions", {"seed": seed}, "directions 'random'")
        if directions == "hessian":
            return Plane("curvature", {}, "directions 'hessian'")
        if directions == "pca":
            if run is None:
                raise BoundError("run", "None", "a run that cliffscape.record has recorded, for directions 'pca'")
            return Plane("principal", {}, "directions 'pca'")
    elif (
        isinstance(directions, Sequence)
        and len(names := tuple(directions)) == 2
        and all(isinstance(name, str) for name in names)
    ):
        return Plane("coordinates", {"first": names[0], "second": names[1]}, "directions")
    raise BoundError("directions", repr(directions), "'random', 'pca', 'hessian' or two names of parameters")


def build_slice(subject: ModuleSubject, plane: Plane, ignore_biases: bool) -> Slice:
    """The slice through the model's parameters.

    Raises:
        BoundError: there is no such slice.
    """
    size = subject.layout.size
    if size < 2:
        raise BoundError("model", "1 parameter", "at least 2 parameters, which a plane needs")
    if plane.kind == "random_directions" and ignore_biases and not bool(weights_mask(subject).any()):
        raise BoundError("ignore_biases", True, "False for a model that has only biases and parameters of norms")
    if plane.kind == "curvature" and size > MOST_CURVED:
        raise BoundError("model", f"{size:,} parameters", f"at most {MOST_CURVED:,} parameters for {plane.name}")
    try:
        with plain_attention():
            found: Slice = run_to_end(SLICES[plane.kind].function(subject, **plane.values))
        if plane.kind == "random_directions" and ignore_biases:
            found = Slice(found.origin, found.directions * weights_mask(subject).to(found.directions), found.axes)
    except BoundError as error:
        fields = {"slice": plane.name, "slice.first": "directions[0]", "slice.second": "directions[1]"}
        raise BoundError(fields.get(error.field, plane.name), error.value, reworded(error.bound)) from None
    except CheckpointError as error:
        # Lanczos differentiates after the evaluation, where the checkpointed parts find other parameters.
        raise BoundError("model", "a model with them", f"one without checkpoints for {plane.name}") from error
    return found


def reworded(bound: str) -> str:
    """A bound of a slice in the words of ``slice``."""
    return (
        bound.replace("slice.first", "directions[0]").replace("of the net", "of the model").replace("net's", "model's")
    )


def weights_mask(subject: ModuleSubject) -> Tensor:
    """Which coordinates ``(D,)`` belong to parameters of at least two dimensions: no biases and no norms."""
    tensors = subject.found.parameters.tensors
    return torch.cat([torch.full((tensor.numel(),), tensor.dim() > 1) for tensor in tensors.values()])


def chosen_window(edges: Sequence[float]) -> Window:
    """The window with these edges.

    Raises:
        BoundError: it has no extent, or an edge is too large.
    """
    try:
        numbers: tuple[float, ...] = tuple(float(edge) for edge in edges)
    except (TypeError, ValueError):
        numbers = ()
    if len(numbers) == 4 and all(isfinite(edge) and abs(edge) <= LARGEST for edge in numbers):
        found = Window(*numbers)
        if found.left < found.right and found.bottom < found.top:
            return found
    bound = f"left, right, bottom and top, in this order, each from {-LARGEST:g} to {LARGEST:g}"
    raise BoundError("window", numbers or repr(edges), bound)


def chosen_start(window: Window, start: Point) -> Point:
    """The start with these coordinates.

    Raises:
        BoundError: it has not two coordinates, or is outside the window.
    """
    point = tuple(float(coordinate) for coordinate in start)
    if len(point) == 2 and window.holds(found := (point[0], point[1])):
        return found
    raise BoundError("start", point, f"two coordinates inside the window {tuple(window)}")


def default_window(subject: ModuleSubject, plane: Plane, seen: Slice) -> Window:
    """The window around the model, in units of the directions; for two parameters, three times their size wide."""
    if plane.kind != "coordinates":
        reach = SLICES["principal"].window.right if plane.kind == "principal" else 1.0
        return Window(-reach, reach, -reach, reach)
    x, y = (float(value) for value in seen.project(subject.theta)[0])
    across, upward = (3 * max(1.0, abs(value)) for value in (x, y))
    edges = (x - across, x + across, y - upward, y + upward)
    return Window(*(round(edge, 2) for edge in edges))


def default_start(window: Window, seen: Slice) -> Point:
    """Where the recorded run starts, or a point to the right of the model and above it."""
    begin = seen.facts.get("run_start")
    if isinstance(begin, list) and window.holds((begin[0], begin[1])):
        return begin[0], begin[1]
    x, y = (window.left + window.right) / 2, (window.bottom + window.top) / 2
    return round(x + 0.8 * (window.right - x), 3), round(y + 0.6 * (window.top - y), 3)

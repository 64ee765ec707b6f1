"""Measurements of a surface, and of runs from many starts or with many seeds."""

import math
from functools import lru_cache
from typing import Annotated

import torch

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import Coordinate, RunArgument, Seeds, Side, measurement
from cliffscape.app.runs.pair import transforms
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.declare import Point, Range
from cliffscape.landscapes.descent.descend import Record, descend
from cliffscape.landscapes.surfaces.composition import LAYERS, count_extrema, heights_along_line


@measurement()
def loss_at(headless: HeadlessRun, x: Coordinate = 0.0, y: Coordinate = 0.0) -> float:
    """The loss at a point of the map.

    Args:
        x: The first coordinate.
        y: The second coordinate.
    """
    return float(headless.value_and_gradient(torch.tensor([x, y], dtype=torch.float64))[0])


@measurement()
def gradient_norm_at(headless: HeadlessRun, x: Coordinate = 0.0, y: Coordinate = 0.0) -> float:
    """The norm of the gradient at a point of the map.

    Args:
        x: The first coordinate.
        y: The second coordinate.
    """
    return float(headless.value_and_gradient(torch.tensor([x, y], dtype=torch.float64))[1].norm())


@measurement()
def median_gradient_norm(headless: HeadlessRun, side: Side = 401) -> float:
    """The median gradient norm on a grid over the window.

    Args:
        side: Points of the grid per side.
    """
    return float(headless.grid(side)[1].median())


@measurement()
def share_steeper(headless: HeadlessRun, than: Annotated[float, Range(0, 1e12)] = 1.0, side: Side = 401) -> float:
    """The share of grid points in the window where the gradient norm exceeds a bound.

    Args:
        than: The bound.
        side: Points of the grid per side.
    """
    return float((headless.grid(side)[1] > than).double().mean())


@measurement()
def growth_per_repetition(
    headless: HeadlessRun,
    x: Coordinate = 0.0,
    y: Coordinate = 0.0,
    shorter: Annotated[int, Range(1, 100)] = 80,
    longer: Annotated[int, Range(1, 100)] = 100,
) -> float:
    """The growth of the logarithm of the gradient norm at a point with every repetition of a recurrence.

    Args:
        x: The first coordinate.
        y: The second coordinate.
        shorter: A length of the sequence.
        longer: A greater length.
    """
    point, scene = torch.tensor([x, y], dtype=torch.float64), headless.scene
    logarithms = []
    for length in (shorter, longer):
        changed = scene.landscape.model_copy(update={"sequence_length": length})
        there = headless.with_scene(scene.model_copy(update={"landscape": changed}))
        logarithms.append(math.log(float(there.value_and_gradient(point)[1].norm())))
    return (logarithms[1] - logarithms[0]) / (longer - shorter)


@measurement()
def median_extrema(
    headless: HeadlessRun,
    layers: Annotated[int, Range(0, LAYERS)] = LAYERS,
    seeds: Annotated[int, Range(1, 1000)] = 41,
) -> float:
    """The number of extrema of repeated composition along a line, for the median seed.

    Args:
        layers: After how many layers.
        seeds: How many seeds: 0, 1, 2, ...
    """
    scene = headless.scene
    if scene.landscape.kind != "repeated_composition":
        raise BoundError("landscape", scene.landscape.kind, "repeated_composition")
    return extrema_medians(scene.parameters("landscape")["gain"], seeds)[layers]


@lru_cache(maxsize=8)
def extrema_medians(gain: float, seeds: int) -> list[float]:
    """The median number of extrema over the seeds, for each number of layers."""
    # The book's line, with enough points for the folds of 100 units.
    pieces = torch.split(torch.linspace(-3, 3, 401, dtype=torch.float64), 100)
    lines = [torch.cat([heights_along_line(piece, gain, seed) for piece in pieces], -1) for seed in range(seeds)]
    return count_extrema(torch.stack(lines)).double().quantile(0.5, dim=0).tolist()


@measurement()
def share_below(
    headless: HeadlessRun,
    loss: Annotated[float, Range(0, 1e6)] = 0.01,
    run: RunArgument = "with",
    starts: Seeds = 500,
    seed: Annotated[int, Range(0, 2**31 - 3)] = 0,
) -> float:
    """The share of starts, uniformly distributed over the window, from which a run ends below a loss.

    Args:
        loss: The loss.
        run: The run, ``without`` or ``with``.
        starts: How many starts.
        seed: Seed of the starts.
    """
    window = headless.scene.resolved_window
    generator = torch.Generator().manual_seed(seed)
    shares = torch.rand(starts, 2, generator=generator, dtype=torch.float64)
    low = torch.tensor([window.left, window.bottom], dtype=torch.float64)
    size = torch.tensor([window.right - window.left, window.top - window.bottom], dtype=torch.float64)
    *_, last = headless.descend(run, low + shares * size, headless.scene.steps)
    return float((last.loss[-1] < loss).double().mean())


@measurement()
def share_solved(
    headless: HeadlessRun,
    length: Annotated[int, Range(1, 10_000)] = 1000,
    x: Coordinate = 0.0,
    y: Coordinate = 0.0,
    seeds: Seeds = 200,
) -> float:
    """The share of a clip's seeds with which a longer recurrence, from another start, is solved in the Scene's steps.

    Args:
        length: The length of the sequence.
        x: The first coordinate of the start.
        y: The second coordinate of the start.
        seeds: How many seeds of the clip, if it has one: 0, 1, 2, ...
    """
    solved = headless.scene.surface.solved_loss(**headless.scene.parameters("landscape")) or 0.0
    return float((last_row(headless.scene, length, (x, y), seeds).loss < solved).double().mean())


@measurement()
def share_nonfinite(
    headless: HeadlessRun,
    length: Annotated[int, Range(1, 10_000)] = 1000,
    x: Coordinate = 0.0,
    y: Coordinate = 0.0,
    seeds: Seeds = 200,
) -> float:
    """The share of a clip's seeds with which a longer recurrence ends with a parameter that is Inf or NaN.

    Args:
        length: The length of the sequence.
        x: The first coordinate of the start.
        y: The second coordinate of the start.
        seeds: How many seeds of the clip, if it has one: 0, 1, 2, ...
    """
    finite = last_row(headless.scene, length, (x, y), seeds).position.isfinite().all(-1)
    return float((~finite).double().mean())


def last_row(scene: Scene, length: int, start: Point, seeds: int) -> Record:
    """The last row ``(seeds, ...)`` of a longer recurrence's runs with different seeds of the clip."""
    loss = scene.surface.loss(**{**scene.parameters("landscape"), "sequence_length": length})
    chosen = scene.parameters("clip")
    if "seed" in chosen:
        chosen["seed"] = torch.arange(seeds, dtype=torch.float64)[:, None]
    starts = torch.tensor(start, dtype=torch.float64).repeat(seeds, 1)
    rule = CLIPS[scene.clip.kind].function(**chosen)
    *_, last = descend(loss, starts, transforms(scene, "with")[0], rule, scene.steps)
    return Record(*(part[-1] for part in last))

"""Picture: both runs on the map, and their losses over the steps, as one SVG file that needs no other."""

import base64
import html
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from cliffscape.app.compute.precision import shown_range
from cliffscape.app.notebook.colours import INK, LINE, MUTED, PAPER, RUNS
from cliffscape.app.notebook.heat_image import heat_image
from cliffscape.app.notebook.line import (
    Array,
    different_pieces,
    path_of_pieces,
    path_of_points,
    pieces_inside,
    spread_rows,
)
from cliffscape.app.notebook.ticks import power_ticks, round_ticks
from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.verdicts import format_number
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.mesh import heights
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.loss import Window

WIDTH, HEIGHT = 720, 330
# Without clipping the line is dashed, as on the page.
DASHES: Mapping[RunName, str] = {"without": ' stroke-dasharray="7 4"', "with": ""}


class Box(NamedTuple):
    """A panel in pixels, and the numbers at its edges."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, x: ArrayLike) -> Array:
        """Numbers as pixels from the left."""
        low, high = self.x
        return np.asarray(self.left + (np.asarray(x) - low) / (high - low) * self.width)

    def down(self, y: ArrayLike) -> Array:
        """Numbers as pixels from the top."""
        low, high = self.y
        return np.asarray(self.top + (high - np.asarray(y)) / (high - low) * self.height)

    @property
    def frame(self) -> str:
        """The edges."""
        return f'x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}"'


def picture(scene: Scene, trajectories: Mapping[RunName, Record], loss: Tensor) -> str:
    """The SVG text of a Scene's runs; ``loss`` ``(rows, columns)`` is the surface on its window, from the bottom."""
    parts = [*map_panel(scene, trajectories, loss), *curve_panel(trajectories)]
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    font = f'font-family="system-ui, sans-serif" font-size="12" fill="{MUTED}"'
    return f'{start} {font}><rect width="100%" height="100%" fill="{PAPER}"/>{"".join(parts)}</svg>'


def map_panel(scene: Scene, trajectories: Mapping[RunName, Record], loss: Tensor) -> Iterator[str]:
    """The map with the paths of the runs, or the curve of a loss of one parameter."""
    window, scale = scene.resolved_window, scene.resolved_height
    height = heights(loss.double(), scale)
    if scene.surface.curve:
        window = Window(window.left, window.right, *curve_range(height.numpy()))
        trajectories = {run: on_curve(record, scale) for run, record in trajectories.items()}
    box = Box(58, 30, 290, 250, (window.left, window.right), (window.bottom, window.top))
    yield f'<clipPath id="map"><rect {box.frame}/></clipPath>'
    below = curve_line(box, height[0]) if scene.surface.curve else surface_image(box, loss, scale)
    yield f'<g clip-path="url(#map)">{below}'
    for run, record in trajectories.items():
        pieces = pieces_inside(record.position.numpy(), window)
        pixels = np.stack([box.across(pieces[..., 0]), box.down(pieces[..., 1])], -1)
        # A line in the colour of the paper below keeps the path apart from the surface.
        path = path_of_pieces(different_pieces(pixels))
        yield f'<path d="{path}" fill="none" stroke="{PAPER}" stroke-width="3.6" stroke-opacity="0.7"/>'
        yield stroke(path, run)
        yield from end_marker(box, record, run)
    yield f'</g><rect {box.frame} fill="none" stroke="{LINE}"/>'
    upward_ticks = [(value, value) for value in round_ticks(*box.y)]
    if scene.surface.curve and scale == "log":
        upward_ticks = loss_ticks(loss.double(), *box.y)
    yield from axes(box, round_ticks(*box.x), upward_ticks)
    across, upward = map(html.escape, (*scene.surface.axes, "Loss")[:2])
    yield words(across, box.left + box.width / 2, box.top + box.height + 34, "middle")
    yield words(upward, box.left, box.top - 10, "start")


def curve_range(height: Array) -> tuple[float, float]:
    """The heights at the edges of a curve's picture, with some room."""
    # It returns halves, since the difference of two finite heights may overflow.
    low, high = (2 * edge for edge in shown_range(height))
    room = 0.07 * (high - low) if high > low else max(0.5, abs(low))
    return low - room, high + room


def on_curve(record: Record, scale: str) -> Record:
    """A run whose position is x and the height of the loss."""
    return record._replace(position=torch.stack([record.position[:, 0], heights(record.loss, scale)], -1))


def curve_line(box: Box, height: Tensor) -> str:
    """A curve through heights ``(N,)`` at evenly spaced places."""
    x = np.linspace(box.left, box.left + box.width, len(height))
    # A viewer of SVG computes in float32, so what is far above or below is cut off.
    y = box.down(height.numpy()).clip(-1e4, 1e4)
    return f'<path d="{path_of_points(x, y)}" fill="none" stroke="{INK}" stroke-width="1.5"/>'


def surface_image(box: Box, loss: Tensor, scale: str) -> str:
    """The surface. Grid points are the centres of pixels, and the outermost ones lie on the edges of the box."""
    rows, columns = loss.shape
    half = box.width / (columns - 1) / 2, box.height / (rows - 1) / 2
    place = f'x="{box.left - half[0]:.2f}" y="{box.top - half[1]:.2f}"'
    size = f'width="{box.width + 2 * half[0]:.2f}" height="{box.height + 2 * half[1]:.2f}"'
    data = base64.b64encode(heat_image(loss, scale)).decode()
    return f'<image {place} {size} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'


def end_marker(box: Box, record: Record, run: RunName) -> Iterator[str]:
    """A filled dot at the start and a hollow one at the last row with numbers, if it is inside the window."""
    known = np.isfinite(record.position.numpy()).all(-1).nonzero()[0]
    for row, fill in ((0, RUNS[run]), (known[-1] if len(known) else 0, PAPER)):
        x, y = record.position[row].tolist()
        if box.x[0] <= x <= box.x[1] and box.y[0] <= y <= box.y[1]:
            place = f'cx="{box.across(x):.1f}" cy="{box.down(y):.1f}"'
            yield f'<circle {place} r="4" fill="{fill}" stroke="{RUNS[run]}" stroke-width="2"/>'


def curve_panel(trajectories: Mapping[RunName, Record]) -> Iterator[str]:
    """The losses of the runs over the steps, on the page's logarithmic scale, which has a place for 0."""
    drawn = {run: heights(record.loss, "log").numpy() for run, record in trajectories.items()}
    known = np.concatenate([one[np.isfinite(one)] for one in drawn.values()])
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    # A curve that stays at one value lies in the middle.
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    steps = len(next(iter(drawn.values()))) - 1
    box = Box(410, 30, 290, 250, (0, steps), (low, high))
    losses = torch.cat([record.loss for record in trajectories.values()])
    yield from axes(box, round_ticks(0, steps), loss_ticks(losses, low, high))
    for run, curve in drawn.items():
        rows = spread_rows(curve)
        yield stroke(path_of_points(box.across(rows), box.down(curve[rows])), run)
    yield f'<rect {box.frame} fill="none" stroke="{LINE}"/>'
    yield words("Loss", box.left, box.top - 10, "start")
    yield words("Step", box.left + box.width / 2, box.top + box.height + 34, "middle")


def loss_ticks(losses: Tensor, low: float, high: float) -> list[tuple[float, float]]:
    """Losses with a tick on a log scale, and their heights between ``low`` and ``high``."""
    values = losses.flatten().numpy()
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    powers = power_ticks(float(sizes.min()), float(sizes.max())) if len(sizes) else []
    round_losses = [0.0, *powers, *(-power for power in powers)]
    found = [(value, float(heights(torch.tensor(value, dtype=torch.float64), "log"))) for value in round_losses]
    return [(value, height) for value, height in found if low <= height <= high]


def axes(box: Box, across: list[float], upward: list[tuple[float, float]]) -> Iterator[str]:
    """The numbers along a box: those below it, and those on the left with their heights."""
    for value in across:
        x = float(box.across(value))
        yield f'<path d="M{x:.1f} {box.top + box.height}v4" stroke="{LINE}"/>'
        yield words(format_number(value), x, box.top + box.height + 18, "middle")
    for value, height in upward:
        y = float(box.down(height))
        yield f'<path d="M{box.left} {y:.1f}h-4" stroke="{LINE}"/>'
        # Powers of ten need no digits.
        yield words(format_number(value).replace(".00e", "e"), box.left - 8, y + 4, "end")


def stroke(path: str, run: RunName) -> str:
    """The line of a run."""
    return f'<path d="{path}" fill="none" stroke="{RUNS[run]}" stroke-width="1.6"{DASHES[run]}/>'


def words(text: str, x: float, y: float, anchor: str) -> str:
    """A text at a place."""
    fill = f' fill="{INK}"' if text[:1].isalpha() else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{fill}>{text}</text>'

"""What the page must show: the same Scene computed by PyTorch, in the words of the command line."""

import functools
import math
from urllib.parse import parse_qsl

from torch import Tensor

from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import frame
from cliffscape.app.runs import table
from cliffscape.app.runs.network import build_view
from cliffscape.app.runs.verdicts import format_number, headline, summary, verdict
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.generators import run_to_end

COLUMNS = (
    "position",
    "loss",
    "gradient norm before clipping",
    "clip factor",
    "step length",
    "predicted change",
    "actual change",
)


def scene(query: str) -> Scene:
    """The Scene of a link's query."""
    return from_query(dict(parse_qsl(query.lstrip("?"))))


@functools.cache
def trajectories(query: str) -> dict[str, Record]:
    """The trajectories of a link, by run."""
    return {str(run): record for run, record in table.run_scene(scene(query)).items()}


def picture(query: str) -> str:
    """The key of a link's finest picture on the map."""
    chosen = scene(query)
    return frame(chosen, "surface", max(KINDS["surface"].levels(chosen, False))).key


def relief(query: str) -> str:
    """The key of a landscape's finest relief."""
    return frame(scene(query), "relief", 129).key


@functools.cache
def verdicts(query: str) -> dict[str, str]:
    """The verdicts of a link, by run."""
    chosen = scene(query)
    return {run: verdict(summary(chosen, record, run), run) for run, record in trajectories(query).items()}


@functools.cache
def headlines(query: str) -> dict[str, str]:
    """The headlines of a link, by run."""
    chosen = scene(query)
    return {run: headline(chosen, summary(chosen, record, run), run) for run, record in trajectories(query).items()}


def gradient(query: str, place: Tensor) -> Tensor:
    """The gradient of a link's loss at a point of its map."""
    chosen = scene(query)
    if chosen.recurrent:
        view = run_to_end(build_view(chosen))
        return view.value_and_gradient(place)[1]
    return value_and_gradient(chosen.surface.loss(**chosen.parameters("landscape")), place)[1]


def signed(value: float) -> str:
    """A change, as the page writes it."""
    if math.isnan(value):
        return "–"
    return f"+{format_number(value)}" if value > 0 else format_number(value)


def readout(query: str, run: str, step: int) -> list[str]:
    """A run's numbers at a step, as the page writes them."""
    record = trajectories(query)[run]
    x, y = record.position[step].tolist()
    # No step is taken from the last row, so the step before it is shown.
    last = len(record.loss) - 1
    taken = max(step - 1, 0) if step == last else step
    # Nor is one from a row that stays Inf or NaN.
    finite = record.position.isfinite().all(-1) & record.loss.isfinite()
    if not finite[-1] and finite.any():
        taken = min(taken, int(finite.nonzero().max()))
    factor = float(record.clip_factor[taken])
    shown_factor = "–" if math.isnan(factor) else f"{float(f'{100 * factor:.3g}'):g} %"
    length, predicted, actual = "–", math.nan, math.nan
    if taken < last:
        length = format_number(float(record.step_length[taken]))
        move = record.position[taken + 1] - record.position[taken]
        predicted = float(gradient(query, record.position[taken]) @ move)
        actual = float(record.loss[taken + 1] - record.loss[taken])
    return [
        f"{format_number(x)}, {format_number(y)}",
        format_number(float(record.loss[step])),
        format_number(float(record.gradient_norm[step])),
        shown_factor,
        length,
        signed(predicted),
        signed(actual),
    ]

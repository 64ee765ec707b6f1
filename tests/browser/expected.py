"""What the page must show: the same Scene computed by PyTorch, in the words of the command line."""

import functools
import math
from urllib.parse import parse_qsl

from app import runs
from app.links import from_query
from app.plan import net_part, part
from app.schema import Scene
from app.verdicts import summary, verdict, written
from landscapes.descent import Record

COLUMNS = ("position", "loss", "gradient norm", "kept", "step length")


def scene(query: str) -> Scene:
    """The Scene of a link's query."""
    return from_query(dict(parse_qsl(query.lstrip("?"))))


@functools.cache
def run(query: str) -> dict[str, Record]:
    """The trajectories of a link, by lane."""
    return {str(lane): record for lane, record in runs.run(scene(query)).items()}


def picture(query: str) -> str:
    """The key of a link's finest picture on the map."""
    chosen = scene(query)
    return net_part(chosen, "surface", 129).key if chosen.recurrent else part(chosen, "surface", 513).key


@functools.cache
def verdicts(query: str) -> dict[str, str]:
    """The verdicts of a link, by lane."""
    chosen = scene(query)
    return {lane: verdict(summary(chosen, record), lane) for lane, record in run(query).items()}


def readout(query: str, lane: str, step: int) -> list[str]:
    """A lane's numbers at a step, as the page writes them."""
    record = run(query)[lane]
    x, y = record.position[step].tolist()
    share = float(record.kept[step])
    kept = "–" if math.isnan(share) else f"{float(f'{100 * share:.3g}'):g} %"
    length = "–" if step == len(record.loss) - 1 else written(float(record.step_length[step]))
    return [
        f"{written(x)}, {written(y)}",
        written(float(record.loss[step])),
        written(float(record.gradient_norm[step])),
        kept,
        length,
    ]

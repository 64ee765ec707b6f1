"""Verdicts: what became of a run, in the few numbers that sum it up and in the catalogue's sentences.

The page says the same of its own runs (``static/js/state/trajectories.js``), so both must choose alike.
"""

import math
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal

import torch

from app.schema import Scene
from app.twins import Twin
from landscapes.descent import Record
from landscapes.fates import FATES, SENTENCES, fate

NAMES: dict[Twin, str] = {"without": "Without clipping", "with": "With clipping"}
# A clip that leaves the gradient alone may still round its norm. The mean of clipped minibatches may be the longer one.
ROUNDING = 1e-12
DIGITS = 3


@dataclass(frozen=True)
class Summary:
    """A run in a few numbers; the names are those of the sentences' placeholders.

    ``thrown`` says whether a step between two finite rows was longer than the diagonal of the landscape's own window
    (not of the one on screen: zooming changes no fate); ``thrown_step`` is
    the row that the first such step leaves, or else the longest step's. ``nonfinite_step`` is the first row with an
    Inf or NaN, or -1.
    """

    fate: str
    thrown: bool
    thrown_step: int
    thrown_norm: float
    thrown_length: float
    thrown_windows: float
    thrown_from: float
    thrown_to: float
    best_loss: float
    nonfinite_step: int
    finite_loss: float
    clipped_steps: int
    steps: int
    end_loss: float


def written(value: float) -> str:
    """A number with at most three significant digits.

    Plain from 0.001 up to 99,999, without zeros at the end (0.138, 9.45, 0.09); otherwise two decimals and an
    exponent (9.00e−4, 1.23e12); halves are rounded away from zero. The minus is the typographic one.
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Inf" if value > 0 else "−Inf")
    exact = Decimal(value)
    if exact == 0:
        return "0"
    place = Decimal(1).scaleb(exact.adjusted() - DIGITS + 1)
    rounded = exact.quantize(place, ROUND_HALF_UP)
    if Decimal("0.001") <= abs(exact) < 100_000:
        text = f"{rounded:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{rounded:.{DIGITS - 1}e}".replace("e+", "e")
    return text.replace("-", "−")


def summary(scene: Scene, record: Record) -> Summary:
    """Sum up one trajectory of the Scene."""
    lengths = record.step_length[:-1]
    # A step that is not a number is never the longest, unless the very first one is.
    longest = int(torch.where(lengths.isnan(), -1.0, lengths).argmax())
    broken = (~torch.isfinite(record.loss + record.position.sum(-1))).nonzero()
    nonfinite = int(broken[0]) if len(broken) else -1
    diagonal = scene.surface.window.diagonal
    between = lengths[: nonfinite - 1 if nonfinite > 0 else 0 if nonfinite == 0 else len(lengths)]
    throws = (between > diagonal).nonzero()
    step = int(throws[0]) if len(throws) else longest
    length = float(lengths[step])
    solved = -math.inf if scene.surface.solved is None else scene.surface.solved
    numbers = (
        torch.tensor(number, dtype=torch.float64)
        for number in (solved, float(lengths[longest]), float(lengths[-1]), diagonal)
    )
    return Summary(
        fate=FATES[int(fate(record.position[-1], record.loss[-1], *numbers))],
        thrown=len(throws) > 0,
        thrown_step=step,
        thrown_norm=float(record.gradient_norm[step]),
        thrown_length=length,
        thrown_windows=length / diagonal,
        thrown_from=float(record.loss[step]),
        thrown_to=float(record.loss[step + 1]),
        best_loss=float(record.loss[: step + 1].min()),
        nonfinite_step=nonfinite,
        finite_loss=float(record.loss[nonfinite - 1 if nonfinite > 0 else -1 if nonfinite < 0 else 0]),
        clipped_steps=int(((record.kept[:-1] - 1).abs() > ROUNDING).sum()),
        steps=scene.steps,
        end_loss=float(record.loss[-1]),
    )


def verdict(found: Summary, lane: Twin) -> str:
    """What became of a lane, in one line."""
    values = asdict(found)
    words = {name: value if isinstance(value, (str, int)) else written(value) for name, value in values.items()}
    said = ["thrown"] if found.thrown else []
    said.append("end" if found.nonfinite_step < 0 else "nonfinite")
    said += ["clipped"] if lane == "with" else []
    return f"{NAMES[lane]}, {found.fate}: " + "; ".join(SENTENCES[name].format(**words) for name in said)

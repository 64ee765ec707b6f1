"""Verdicts: the outcome of a run as a summary of a few numbers, and as the catalogue's sentences.

The page sums up its own runs in ``static/js/state/runs/trajectories.js`` and chooses their sentences in
``static/js/state/verdict.js``. ``tests/static/state/test_verdict.py`` compares its verdicts with those of this file.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cliffscape.app.runs.pair import RUN_LABELS, RunName
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.details import details_of
from cliffscape.landscapes.descent.outcome import LABELS, SENTENCES
from cliffscape.landscapes.optimizers.curvature_products import Cost, cost

DIGITS = 3


@dataclass(frozen=True)
class Summary:
    """A run in a few numbers; the sentences have placeholders of the same names.

    ``thrown`` says whether a step between two finite rows is longer than the diagonal of the landscape's default window
    (not of the displayed one: zooming must not change an outcome). ``thrown_step`` is the first such step, or else the
    longest one. ``nonfinite_step`` is the row since which all rows have Inf or NaN, or -1; ``gap_rows`` earlier rows
    between ``gap_first`` and ``gap_last`` have it too. ``raised_step`` is where the clip's framework raises an error.
    ``unsolved`` names the sentence that says why a curvature method found no step at the finite row ``unsolved_step``;
    it is empty otherwise. ``gradients`` and ``products`` count the evaluations while the run was finite, and ``work``
    is their cost in gradients.
    """

    outcome: str
    thrown: bool
    thrown_step: int
    thrown_norm: float
    thrown_length: float
    thrown_windows: float
    thrown_from: float
    thrown_to: float
    best_loss: float
    nonfinite_step: int
    gap_rows: int
    gap_first: int
    gap_last: int
    finite_loss: float
    raised_step: int
    clipped_steps: int
    steps: int
    end_loss: float
    unsolved: str
    unsolved_step: int
    matrix: str
    gradients: int
    products: int
    work: int


# Numbers that are shown with all digits: three significant digits would turn step 1234 into 1230.
COUNTS = tuple(field.name for field in fields(Summary) if field.type is int)


def format_number(value: float, digits: int = DIGITS) -> str:
    """A number with at most ``digits`` significant digits, by default three.

    Plain from 0.001 up to 99,999, without zeros at the end (0.138, 9.45, 0.09); otherwise two decimals and an
    exponent (9.00e−4, 1.23e12); halves are rounded away from zero. The minus is the typographic one.
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Inf" if value > 0 else "−Inf")
    exact = Decimal(value)
    if exact == 0:
        return "0"
    place = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    rounded = exact.quantize(place, ROUND_HALF_UP)
    if Decimal("0.001") <= abs(exact) < 100_000:
        text = f"{rounded:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{rounded:.{digits - 1}e}".replace("e+", "e")
    return text.replace("-", "−")


def summary(scene: Scene, record: Record) -> Summary:
    """Sum up one trajectory of the Scene."""
    solved = -math.inf if scene.surface.solved is None else scene.surface.solved
    diagonal = scene.surface.window.diagonal
    code, details = details_of(record, solved, diagonal)
    step, nonfinite = int(details["key_step"]), int(details["nonfinite_step"])
    length = float(record.step_length[step])
    price = cost(scene.build("optimizer"), record.position.shape[-1])
    return Summary(
        outcome=code,
        thrown=details["thrown"],
        thrown_step=step,
        thrown_norm=float(record.gradient_norm[step]),
        thrown_length=length,
        thrown_windows=length / diagonal,
        thrown_from=float(record.loss[step]),
        thrown_to=float(record.loss[step + 1]),
        best_loss=details["best_loss"],
        nonfinite_step=nonfinite,
        gap_rows=int(details["gap_rows"]),
        gap_first=int(details["gap_first"]),
        gap_last=int(details["gap_last"]),
        finite_loss=float(record.loss[nonfinite - 1 if nonfinite > 0 else -1 if nonfinite < 0 else 0]),
        raised_step=raised_step(scene, details),
        clipped_steps=int(details["clipped_steps"]),
        steps=scene.steps,
        end_loss=float(record.loss[-1]),
        **missing_step(details, price),
        **step_cost((nonfinite if nonfinite >= 0 else scene.steps) - int(details["gap_rows"]), price),
    )


def raised_step(scene: Scene, details: Mapping[str, float]) -> int:
    """The step at which the clip's framework raises an error, or -1. No step is taken from the last row."""
    step = int(details["undefined_factor"])
    return step if CLIPS[scene.clip.kind].raises and step < scene.steps else -1


def missing_step(details: Mapping[str, float], price: Cost) -> dict[str, Any]:
    """The sentence that says why a curvature method found no step, and the row where it found none."""
    step = int(details["missing_step"])
    if not price.matrix or step < 0:
        return {"unsolved": "", "unsolved_step": -1}
    return {"unsolved": "overflowed" if details["missing_nan"] else "singular", "unsolved_step": step}


def step_cost(taken: int, price: Cost) -> dict[str, Any]:
    """The cost of ``taken`` steps."""
    products = taken * price.products
    return {
        "matrix": price.matrix,
        "gradients": taken,
        "products": products,
        "work": taken + price.gradients * products,
    }


def nonfinite_sentences(found: Summary) -> list[str]:
    """The sentences about rows with Inf or NaN: those in between, and those at the end."""
    gaps = [] if not found.gap_rows else ["gap" if found.gap_rows == found.gap_last - found.gap_first + 1 else "gaps"]
    if found.nonfinite_step < 0:
        return gaps
    return [*gaps, "nonfinite" if found.nonfinite_step > 0 else "nonfinite_start"]


def verdict(found: Summary, run: RunName) -> str:
    """The outcome of a run in one line."""
    values = asdict(found)
    words = {name: value if isinstance(value, (str, int)) else format_number(value) for name, value in values.items()}
    names = ["thrown"] if found.thrown else []
    names += nonfinite_sentences(found)
    names += ["end"] if found.nonfinite_step < 0 else []
    names += [found.unsolved] if found.unsolved else []
    names += ["raised"] if run == "with" and found.raised_step >= 0 else []
    names += ["clipped"] if run == "with" else []
    names += ["cost"] if found.matrix else []
    return f"{RUN_LABELS[run]}, {LABELS[found.outcome]}: " + "; ".join(
        SENTENCES[name].format(**words) for name in names
    )

"""Verdicts: the outcome of a run as a summary of a few numbers, and as the catalogue's clauses.

The rules are in ``landscapes/descent/verdict.py``; the page runs the same ones, traced. Here and in
``static/js/state/verdict.js`` the clauses are filled in; ``tests/static/state/test_verdict.py`` compares the two.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import torch
from torch import Tensor

from cliffscape.app.runs.network import SliceView, slice_view
from cliffscape.app.runs.pair import RUN_LABELS, RunName, build_loss
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.derivatives import curvatures
from cliffscape.landscapes.descent.clip_role import CLIP_ROLES
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.details import details_of
from cliffscape.landscapes.descent.headline import HEADLINES
from cliffscape.landscapes.descent.outcome import LABELS, OUTCOMES, place
from cliffscape.landscapes.descent.verdict import CLAUSES, Circumstances, conclude
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import MINIBATCH
from cliffscape.landscapes.optimizers.curvature_products import cost
from cliffscape.landscapes.transform import first_coordinate, in_plane

DIGITS = 3
# Smaller numbers have an exponent: in clauses and tables, and in headlines, which are read by more people.
SMALL, PLAIN = 1e-3, 1e-4


@dataclass(frozen=True)
class Summary:
    """A run in a few numbers; the clauses of its verdict have placeholders of the same names.

    ``thrown`` says whether a step between two finite rows was longer than the diagonal of the landscape's default
    window (not of the displayed one: zooming must not change an outcome) and ended above the lowest loss until then.
    ``thrown_step`` is the first such step, or else the longest one. ``recovered_step`` is the row from which the loss
    is as low as before the throw, or solved; else -1. ``nonfinite_step`` is the row since which all rows have Inf or
    NaN, or -1; ``gap_rows`` earlier rows between ``gap_first`` and ``gap_last`` have it too. ``finite_loss`` is the
    loss of the last finite row, and ``last`` is the last row that is drawn. Since ``solved_step`` (-1 if it is not) the
    loss is below ``solved_loss``. ``lower_loss`` and ``upper_loss`` are those
    of the last two rows. ``last_norm`` is the gradient norm at the last step, before clipping, ``last_clipped`` after
    it, and ``last_step`` that step's length. ``flattest`` and ``sharpness`` are the smallest and the largest curvature
    where a run rests, else NaN. ``unsolved_step`` is where a curvature method found no step, and
    ``raised_step`` where the clip's framework raises an error, or -1. ``taken_steps`` are those taken while the run was
    finite; ``gradients`` and ``products`` count the evaluations, and ``work`` is their cost in gradients. ``clauses``
    are the names of the verdict's clauses, in order. ``clip_role`` is the name of the threshold's role, or empty.
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
    recovered_step: int
    nonfinite_step: int
    gap_rows: int
    gap_first: int
    gap_last: int
    finite_loss: float
    last: int
    end_loss: float
    solved_loss: float
    solved_step: int
    lowest_loss: float
    lowest_step: int
    lower_loss: float
    upper_loss: float
    last_norm: float
    last_clipped: float
    last_step: float
    flattest: float
    sharpness: float
    unsolved_step: int
    raised_step: int
    clipped_steps: int
    replaced_steps: int
    taken_steps: int
    steps: int
    gradients: int
    products: int
    work: int
    matrix: str
    clauses: tuple[str, ...]
    clip_role: str


# Numbers that are shown with all digits: three significant digits would turn step 1234 into 1230.
COUNTS = tuple(field.name for field in fields(Summary) if field.type is int)
# The curvature where a run does not rest.
NOWHERE = torch.tensor(math.nan, dtype=torch.float64)
NUMBERS: Mapping[Any, Callable[[float], float]] = {bool: bool, int: int, float: float}


def format_number(value: float, digits: int = DIGITS, small: float = SMALL) -> str:
    """A number with at most ``digits`` significant digits, by default three.

    Plain from ``small`` up to 99,999, without zeros at the end (0.138, 9.45, 0.09); otherwise two decimals and an
    exponent (9.00e−4, 1.23e12); halves are rounded away from zero. The minus is the typographic one.
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Inf" if value > 0 else "−Inf")
    exact = Decimal(value)
    if exact == 0:
        return "0"
    place = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    rounded = exact.quantize(place, ROUND_HALF_UP)
    if small <= abs(value) < 100_000:
        text = f"{rounded:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{rounded:.{digits - 1}e}".replace("e+", "e")
    return text.replace("-", "−")


def fill(clause: str, words: Mapping[str, Any], small: float = SMALL) -> str:
    """A clause with its placeholders filled in; ``{name|step|steps}`` is a number with its noun.

    Numbers below ``small`` have an exponent.
    """

    def word(match: re.Match[str]) -> str:
        value, nouns = words[match[1]], match[2]
        text = format_number(value, small=small) if isinstance(value, float) else str(value)
        return f"{text} {nouns.split('|')[value != 1]}" if nouns else text

    return re.sub(r"\{(\w+)(?:\|([^}]*))?\}", word, clause)


def circumstances(scene: Scene, run: RunName, dimensions: int) -> tuple[Circumstances, str]:
    """What a run of the Scene is computed with, and the name of the matrix that the optimizer uses, or nothing.

    The page does the same in ``circumstancesOf`` of ``static/js/state/runs/trajectories.js``.
    """
    surface, price = scene.surface, cost(scene.build("optimizer"), dimensions)
    numbers = {
        "solved": -math.inf if (solved := surface.solved_loss(**scene.parameters("landscape"))) is None else solved,
        "diagonal": surface.window.diagonal,
        "steps": scene.steps,
        "clips": run == "with",
        "threshold": scene.parameters("clip").get("threshold", 0) > 0,
        "raises": CLIPS[scene.clip.kind].raises,
        "minibatches": surface.examples > scene.parameters("landscape").get(MINIBATCH, 0),
        "matrix": bool(price.matrix),
        "products": price.products,
        "product_cost": price.gradients,
    }
    scalars = {name: torch.tensor(float(number), dtype=torch.float64) for name, number in numbers.items()}
    return Circumstances(**scalars), price.matrix


def end_curvatures(scene: Scene, position: Tensor, view: SliceView | None = None) -> tuple[Tensor, Tensor]:
    """Smallest and largest curvature at ``position`` ``(2,)``; NaN for a network so large that it would take long.

    ``view`` is the network's, if it has been built already: a slice of a training run takes the whole training.
    """
    if not scene.sliced:
        return curvatures(build_loss(scene), position[: scene.surface.dimension])
    view = run_to_end(slice_view(scene)) if view is None else view
    found = run_to_end(view.curvatures(position.unsqueeze(0)))
    return (NOWHERE, NOWHERE) if found is None else (found[0, 0], found[0, 1])


def summary(scene: Scene, record: Record, run: RunName, view: SliceView | None = None) -> Summary:
    """Sum up the trajectory of a run of the Scene; ``view`` is the network's, if it has been built already."""
    dimensions = scene.surface.dimension if scene.surface.curve else record.position.shape[-1]
    about, matrix = circumstances(scene, run, dimensions)
    if scene.surface.curve:
        record = record._replace(position=in_plane(first_coordinate(record.position)))
    details = details_of(record, about.solved, about.diagonal)
    facts = conclude(details, record.position[-1], record.loss[-1], about)
    flattest, sharpness = NOWHERE, NOWHERE
    if facts["says_rests"]:
        flattest, sharpness = end_curvatures(scene, record.position[-1], view)
    facts |= {"flattest": flattest, "sharpness": sharpness}
    facts |= place(flattest, sharpness, record.loss[-1], about.diagonal)
    found = {name: float(number) for name, number in facts.items()}
    numbers: dict[str, Any] = {
        field.name: NUMBERS[field.type](found[field.name]) for field in fields(Summary) if field.type in NUMBERS
    }
    clauses = tuple(name for name in CLAUSES if found[f"says_{name}"])
    role = next((name for name in CLIP_ROLES if found[f"says_{name}"]), "")
    return Summary(OUTCOMES[int(found["outcome"])], **numbers, matrix=matrix, clauses=clauses, clip_role=role)


def verdict(found: Summary, run: RunName) -> str:
    """The outcome of a run in one line."""
    said = "; ".join(fill(CLAUSES[name], asdict(found)) for name in found.clauses)
    return f"{RUN_LABELS[run]}, {LABELS[found.outcome]}: {said}"


def verdict_lines(found: Mapping[RunName, Summary]) -> list[str]:
    """The outcome of every run in one line each, and a line about the clipping threshold if a run has one."""
    roles = [CLIP_ROLES[one.clip_role] for one in found.values() if one.clip_role]
    return [*(verdict(one, run) for run, one in found.items()), *roles]


def headline(scene: Scene, found: Summary, run: RunName) -> str:
    """What happened to a run of the Scene, in one sentence for a person."""
    lead = CLIPS[scene.clip.kind].lead if run == "with" else RUN_LABELS[run]
    sentences = HEADLINES[found.outcome]
    sentence = next(sentences[names] for names in sentences if {*names.split()} <= {*found.clauses})
    return fill(f"{lead}, {sentence}", {**asdict(found), **scene.parameters("clip")}, PLAIN)

"""The frame of a chain's derivatives over its length, with sentences that describe them."""

import torch

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.studies.registry import study
from cliffscape.app.runs.verdicts import format_number
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.vanishing import CHAINS, DAMPING, Derivatives, derivatives, trend

# The length at which the first derivative is quoted, in addition to the longest.
EARLY = 10
FIRST = {
    "constant": "does not vanish",
    "inverse": "shrinks like 1/T",
    "shrinks": "vanishes",
    "grows": "explodes",
    "changes": "changes",
    "none": "overflows",
}
RATIO = {
    "constant": "Its ratio to the second derivative, the length of Newton’s step, stays the same",
    "inverse": "Its ratio to the second derivative, the length of Newton’s step, falls only like 1/T",
    "shrinks": "Its ratio to the second derivative, the length of Newton’s step, shrinks too",
    "grows": "Its ratio to the second derivative, the length of Newton’s step, grows",
    "changes": "Its ratio to the second derivative, the length of Newton’s step, keeps its order of magnitude",
    "none": "Its ratio to the second derivative overflows",
}


@study("vanishing", depends_on=("start",))
def vanishing_frame(scene: Scene, key: str) -> FrameGenerator:
    """First and second derivative and Gauss-Newton curvature at the start, for every length of the chain."""
    chain = CHAINS[scene.landscape.kind]
    yield None
    theta = torch.tensor(scene.resolved_start, dtype=torch.float64)
    found = derivatives(chain, theta, scene.parameters("landscape"))
    axis = scene.surface.axes[chain.axis]
    arrays = {
        **found._asdict(),
        "newton": found.newton,
        "gauss_newton_step": found.gauss_newton_step(0.0),
        "damped_step": found.gauss_newton_step(),
    }
    length = scene.parameters("landscape")["sequence_length"]
    at = scene.resolved_start[chain.axis]
    said = [first_sentence(found, axis), ratio_sentence(found)]
    said += [*sign_sentences(found, length, axis if chain.flat else "", at), gauss_newton_sentence(found)]
    fields = {"study": "vanishing", "axis": axis, "damping": DAMPING, "sentences": said}
    return Frame("study", key, fields, {name: column.numpy() for name, column in arrays.items()})


def sign_sentences(found: Derivatives, length: int, flat: str, at: float) -> list[str]:
    """Whether Newton's step goes uphill; ``flat`` is the coordinate at whose 0 all derivatives vanish, if any."""
    if length < 1 or found.second[length - 1] >= 0:
        return []
    towards = f", here towards the flat point {flat} = 0" if flat and found.newton[length - 1] * at > 0 else ""
    return [f"At T = {length} the second derivative is negative: Newton’s step goes uphill{towards}."]


def value_range(values: list[float], begin: int) -> str:
    """The value at length ``begin`` and the one at the greatest length."""
    return f"{format_number(values[begin - 1])} at T = {begin}, {format_number(values[-1])} at T = {len(values)}"


def first_sentence(found: Derivatives, axis: str) -> str:
    """How the first derivative changes with the length."""
    values = value_range(found.first.tolist(), EARLY)
    return f"The first derivative with respect to {axis} {FIRST[trend(found.first)]}: {values}."


def ratio_sentence(found: Derivatives) -> str:
    """How first over second derivative changes with the length."""
    return f"{RATIO[trend(found.newton)]}: {value_range(found.newton.tolist(), len(found.newton) // 2)}."


def gauss_newton_sentence(found: Derivatives) -> str:
    """How first derivative over Gauss-Newton curvature changes with the length, without and with damping."""
    if bool((found.gauss_newton == found.second).all()):
        return "Here the output is the parameter itself, so Gauss-Newton’s curvature is the second derivative."
    plain, damped = found.gauss_newton_step(0.0), found.gauss_newton_step()
    if trend(plain) != "grows":
        return f"Divided by Gauss-Newton’s curvature it is {value_range(plain.tolist(), len(plain) // 2)}."
    return (
        "Gauss-Newton’s curvature, the square of the output’s derivative, vanishes twice as fast: its ratio explodes "
        f"to {format_number(plain[-1].item())} at T = {len(plain)}; with a damping of {DAMPING:g} it is only "
        f"{format_number(damped[-1].item())}."
    )

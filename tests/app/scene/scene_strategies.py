"""Random Scenes, built from the bounds that the catalogue declares."""

import math
from typing import Any

from hypothesis import strategies as st

from cliffscape.app.scene.requirements import SERVER_STEPS
from cliffscape.app.scene.schema import (
    CLOUD,
    CLOUD_SEED,
    FAMILIES,
    MOST_MINIBATCHES,
    NET_FAMILIES,
    ORIGIN,
    SEEDS,
    STEPS,
    UPDATES,
)
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.declare import Entry, Parameter
from cliffscape.landscapes.loss import MINIBATCH, Window

# What every Scene has besides its families.
FIELDS = {one.name: one for one in (STEPS, UPDATES, SEEDS, CLOUD, CLOUD_SEED)}
CHOICES = {"runs": ("both", "without", "with"), "colour": ("loss", "gradient_norm"), "map": ("loss", "outcomes")}
NOT_NUMBERS = ("x", None, [1, 2], float("nan"), float("inf"), -float("inf"))
Form = dict[str, Any]


def number(parameter: Parameter) -> st.SearchStrategy[Any]:
    """A value within a parameter's bounds; a text is the default."""
    low, high = parameter.range.low, parameter.range.high
    if parameter.type is str:
        return st.just(parameter.default)
    if parameter.type is int:
        return st.integers(math.ceil(low), math.floor(high))
    return st.floats(low, high)


def entry(member: Entry) -> st.SearchStrategy[Form]:
    """An entry with values of its parameters."""
    return st.fixed_dictionaries({"kind": st.just(member.kind), **{one.name: number(one) for one in member.parameters}})


def point(window: Window) -> st.SearchStrategy[tuple[float, float]]:
    """A point inside a window."""
    return st.tuples(st.floats(window.left, window.right), st.floats(window.bottom, window.top))


@st.composite
def legal_scenes(draw: st.DrawFn, most_steps: int = 100_000) -> Form:
    """A Scene with a landscape of two parameters, within all bounds, and with parts that fit together."""
    landscape = draw(st.sampled_from(list(LANDSCAPES)))
    fitting = [one for one in OPTIMIZERS if landscape.squares or one.function().asks != "gauss_newton"]
    method, clip = draw(st.sampled_from(fitting)), draw(st.sampled_from(list(CLIPS)))
    form: Form = {"landscape": draw(entry(landscape)), "optimizer": draw(entry(method)), "clip": draw(entry(clip))}
    form["schedule"] = draw(st.sampled_from(list(FAMILIES["schedule"])).flatmap(entry))
    if landscape.examples and CLIPS[clip.kind].function(**values(form["clip"])).init(ORIGIN):
        least = -(-landscape.examples // MOST_MINIBATCHES)
        form["landscape"][MINIBATCH] = max(form["landscape"][MINIBATCH], least)
    no_kernel = landscape.no_kernel or method.no_kernel or clip.no_kernel
    steps = number(STEPS) if not no_kernel else st.integers(1, SERVER_STEPS)
    form["steps"] = min(draw(steps), most_steps)
    form |= {name: draw(number(one)) for name, one in FIELDS.items() if name != "steps"}
    form |= {name: draw(st.sampled_from(names)) for name, names in CHOICES.items()}
    name, window = draw(st.sampled_from(list(landscape.windows.items())))
    return {**form, "window": name, "start": draw(point(window))}


@st.composite
def network_scenes(draw: st.DrawFn) -> Form:
    """A Scene with a network, every parameter within its bounds. Together they may cost too much."""
    families = ["landscape", *NET_FAMILIES, "optimizer", "clip"]
    form = {name: draw(st.sampled_from(list(FAMILIES[name])).flatmap(entry)) for name in families[1:]}
    form["landscape"] = draw(entry(FAMILIES["landscape"]["recurrent_network"]))
    return {**form, **{name: draw(number(one)) for name, one in FIELDS.items()}}


def values(chosen: Form) -> Form:
    """The parameters of an entry."""
    return {name: value for name, value in chosen.items() if name != "kind"}


def outside(parameter: Parameter) -> st.SearchStrategy[Any]:
    """A value that a parameter must not have."""
    low, high = parameter.range.low, parameter.range.high
    if parameter.type is str:
        return st.sampled_from(["x" * (int(high) + 1), 7, None])
    beyond = [low - 1, high + 1, low * (1 - 1e-9) if low > 0 else low - 1e-6, high * (1 + 1e-9) + 1e-6]
    beyond += [low + 0.5] if parameter.type is int else []
    return st.sampled_from([*beyond, *NOT_NUMBERS])


# Values that fields of the Scene itself must not have.
WRONG: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(CHOICES, ("", "neither", 1, None)),
    "start": ((1e5, 0), (0, -1e5), (0,), (0, 0, 0), ("x", 0), "x"),
    "window": ("nowhere", (1, 0, 0, 1), (0, 1, 1, 1), (0, 1, 0), (0, 1e9, 0, 1), 7),
    "strange": (1, "x", None),
}
WRONG_KINDS = ("", "x", "by_norm ", 7, None)


@st.composite
def wrong_entries(draw: st.DrawFn, family: str, chosen: Form) -> tuple[Form, str]:
    """An entry of a family with a wrong kind, name or value, and the name of the wrong field."""
    parameters = FAMILIES[family][chosen["kind"]].parameters
    broken = draw(st.sampled_from(["value", "value", "value", "kind", "name"] if parameters else ["kind", "name"]))
    if broken == "kind":
        return {"kind": draw(st.sampled_from(WRONG_KINDS))}, family
    if broken == "name":
        return {**chosen, "strange": 1}, f"{family}.strange"
    one = draw(st.sampled_from(parameters))
    return {**chosen, one.name: draw(outside(one))}, f"{family}.{one.name}"


@st.composite
def illegal_scenes(draw: st.DrawFn) -> tuple[Form, str]:
    """A legal Scene with one field that is not, and the field's name."""
    form = draw(legal_scenes())
    name = draw(st.sampled_from(["landscape", "optimizer", "schedule", "clip", *WRONG, *FIELDS]))
    if name in FAMILIES:
        wrong, field = draw(wrong_entries(name, form[name]))
        return {**form, name: wrong}, field
    values = st.sampled_from(WRONG[name]) if name in WRONG else outside(FIELDS[name])
    return {**form, name: draw(values)}, name

"""The family of clips: what a clip declares, and the decorator that registers one."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from cliffscape.landscapes.declare import Entry, Family, Range
from cliffscape.landscapes.transform import Transform, Variables

Shape = Literal["circle", "square", "diamond", ""]


@dataclass(frozen=True)
class Call:
    """Code that applies a rule in a framework, in which ``{threshold}`` stands for the parameter of that name.

    ``note`` is a sentence on how the call differs from the rule. ``before`` is code that runs once before training.
    """

    code: str
    note: str = ""
    before: str = ""


@dataclass(frozen=True)
class TrainingCalls:
    """How a training loop applies a rule: for each framework a call, or the sentence why there is none.

    ``pytorch`` are statements between ``loss.backward()`` and ``optimizer.step()``, for a ``model``. ``keras`` are
    arguments of an optimizer. ``optax`` is an expression in which ``{optimizer}`` stands for the optimizer.
    ``lightning`` are arguments of its Trainer and ``transformers`` those of TrainingArguments; without them the
    statements for PyTorch are called in a hook.
    """

    pytorch: Call | str
    keras: Call | str
    optax: Call | str
    lightning: Call | None = None
    transformers: Call | None = None


OWN_NORMS = {"pytorch": "By norm (PyTorch)", "keras": "By norm (Keras, global)", "optax": "By norm (optax)"}


def norm_calls(exact: str = "") -> TrainingCalls:
    """The calls for clipping by the norm of all parameters. They differ in edge cases, but for the framework ``exact``.

    Lightning and Transformers call PyTorch's function.
    """
    notes = {
        name: "" if name == exact else f"In edge cases it differs from the chosen rule. On the page it is “{label}”."
        for name, label in OWN_NORMS.items()
    }
    return TrainingCalls(
        Call("torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={threshold})", notes["pytorch"]),
        Call("global_clipnorm={threshold}", notes["keras"]),
        Call("optax.chain(optax.clip_by_global_norm({threshold}), {optimizer})", notes["optax"]),
        Call("gradient_clip_val={threshold}", notes["pytorch"]),
        Call("max_grad_norm={threshold}", notes["pytorch"]),
    )


def no_calls(reason: str) -> TrainingCalls:
    """A rule that no framework has, with the sentence why."""
    return TrainingCalls(reason, reason, reason)


@dataclass(frozen=True)
class Clipping(Entry):
    """A clip, what it acts on, and the shape of its threshold in the plane, or none.

    ``raises`` says that the framework raises an error where the gradient norm is Inf or NaN. ``first`` is set by a clip
    of two rules: the parameter that is the threshold of the first rule, and its shape. ``calls`` says how a training
    loop applies the rule, or is None if nobody has written it down. Its function may take ``variables`` in addition to
    declared parameters. Without them every coordinate is a variable.
    """

    acts_on: Literal["gradient", "step"]
    shape: Shape
    first: tuple[str, Shape] | None = None
    raises: bool = False
    calls: TrainingCalls | None = None

    @property
    def by_variable(self) -> bool:
        """Whether the function takes ``variables``."""
        return "variables" in inspect.signature(self.function).parameters

    @property
    def lead(self) -> str:
        """How a headline about the run with clipping begins. ``{threshold}`` is the clip's parameter."""
        if "threshold" not in self.defaults:
            return "With clipping"
        by_norm = self.acts_on == "gradient" and self.shape == "circle"
        return f"With clipping at {'norm' if by_norm else 'threshold'} {{threshold}}"

    def build(self, chosen: Mapping[str, float | str], variables: Variables | None = None) -> Transform:
        """The clip with the chosen parameters, for a theta of these variables."""
        made: Transform = self.function(**chosen, **({"variables": variables} if self.by_variable else {}))
        return made


CLIPS: Family[Clipping] = Family("clip", entry=Clipping, skip=("variables",))


Threshold = Annotated[float, Range(1e-6, 1e3, log=True, symbol="v")]
# The threshold of the first of two rules.
FirstThreshold = Annotated[float, Range(1e-6, 1e3, log=True, symbol="c")]


# Notes in the docstring of every clip; the page shows those of the chosen one.
EDGES = ("At threshold", "One Inf", "One NaN", "Norm overflow")


def clip(
    label: str,
    acts_on: Literal["gradient", "step"] = "gradient",
    shape: Shape = "circle",
    no_kernel: str = "",
    first: tuple[str, Shape] | None = None,
    raises: bool = False,
    calls: TrainingCalls | None = None,
) -> Callable[[Callable[..., Transform]], Callable[..., Transform]]:
    """Register a function that returns a clip. If it cannot be traced, ``no_kernel`` says why."""
    facts: dict[str, Any] = {"acts_on": acts_on, "shape": shape, "first": first, "raises": raises, "calls": calls}
    return CLIPS.register(label, no_kernel=no_kernel, **facts)

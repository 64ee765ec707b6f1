"""The user's own models as a landscape: the views of this process, each with its name in links."""

from collections.abc import Mapping
from typing import Annotated, Any

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import PLAIN_DESCENT, Range, entry_of
from cliffscape.landscapes.loss import Landscape, Window
from cliffscape.landscapes.models.model_view import ModelView

# The views of this process by name, the first one the default. A view keeps its name, so links to it stay valid.
VIEWS: dict[str, ModelView] = {}


def register_view(view: ModelView, name: str = "model") -> str:
    """Make a view a landscape of this process, and return the query of its link, which begins with ``?``.

    The name of a second view has a number. A view that is registered again keeps its first name.
    """
    known = next((other for other, one in VIEWS.items() if one is view), None)
    if known is None:
        known = unused_name(name)
        VIEWS[known] = view
    return f"?landscape=model&landscape.view={known}"


def unused_name(name: str) -> str:
    """The name, with the first number that makes it new.

    Raises:
        BoundError: it cannot be part of a link.
    """
    if not (name.isascii() and name.isidentifier() and len(name) <= 40):
        raise BoundError("name", repr(name), "1 to 40 letters, digits and underscores, and not begin with a digit")
    number = 2
    found = name
    while found in VIEWS:
        found, number = f"{name}_{number}", number + 1
    return found


def view_of(name: str) -> ModelView:
    """The view of this name.

    Raises:
        BoundError: this process has no such view.
    """
    if name not in VIEWS:
        known = f"one of {', '.join(VIEWS)}" if VIEWS else "a view of this process, which has none"
        raise BoundError("landscape.view", name[:40], known)
    return VIEWS[name]


def view_facts(view: str = "") -> Mapping[str, Any]:
    """The fields of the landscape that depend on the view; without a name, of the first view.

    Raises:
        BoundError: this process has no such view.
    """
    found, first = view_of(view or next(iter(VIEWS), "")), next(iter(VIEWS))
    (parameter,) = MODEL.parameters
    return {
        "axes": found.slice.axes,
        "windows": {"whole": found.window},
        "start": found.start,
        "parameters": (type(parameter)(**{**vars(parameter), "default": first}),),
    }


def model(view: Annotated[str, Range(1, 60, structural=True)] = "") -> ModelView:
    """The loss of your own model, on a plane through its parameters. This server's process computes it.

    Args:
        view: The view of a model that cliffscape.slice has built.

    Formula: L(x, y) = mean over the batches of loss(model(θ + x d₁ + y d₂), batch)
    Reference: Li et al. 2018
    """
    return view_of(view)


MODEL = Landscape(
    **vars(entry_of(model, "Your model", no_kernel="The browser cannot run your Python model.")),
    axes=("x", "y"),
    windows={"whole": Window(-1.0, 1.0, -1.0, 1.0)},
    start=(0.0, 0.0),
    minima=lambda **_: (),
    solved=None,
    height="log",
    presets=(PLAIN_DESCENT,),
    main="view",
    facts=view_facts,
)

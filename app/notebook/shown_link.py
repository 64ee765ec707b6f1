"""Shown link: the link of what ``show`` is asked to show."""

from functools import singledispatch

from cliffscape.app.notebook.result import Result
from cliffscape.app.scene.links import query_text
from cliffscape.landscapes.bound_error import BoundError, must_be
from cliffscape.landscapes.models.model_landscape import register_view
from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.models.trainings.comparison import Comparison


@singledispatch
def shown_link(shown: object) -> str:
    """The query of the page of ``shown``, without the ``?``.

    For another type of object, register a function: ``@shown_link.register``.

    Raises:
        TypeError: objects of this type have no page.
        BoundError: a comparison has no view.
    """
    raise TypeError(
        must_be("shown", type(shown).__name__, "a link, the result of run() or compare(), or a view of slice()")
    )


@shown_link.register
def _(shown: str) -> str:
    return query_text(shown)


@shown_link.register
def _(shown: Result) -> str:
    return query_text(shown.link)


@shown_link.register
def _(shown: ModelView) -> str:
    return query_text(register_view(shown))


@shown_link.register
def _(shown: Comparison) -> str:
    if shown.view is None:
        needed = "a comparison with a view, from compare(..., view=view) or comparison.with_view(view)"
        raise BoundError("shown", "one without a view", needed)
    shown.view.put_last(shown.log)
    return shown_link(shown.view)

"""The views of models that a process has."""

from collections.abc import Iterator

import pytest

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_landscape import MODEL, VIEWS, register_view, view_of
from tests.landscapes.models.small_models import perceptron_view


@pytest.fixture(autouse=True)
def no_views() -> Iterator[None]:
    """Forget the views of a test."""
    yield
    VIEWS.clear()


def test_a_view_keeps_its_name_and_another_one_has_a_number() -> None:
    first, second = perceptron_view(), perceptron_view()
    assert register_view(first, "net") == register_view(first, "other")
    assert register_view(second, "net").endswith("view=net_2")
    assert view_of("net_2") is second


def test_the_landscape_has_the_window_and_the_axes_of_the_view() -> None:
    view = perceptron_view(("0.bias[1]", "2.bias[0]"), window=(-1, 1, -2, 2), start=(0.5, 0.5))
    register_view(view)
    found = MODEL.of(view="model")
    assert (found.axes, found.window, found.start) == (("0.bias[1]", "2.bias[0]"), (-1, 1, -2, 2), (0.5, 0.5))
    assert MODEL.of().axes == found.axes


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(BoundError, match=r"^landscape\.view must be a view of this process, which has none, got x$"):
        view_of("x")

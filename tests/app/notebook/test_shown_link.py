"""Shown link: links in all their forms, results, and objects that register a function of their own."""

from dataclasses import replace

import pytest
import torch

from cliffscape.app.notebook.run import run
from cliffscape.app.notebook.shown_link import shown_link
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_landscape import VIEWS
from cliffscape.landscapes.models.trainings.comparison import Comparison, compare
from cliffscape.landscapes.models.trainings.recorded_run import TrainingLog
from tests.landscapes.models.small_models import cross_entropy, perceptron, perceptron_view, vectors


class View:
    """A type of another module."""

    key = "a1"


@pytest.mark.parametrize(
    ("shown", "query"),
    [
        ("", ""),
        ("http://127.0.0.1:8000/", ""),
        ("landscape=ravine", "landscape=ravine"),
        ("?landscape=ravine&embed&show=play", "landscape=ravine&embed&show=play"),
        ("https://a.example/b/?lesson=x#here", "lesson=x"),
    ],
)
def test_a_link_keeps_everything_after_the_question_mark(shown: str, query: str) -> None:
    assert shown_link(shown) == query


def test_a_result_has_the_link_of_its_experiment() -> None:
    assert shown_link(run("?landscape=saddle&steps=2")) == "landscape=saddle&steps=2"


def test_a_view_of_a_model_has_the_link_of_its_landscape_and_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cliffscape.landscapes.models.model_landscape.VIEWS", dict(VIEWS))
    query = shown_link(perceptron_view())
    assert query.startswith("landscape=model&landscape.view=")
    result = run(f"?{query}&steps=2")
    assert result.scene.sliced
    assert "data:image/svg+xml" in result._repr_html_()


@pytest.fixture
def comparison(monkeypatch: pytest.MonkeyPatch) -> Comparison:
    """A comparison of two steps without a view."""
    monkeypatch.setattr("cliffscape.landscapes.models.model_landscape.VIEWS", dict(VIEWS))
    build = lambda parameters: torch.optim.SGD(parameters, 0.5)  # noqa: E731
    return compare(perceptron(), cross_entropy, vectors(), build, 0.05, 2)


def test_a_comparison_has_the_link_of_its_view_and_its_curves_are_those_of_the_page(comparison: Comparison) -> None:
    view = perceptron_view()
    first, second = comparison.with_view(view), replace(comparison, log=TrainingLog(3)).with_view(view)
    assert shown_link(first) == shown_link(view) == shown_link(second)
    assert view.trainings == [comparison.log, second.log]
    shown_link(first)
    assert [log.token for log in view.trainings] == [second.log.token, comparison.log.token]


def test_a_comparison_without_a_view_is_refused(comparison: Comparison) -> None:
    needed = r"a comparison with a view, from compare\(..., view=view\) or comparison.with_view\(view\)"
    with pytest.raises(BoundError, match=rf"^shown must be {needed}, got one without a view$"):
        shown_link(comparison)


def test_another_object_is_refused_until_a_function_is_registered_for_its_type() -> None:
    with pytest.raises(
        TypeError,
        match=r"^shown must be a link, the result of run\(\) or compare\(\), or a view of slice\(\), got View$",
    ):
        shown_link(View())
    shown_link.register(View, lambda view: f"view={view.key}")
    assert shown_link(View()) == "view=a1"

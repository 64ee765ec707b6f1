"""The family of clips: what the decorator registers, and how a clip is built."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import CLIPS, EDGES, Threshold, clip
from cliffscape.landscapes.transform import Transform, Variables, stateless
from tests.reference import tensor


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A family without entries, for the length of a test."""
    monkeypatch.setattr(CLIPS, "entries", {})


def declare(variables_of: bool) -> None:
    """Register a clip that scales; with ``variables_of`` it takes the variables and counts them."""
    if variables_of:

        @clip("Scaled", acts_on="step", shape="square", no_kernel="It cannot be traced.")
        def scaled(threshold: Threshold = 2.0, variables: Variables | None = None) -> Transform:
            """Scale the gradient.

            Args:
                threshold: The factor.
            """
            return stateless(lambda gradient: gradient * threshold * len(variables or {"": ()}))
    else:

        @clip("Scaled")
        def scaled(threshold: Threshold = 2.0) -> Transform:
            """Scale the gradient.

            Args:
                threshold: The factor.
            """
            return stateless(lambda gradient: gradient * threshold)


def update(made: Transform) -> Tensor:
    """(1, -3) after a clip."""
    gradient = tensor([1.0, -3.0])
    return made.update(gradient, made.init(gradient), gradient)[0]


def test_a_clip_is_registered_with_what_it_declares() -> None:
    declare(variables_of=True)
    [entry] = CLIPS
    assert (entry.kind, entry.label, entry.acts_on, entry.shape) == ("scaled", "Scaled", "step", "square")
    assert entry.no_kernel == "It cannot be traced."
    assert [parameter.name for parameter in entry.parameters] == ["threshold"]
    assert entry.by_variable


def test_a_clip_acts_on_the_gradient_and_has_a_circle_by_default() -> None:
    declare(variables_of=False)
    [entry] = CLIPS
    assert (entry.acts_on, entry.shape, entry.no_kernel, entry.by_variable) == ("gradient", "circle", "", False)


def test_only_a_clip_that_asks_for_the_variables_gets_them() -> None:
    variables = {"weight": (1,), "bias": (1,)}
    for variables_of, factor in ((False, 3.0), (True, 6.0)):
        CLIPS.entries.clear()
        declare(variables_of)
        assert torch.equal(update(CLIPS["scaled"].build({"threshold": 3.0}, variables)), factor * tensor([1.0, -3.0]))
        assert torch.equal(update(CLIPS["scaled"].build({"threshold": 3.0})), 3.0 * tensor([1.0, -3.0]))


def test_the_edges_are_four_different_notes() -> None:
    assert len(set(EDGES)) == 4

"""Signatures as schema, and checks of every entry of every family, which include new entries."""

import itertools
import math
from dataclasses import dataclass
from typing import Annotated

import pytest

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.clips.family import EDGES
from cliffscape.landscapes.declare import Entry, Family, Parameter, Range, documentation, entry_of, parameters
from cliffscape.landscapes.loss import MINIBATCH

FAMILIES = (LANDSCAPES, OPTIMIZERS, SCHEDULES, CLIPS)
ENTRIES = [pytest.param(entry, id=f"{family.name}-{entry.kind}") for family in FAMILIES for entry in family]


def example(data: object, rate: Annotated[float, Range(1e-4, 10, log=True, symbol="ε")] = 0.5, size: int = 3) -> None:
    """Step against the gradient,
    as long as it is large.

    Args:
        rate: How far to step
            per unit of gradient.
        size: Not declared.

    Formula: θ ← θ − ε g
    Reference: a book,
        in two lines
    """


def test_a_signature_and_its_docstring_are_the_schema() -> None:
    (rate,) = parameters(example, skip=("data", "size"))
    range_ = Range(1e-4, 10, log=True, symbol="ε")
    assert rate == Parameter("rate", float, 0.5, range_, "How far to step per unit of gradient.")
    assert rate.label == "Rate ε"


def test_a_docstring_is_parsed() -> None:
    read = documentation(example)
    assert read.summary == "Step against the gradient, as long as it is large."
    assert read.arguments == {"rate": "How far to step per unit of gradient.", "size": "Not declared."}
    assert read.notes == {"Formula": "θ ← θ − ε g", "Reference": "a book, in two lines"}


def test_a_missing_docstring_is_an_error() -> None:
    def silent() -> None: ...

    with pytest.raises(ValueError, match="silent needs a docstring"):
        documentation(silent)


def test_an_argument_without_range_default_or_sentence_is_an_error() -> None:
    def without_range(size: int = 3) -> None:
        """Summary.

        Args:
            size: A size.
        """

    def without_default(size: Annotated[int, Range(1, 3)]) -> None:
        """Summary.

        Args:
            size: A size.
        """

    def without_sentence(size: Annotated[int, Range(1, 3)] = 2) -> None:
        """Summary."""

    def of_another_type(size: Annotated[bytes, Range(1, 3)] = b"2") -> None:
        """Summary.

        Args:
            size: A size.
        """

    for function in (without_range, without_default, of_another_type):
        with pytest.raises(TypeError, match=rf"{function.__name__}\.size needs Annotated"):
            parameters(function)
    with pytest.raises(TypeError, match=r"without_sentence\.size needs a line in the docstring's Args"):
        parameters(without_sentence)


def test_a_family_keeps_order_and_refuses_a_second_entry_of_a_kind() -> None:
    def first() -> None:
        """First."""

    def second() -> None:
        """Second."""

    family: Family[Entry] = Family("thing")
    family.add(entry_of(second))
    family.add(entry_of(first, "The first"))
    assert [entry.kind for entry in family] == ["second", "first"]
    assert [entry.label for entry in family] == ["Second", "The first"]
    assert family["first"].function is first
    with pytest.raises(ValueError, match="thing first is declared twice"):
        family.add(entry_of(first))
    with pytest.raises(KeyError, match="third"):
        family["third"]


def test_a_family_registers_a_function_with_the_facts_of_its_entries() -> None:
    @dataclass(frozen=True)
    class Coloured(Entry):
        colour: str

    family: Family[Coloured] = Family("thing", entry=Coloured, skip=("data",))
    size = Parameter("extra", int, 1, Range(1, 3), "A size.")

    @family.register("A thing", skip=("size",), no_kernel="It is a thing.", extra=(size,), colour="red")
    def thing(data: object, rate: Annotated[float, Range(0, 1)] = 0.5, size: int = 3) -> None:
        """A thing.

        Args:
            rate: A rate.
        """

    entry = family["thing"]
    assert (entry.function, entry.label, entry.colour, entry.no_kernel) == (thing, "A thing", "red", "It is a thing.")
    assert entry.defaults == {"rate": 0.5, "extra": 1}
    with pytest.raises(TypeError, match="shape"):
        family.register("Another", skip=("size",), shape="round")(example)


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_docstring_is_complete(entry: Entry) -> None:
    read = entry.documentation
    assert read.summary.endswith("."), "the summary is a sentence"
    assert "\n" not in read.summary
    # The minibatch size is declared once for all landscapes made of examples.
    own = {parameter.name for parameter in entry.parameters if parameter.name != MINIBATCH}
    assert set(read.arguments) == own
    assert all(sentence.endswith(".") for sentence in read.arguments.values())
    assert read.notes["Reference"]
    if entry.kind != "none":
        assert "Formula" in read.notes or entry.kind == "by_value"
        assert any(sign in read.notes["Formula"] for sign in "=←~")


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_default_lies_in_its_range(entry: Entry) -> None:
    for parameter in entry.parameters:
        bounds = parameter.range
        assert bounds.low < bounds.high
        size = len(parameter.default) if isinstance(parameter.default, str) else parameter.default
        assert bounds.low <= size <= bounds.high, parameter.name
        assert math.isfinite(bounds.low) and math.isfinite(bounds.high)
        assert not bounds.log or bounds.low > 0, "a logarithmic scale has no 0"
        assert isinstance(parameter.default, parameter.type), parameter.name
        assert parameter.type is not float or not bounds.structural, "a count or a formula shapes the computation"
    assert entry.defaults == {parameter.name: parameter.default for parameter in entry.parameters}
    assert set(entry.structural) <= set(entry.defaults)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_labels_are_unique(family: Family[Entry]) -> None:
    for one, other in itertools.combinations(family, 2):
        assert one.label != other.label


def test_every_clip_declares_what_it_does_with_special_gradients() -> None:
    for clip in CLIPS:
        notes = clip.documentation.notes
        for edge in EDGES:
            assert notes[edge][0].isupper() and notes[edge].endswith("."), (clip.kind, edge)


def test_a_text_is_declared_by_the_bounds_of_its_length() -> None:
    def named(coordinate: Annotated[str, Range(1, 12)] = "bias[0]") -> None:
        """Summary.

        Args:
            coordinate: A name.
        """

    (declared,) = parameters(named)
    assert (declared.type, declared.default, declared.range.high) == (str, "bias[0]", 12)

"""Heads of lessons: what a lesson's file says of itself, between two lines of plus signs, in TOML."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from cliffscape.app.runs.pair import RunName
from cliffscape.app.scene.schema import Frozen
from cliffscape.landscapes.bound_error import BoundError

Words = Annotated[str, Field(min_length=1, max_length=500)]
# The claims of the book's section that there are lessons about; the README lists them.
Claim = Annotated[int, Field(ge=1, le=17)]


class Fact(Frozen):
    """Something a lesson states: a quantity, and the number, the bounds or the word that it must be.

    ``says`` is what the lesson's text says of it; ``scene`` is the link of another Scene than the lesson's.
    """

    quantity: Words
    value: float | None = None
    tolerance: Annotated[float, Field(ge=0)] | None = None
    least: float | None = None
    most: float | None = None
    equals: bool | Words | None = None
    says: str = ""
    scene: str | None = None

    @model_validator(mode="after")
    def stated(self) -> "Fact":
        """Exactly one thing must be stated."""
        ways = [self.value is not None, self.least is not None or self.most is not None, self.equals is not None]
        if sum(ways) != 1:
            raise BoundError("quantity", self.quantity, "stated by value and tolerance, by least or most, or by equals")
        if (self.value is None) != (self.tolerance is None):
            given, missing = ("value", "tolerance") if self.tolerance is None else ("tolerance", "value")
            raise BoundError(given, getattr(self, given), f"given together with {missing}")
        return self


class Thrown(Frozen):
    """Will a run be thrown?"""

    kind: Literal["thrown"]
    run: RunName = "without"
    question: str = ""


class Lower(Frozen):
    """Which run ends lower?"""

    kind: Literal["lower"]
    question: str = ""


class Mark(Frozen):
    """Where does a run's step land? To be marked on the map."""

    kind: Literal["mark"]
    run: RunName = "without"
    step: Annotated[int, Field(ge=0, le=999)]
    question: str = ""


class Option(Frozen):
    """One of the answers to choose from, with the bounds between which it is the right one."""

    text: Words
    least: float | None = None
    most: float | None = None


class Choice(Frozen):
    """One of a few answers, counted from one; ``quantity``, of ``scene`` if there is one, shows which is right."""

    kind: Literal["choice"]
    question: Words
    option: Annotated[tuple[Option, ...], Field(min_length=2, max_length=6)]
    answer: Annotated[int, Field(ge=1)]
    quantity: Words | None = None
    scene: str | None = None

    @model_validator(mode="after")
    def among(self) -> "Choice":
        """The answer must be one of the options, and a quantity needs something to be held to."""
        if self.answer > len(self.option):
            raise BoundError("answer", self.answer, f"at most {len(self.option)}, the number of options")
        right = self.option[self.answer - 1]
        if self.quantity is not None and right.least is None and right.most is None:
            raise BoundError("quantity", self.quantity, "held to bounds by the right option's least or most")
        return self


Prediction = Annotated[Thrown | Lower | Mark | Choice, Field(discriminator="kind")]
PREDICTIONS: Mapping[str, type[Frozen]] = {"thrown": Thrown, "lower": Lower, "mark": Mark, "choice": Choice}


class FrontMatter(Frozen):
    """What a lesson is about, where it plays, what is to be foretold, what is true of it, and who says so."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    part: Annotated[str, Field(max_length=80)] = ""
    claims: tuple[Claim, ...] = ()
    scene: str = ""
    source: Words
    check: Words
    quoted: tuple[Words, ...] = ()
    prediction: Prediction
    fact: Annotated[tuple[Fact, ...], Field(min_length=1, max_length=50)]

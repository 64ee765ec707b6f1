"""Front matter: the TOML between two lines of plus signs at the start of a lesson's file."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from cliffscape.app.runs.pair import RunName
from cliffscape.app.scene.models import Frozen
from cliffscape.app.scene.schema import STEPS
from cliffscape.landscapes.bound_error import BoundError

FENCE = "+++"
Words = Annotated[str, Field(min_length=1, max_length=500)]
# A claim of the book's section, numbered as in docs/claims.md.
Claim = Annotated[int, Field(ge=1, le=17)]


class Fact(Frozen):
    """A statement of a lesson: a quantity, and the number, the bounds or the string that it must match.

    ``says`` are the words in the lesson's text, and ``words`` are further ones that the fact supports. ``scene`` is the
    link of another Scene than the lesson's.
    """

    quantity: Words
    value: float | None = None
    tolerance: Annotated[float, Field(ge=0)] | None = None
    least: float | None = None
    most: float | None = None
    equals: bool | Words | None = None
    says: str = ""
    words: tuple[Words, ...] = ()
    scene: str | None = None

    @model_validator(mode="after")
    def check_statement(self) -> "Fact":
        """Check that there is exactly one statement."""
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
    """Where does a step of a run land? The reader marks the point on the map."""

    kind: Literal["mark"]
    run: RunName = "without"
    # The last step of the longest run starts one row before its end.
    step: Annotated[int, Field(ge=0, le=int(STEPS.range.high) - 1)]
    question: str = ""


class Option(Frozen):
    """One of the answers, with the bounds of the quantity for which it is right."""

    text: Words
    least: float | None = None
    most: float | None = None


class Choice(Frozen):
    """A choice of answers, counted from one. ``quantity``, computed in ``scene`` if given, shows which is right."""

    kind: Literal["choice"]
    question: Words
    option: Annotated[tuple[Option, ...], Field(min_length=2, max_length=6)]
    answer: Annotated[int, Field(ge=1)]
    quantity: Words | None = None
    scene: str | None = None

    @model_validator(mode="after")
    def check_answer(self) -> "Choice":
        """Check that the answer is one of the options, and that a quantity has bounds."""
        if self.answer > len(self.option):
            raise BoundError("answer", self.answer, f"at most {len(self.option)}, the number of options")
        right = self.option[self.answer - 1]
        if self.quantity is not None and right.least is None and right.most is None:
            raise BoundError("quantity", self.quantity, "bounded by the correct option's least or most")
        return self


Prediction = Annotated[Thrown | Lower | Mark | Choice, Field(discriminator="kind")]
PREDICTIONS: Mapping[str, type[Frozen]] = {"thrown": Thrown, "lower": Lower, "mark": Mark, "choice": Choice}


class FrontMatter(Frozen):
    """The front matter of a lesson: title, Scene, sources, prediction and facts."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    part: Annotated[str, Field(max_length=80)] = ""
    claims: tuple[Claim, ...] = ()
    scene: str = ""
    source: Words
    check: Words
    quoted: tuple[Words, ...] = ()
    prediction: Prediction
    fact: Annotated[tuple[Fact, ...], Field(min_length=1, max_length=50)]

"""Declarations: a function's signature and docstring are its schema.

``Annotated[float, Range(1e-4, 10, log=True)] = 0.5`` gives bounds, scale and default; the line of the
docstring's ``Args:`` section gives the sentence. Labels, sliders, tooltips, validation and links
are derived from them.
"""

import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

Point = tuple[float, float]


@dataclass(frozen=True)
class Range:
    """Bounds of a number, or of the length of a text, both ends included.

    ``log`` asks for a logarithmic scale. ``structural`` marks a parameter that shapes the computation
    (a number of repetitions, a size) rather than entering it as a number. ``symbol`` is the book's symbol.
    """

    low: float
    high: float
    log: bool = False
    structural: bool = False
    symbol: str = ""


@dataclass(frozen=True)
class Parameter:
    """One declared argument: name, type (``float``, ``int`` or ``str``), default, bounds and a sentence."""

    name: str
    type: type
    default: float | str
    range: Range
    sentence: str

    @property
    def label(self) -> str:
        """The name as words, followed by the book's symbol."""
        words = self.name.replace("_", " ").capitalize()
        return f"{words} {self.range.symbol}".strip()


@dataclass(frozen=True)
class Documentation:
    """The parts of a docstring: its first paragraph, the ``Args:`` and the ``Name: text`` notes."""

    summary: str
    arguments: Mapping[str, str]
    notes: Mapping[str, str]


def documentation(function: Callable[..., Any]) -> Documentation:
    """Read ``function``'s docstring; a missing one is an error, since the page shows it."""
    text = inspect.getdoc(function)
    if not text:
        raise ValueError(f"{function.__name__} needs a docstring: the page shows it")
    summary, *paragraphs = re.split(r"\n\s*\n", text)
    arguments: dict[str, str] = {}
    notes: dict[str, str] = {}
    for paragraph in paragraphs:
        if paragraph.startswith("Args:"):
            # A sentence may continue on lines that are indented further.
            for name, sentence in re.findall(r"^    (\w+): (.*(?:\n {8,}.*)*)", paragraph, re.M):
                arguments[name] = " ".join(sentence.split())
        else:
            # A note continues until the next line that starts with a name.
            for name, sentence in re.findall(r"^([A-Z][\w ]+): (.*(?:\n(?![A-Z][\w ]+: ).*)*)", paragraph, re.M):
                notes[name] = " ".join(sentence.split())
    return Documentation(" ".join(summary.split()), arguments, notes)


def parameters(function: Callable[..., Any], skip: tuple[str, ...] = ()) -> tuple[Parameter, ...]:
    """The declared parameters of ``function``, in order.

    Raises:
        TypeError: an argument has no ``Range``, no default, or no sentence in the docstring.
    """
    hints = typing.get_type_hints(function, include_extras=True)
    sentences = documentation(function).arguments
    declared = []
    for name, argument in inspect.signature(function).parameters.items():
        if name in skip:
            continue
        # get_args is empty for a type that is not Annotated.
        type_, *extras = typing.get_args(hints.get(name)) or (None,)
        range_ = next((extra for extra in extras if isinstance(extra, Range)), None)
        if range_ is None or type_ not in (int, float, str) or argument.default is argument.empty:
            raise TypeError(f"{function.__name__}.{name} needs Annotated[float, int or str, Range(...)] and a default")
        if name not in sentences:
            raise TypeError(f"{function.__name__}.{name} needs a line in the docstring's Args")
        declared.append(Parameter(name, type_, argument.default, range_, sentences[name]))
    return tuple(declared)


@dataclass(frozen=True)
class Entry:
    """One member of a family: its kind (the function's name), function, parameters and documentation.

    ``no_kernel`` says why it cannot be written as a scalar program, and is empty if it can. Without a kernel PyTorch
    computes the descents, and the browser receives the trajectories.
    """

    kind: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    documentation: Documentation
    label: str
    no_kernel: str = field(default="", kw_only=True)

    @property
    def structural(self) -> tuple[str, ...]:
        """Names of the parameters that shape the computation."""
        return tuple(p.name for p in self.parameters if p.range.structural)

    @property
    def numbers(self) -> tuple[Parameter, ...]:
        """The parameters that enter the computation as numbers: they may differ from lane to lane of a batch."""
        return tuple(p for p in self.parameters if not p.range.structural and p.type is not str)

    @property
    def defaults(self) -> dict[str, float | str]:
        """Default of every parameter."""
        return {p.name: p.default for p in self.parameters}


E = TypeVar("E", bound=Entry)
F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Family(Generic[E]):
    """A named, ordered set of entries, filled by a decorator: landscapes, optimizers, clips.

    ``entry`` is the class of the entries. ``skip`` names arguments of its functions that are data, not choices.
    """

    name: str
    entries: dict[str, E] = field(default_factory=dict)
    entry: type[Entry] = field(default=Entry, kw_only=True)
    skip: tuple[str, ...] = field(default=(), kw_only=True)

    def register(
        self,
        label: str = "",
        *,
        skip: tuple[str, ...] = (),
        no_kernel: str = "",
        extra: tuple[Parameter, ...] = (),
        **facts: Any,
    ) -> Callable[[F], F]:
        """A decorator that adds a function to the family.

        ``extra`` are parameters that are not in the function's signature, ``facts`` the fields that ``entry`` adds to
        those of ``Entry``.
        """

        def add(function: F) -> F:
            known = entry_of(function, label, (*self.skip, *skip), no_kernel)
            fields = {**vars(known), "parameters": (*known.parameters, *extra), **facts}
            self.add(cast(E, self.entry(**fields)))
            return function

        return add

    def add(self, entry: E) -> None:
        """Add ``entry``; a second one of the same kind is an error."""
        if entry.kind in self.entries:
            raise ValueError(f"{self.name} {entry.kind} is declared twice")
        self.entries[entry.kind] = entry

    def __getitem__(self, kind: str) -> E:
        return self.entries[kind]

    def __iter__(self) -> Iterator[E]:
        return iter(self.entries.values())


def entry_of(function: Callable[..., Any], label: str = "", skip: tuple[str, ...] = (), no_kernel: str = "") -> Entry:
    """Describe ``function`` as an entry; ``skip`` names arguments that are data rather than choices."""
    label = label or function.__name__.replace("_", " ").capitalize()
    known = documentation(function)
    return Entry(function.__name__, function, parameters(function, skip), known, label, no_kernel=no_kernel)


@dataclass(frozen=True)
class PresetFact:
    """A statement of a preset: words of its name or sentence, and the quantity behind them, as in a lesson's facts.

    The quantity must be the number in the words, to half a unit of its last digit, unless there are bounds or the
    string or truth value that it ``equals``. ``changes`` are choices that differ from the preset's; None takes one
    away.
    """

    says: str
    quantity: str
    least: float | None = None
    most: float | None = None
    equals: str | bool | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Preset:
    """A named experiment: a sentence, its choices, keyed as in the link of a Scene, and the sentence's facts.

    Every number and every outcome in name and sentence is a choice or has a fact. ``check-lessons`` checks the facts.
    """

    name: str
    sentence: str
    choices: Mapping[str, Any]
    facts: tuple[PresetFact, ...] = ()


def descent_preset(
    name: str,
    sentence: str,
    rate: float,
    threshold: float,
    steps: int,
    facts: tuple[PresetFact, ...] = (),
    **choices: object,
) -> Preset:
    """A preset of gradient descent clipped by norm, with further ``choices``."""
    numbers = {"optimizer.learning_rate": rate, "clip.threshold": threshold, "steps": steps}
    return Preset(name, sentence, {"optimizer": "gradient_descent", "clip": "by_norm", **numbers, **choices}, facts)


# The preset of a landscape that declares none.
PLAIN_DESCENT = descent_preset("Gradient descent", "Gradient descent, clipped by norm.", 0.1, 1.0, 60)

"""Conflicts: parts of a link that are valid alone but not together, such as a landscape and an optimizer.

The page leaves out as few parts as possible, the last ones in the catalogue's order, and says which and why.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import ValidationError

from cliffscape.app.scene.labels import FIELDS, part_name, with_labels
from cliffscape.app.scene.links import OWN_FIELDS, from_query
from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.scene.validation import Violation, violations


class Part(NamedTuple):
    """A part of a link: its name in sentences, its key, and all names in the query that go with it."""

    label: str
    key: str
    names: frozenset[str]


def is_conflict(error: ValidationError) -> bool:
    """Whether every field is valid alone: checks of the whole Scene run last, and the first that fails is reported."""
    return all(one["loc"] == () for one in error.errors(include_url=False, include_input=False))


def conflict_field(query: Mapping[str, str]) -> str | None:
    """The field of the first error in a query, or None if it is a Scene."""
    try:
        from_query(query)
    except ValidationError as error:
        return violations(error, Scene)[0].field
    return None


def parts(query: Mapping[str, str]) -> Iterator[Part]:
    """The parts of a query, the last one in the catalogue's order first.

    A parameter comes before the kind that it belongs to, which cannot be left out without its parameters.
    """
    for name in reversed(OWN_FIELDS):
        if name in query:
            yield Part(part_name(name, query), name, frozenset({name}))
    for family, members in reversed(tuple(FAMILIES.items())):
        inside = [name for name in query if name.startswith(f"{family}.")]
        yield from (Part(part_name(name, query), name, frozenset({name})) for name in reversed(inside))
        if family in query:
            yield Part(f"{FIELDS[family]} '{members[query[family]].label}'", family, frozenset({family, *inside}))


def without(query: Mapping[str, str], left_out: list[Part]) -> dict[str, str]:
    """The query without some of its parts."""
    names = frozenset[str]().union(*(part.names for part in left_out))
    return {name: text for name, text in query.items() if name not in names}


def resolve_conflict(query: Mapping[str, str], error: ValidationError) -> tuple[dict[str, str], str]:
    """The query without the parts that must be left out so that this conflict is gone, and a sentence about them."""
    [violation] = violations(error, Scene)
    left_out: list[Part] = []
    for part in parts(query):
        left_out.append(part)
        if conflict_field(without(query, left_out)) != violation.field:
            break
    # Parts that do not matter for the conflict are kept. The first in the catalogue's order has the first chance.
    for part in reversed(left_out.copy()):
        others = [other for other in left_out if other != part]
        if conflict_field(without(query, others)) != violation.field:
            left_out = others
    return without(query, left_out), left_out_sentence(left_out, violation, query)


def left_out_sentence(left_out: list[Part], violation: Violation, query: Mapping[str, str]) -> str:
    """The message, after the parts that are left out if it is not only the field itself, which it names."""
    message = with_labels(violation.message, violation.field, query)
    if [part.key for part in left_out] == [violation.field]:
        if violation.field not in FAMILIES:
            return message
        message = f"it{message.removeprefix(part_name(violation.field, query))}"
    labels = [part.label for part in reversed(left_out)]
    return f"{' and '.join(labels)} {'is' if len(labels) == 1 else 'are'} left out: {message}"

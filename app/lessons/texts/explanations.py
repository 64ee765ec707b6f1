"""Explanations: the sentences of the catalogue, which the page shows as tooltips and notes, and their facts."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cliffscape.app.lessons.texts.stated_text import StatedText, parse_facts
from cliffscape.app.scene.schema import CLOUD, CLOUD_SEED, FAMILIES, NET_FAMILIES, SEEDS, STEPS, UPDATES
from cliffscape.app.settings import PROJECT
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Entry, Parameter
from cliffscape.landscapes.descent.headline import HEADLINES
from cliffscape.landscapes.descent.outcome import MEANINGS
from cliffscape.landscapes.descent.verdict import CLAUSES
from cliffscape.landscapes.group import GROUPS
from cliffscape.landscapes.slices.network_landscape import RECURRENT

EXPLANATIONS = PROJECT / "templates" / "explanations.toml"
# A formula defines its entry, and a reference is a source.
NO_STATEMENT = ("Formula", "Reference")


def read_explanations(path: Path = EXPLANATIONS) -> list[StatedText]:
    """The texts of the catalogue, with those of their facts that the file has.

    Raises:
        BoundError: the file is about a text that is not there, or has a phrase for all texts that none has.
    """
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    everywhere = known.pop("everywhere", {}).get("given", [])
    tables = {f"{family}.{kind}": table for family, kinds in known.items() for kind, table in kinds.items()}
    texts = [stated(name, text, choices, tables.pop(name, {}), everywhere) for name, text, choices in catalogue_texts()]
    idle = [phrase for phrase in everywhere if not any(phrase in one.text for one in texts)]
    if tables or idle:
        raise BoundError(path.name, repr([*tables, *idle]), "about texts of the catalogue")
    return texts


def stated(
    name: str, text: str, choices: Mapping[str, Any], known: Mapping[str, Any], everywhere: list[str]
) -> StatedText:
    """A text with its facts and given phrases."""
    given = (*known.get("given", ()), *(phrase for phrase in everywhere if phrase in text))
    return StatedText(name, None, text, choices, parse_facts(name, known.get("fact", ())), given)


def catalogue_texts() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The texts of the catalogue: a name, the sentences, and the choices that select the entry."""
    for family, members in FAMILIES.items():
        net = {"landscape": RECURRENT.kind} if family in NET_FAMILIES else {}
        for entry in members:
            # Landscapes of the user's own have no facts here.
            if entry.function.__module__.startswith("cliffscape."):
                yield f"{family}.{entry.kind}", "\n\n".join(entry_texts(entry)), {**net, family: entry.kind}
    parameters: tuple[Parameter, ...] = (STEPS, UPDATES, SEEDS, CLOUD, CLOUD_SEED)
    yield "other.parameters", "\n\n".join(parameter.sentence for parameter in parameters), {}
    yield "other.groups", "\n\n".join(GROUPS.values()), {}
    yield "other.outcomes", "\n\n".join(MEANINGS.values()), {}
    headlines = [sentence for sentences in HEADLINES.values() for sentence in sentences.values()]
    yield "other.verdicts", "\n\n".join([*CLAUSES.values(), *headlines]), {}


def entry_texts(entry: Entry) -> Iterator[str]:
    """The sentences about an entry that state something."""
    yield entry.documentation.summary
    yield from (text for name, text in entry.documentation.notes.items() if name not in NO_STATEMENT)
    yield from (parameter.sentence for parameter in entry.parameters)
    yield entry.no_kernel

"""Labels: what the page's controls call the fields of a Scene, for sentences about the parts of a link.

A part is named by its label, with its key in the link in parentheses where the label does not say it:
``Threshold v (clip.threshold)``.
"""

import re
from collections.abc import Mapping

from cliffscape.app.scene.schema import CLOUD_SEED, DEFAULT, FAMILIES, SEEDS, STEPS, UPDATES
from cliffscape.landscapes.formula.typed_formula import formula

# What the page calls the fields that are no parameters of an entry.
FIELDS = {one.name: one.label for one in (STEPS, UPDATES, SEEDS, CLOUD_SEED)}
FIELDS |= {family: family.capitalize() for family in FAMILIES}
FIELDS |= {name: name.capitalize() for name in ("window", "start", "runs", "colour", "height", "path")}
FIELDS |= {"clip": "Clipping rule", "cloud": "Starts per cell", "map": "Outcome map"}
FIELDS |= {"sweep": "Quantities of the outcome map", "sweep_ranges": "Ranges of the outcome map"}
FIELDS |= {"sweep_scales": "Scales of the outcome map"}
LIST = "one of "
QUOTED = re.compile(r"('[^']*')")
KEY = re.compile(rf"\b(?:{'|'.join(FAMILIES)})\.\w+")


def label(key: str, query: Mapping[str, str]) -> str:
    """What the page calls a part of a link; empty if it has no such field. The query tells the kinds."""
    family, dot, name = key.partition(".")
    if not dot or family not in FAMILIES:
        return FIELDS.get(key, "")
    kind = query.get(family, getattr(DEFAULT, family).kind)
    entry = next((one for one in FAMILIES[family] if one.kind == kind), None)
    found = next((one for one in entry.parameters if one.name == name), None) if entry else None
    if entry is None or found is None:
        return ""
    if kind != formula.__name__:
        return str(found.label)
    # The text is called after the landscape, and the constants by their symbols.
    return str(found.range.symbol or entry.label)


def part_name(key: str, query: Mapping[str, str]) -> str:
    """The label of a part of a link, with its key unless that is the same word; a key without a label as it is."""
    found = label(key, query)
    if not found:
        return key
    return found if found.lower() == key else f"{found} ({key})"


def with_labels(sentence: str, field: str, query: Mapping[str, str]) -> str:
    """A violation's sentence with labels: of its ``field``, which it begins with, and of keys that it mentions.

    Values in quotes are the user's, and a list of names says what a link may contain, so both stay as they are.
    """
    if not sentence.startswith(f"{field} "):
        return sentence
    rest = sentence[len(field) :]
    if LIST not in rest:
        parts = QUOTED.split(rest)
        named = (part if k % 2 else KEY.sub(lambda key: part_name(key[0], query), part) for k, part in enumerate(parts))
        rest = "".join(named)
    return part_name(field, query) + rest

"""Claims: the rows of docs/claims.md, and their facts in the same file."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cliffscape.app.lessons.texts.stated_text import StatedText, parse_facts
from cliffscape.app.scene.surfaces import SURFACES
from cliffscape.app.settings import PROJECT
from cliffscape.landscapes.bound_error import BoundError

# An installation from a wheel has no documentation.
CLAIMS = PROJECT / "docs" / "claims.md"
ROW = re.compile(r"\| (\d+) \|")
FACTS = re.compile(r"^```toml\n(.*?)^```$", re.M | re.S)


def read_claims(path: Path = CLAIMS) -> list[StatedText]:
    """The measured results of the table's rows with their facts; none where there is no such file.

    Raises:
        BoundError: a row has not five cells or names an unknown preset, or there are facts of a row that is not there.
    """
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    block = FACTS.search(text)
    facts = tomllib.loads(block[1]) if block else {}
    rows = [claim(line, number, facts) for number, line in enumerate(text.splitlines(), 1) if ROW.match(line)]
    if unknown := set(facts) - {row.place.rpartition(" ")[2] for row in rows}:
        raise BoundError("facts", ", ".join(sorted(unknown)), f"those of a row of {path.name}")
    return rows


def claim(line: str, number: int, facts: Mapping[str, list[dict[str, Any]]]) -> StatedText:
    """A row of the table, which is in this line."""
    cells = [cell.strip() for cell in line.strip("|").split(" | ")]
    if len(cells) != 5:
        raise BoundError(f"claims.md:{number}", f"{len(cells)} cells", "five cells")
    name, _, scene, measured, _ = cells
    place = f"claims.md, claim {name}"
    return StatedText(place, number, measured, preset_choices(scene), parse_facts(place, facts.get(name, ())))


def preset_choices(scene: str) -> dict[str, Any]:
    """The choices of the first landscape and preset that the cell of a row names; those of the landscape without one.

    Raises:
        BoundError: there is no such landscape or preset.
    """
    first = scene.partition(";")[0]
    label, named = re.split(r":| \(", first)[0], re.search(r"\*(.+?)\*", first)
    for landscape in SURFACES:
        presets = {preset.name: preset.choices for preset in landscape.presets} | {"": {}}
        if landscape.label == label and (name := named[1] if named else "") in presets:
            return {"landscape": landscape.kind, **presets[name]}
    raise BoundError("scene", scene, "the label of a landscape, with the name of a preset in italics")

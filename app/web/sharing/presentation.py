"""Presentation: which parts of the page a link shows, and which values it locks.

A presentation is not part of a Scene, so it changes no key, frame or verdict. A link has ``embed`` for a page inside a
frame, ``show`` for the parts that such a page has besides map and headline, ``hide`` for parts that a page does not
have, and ``lock`` for values that cannot be changed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cliffscape.app.scene.links import VIEW_FIELDS, is_presentation
from cliffscape.app.scene.schema import FAMILIES, NET_FAMILIES, Scene
from cliffscape.app.scene.validation import format_value, violation

# The parts of a presentation that are lists of names.
NAMED = ("show", "hide", "lock")
# An embedded page has these without naming them. Its link to the whole page can be hidden.
USUAL = ("headline", "map", "full_page")
# Parts of a usual part that an embedded page has only if they are named.
EXTRA = ("zoom",)
# A control of the page that consists of several fields of a Scene.
GROUPS = {"clipping": ("runs", "clip.threshold")}
ON = ("", "1", "true")
# Coordinates and windows belong to one landscape, so to lock them fixes the landscape and, of a network, the slice.
PLACES = ("start", "window")


def find_parts(folder: Path) -> tuple[str, ...]:
    """The names of all parts in the page's templates, in their order."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))]
    return tuple(dict.fromkeys(name for text in texts for name in re.findall(r'data-part="(\w+)"', text)))


@cache
def all_fields() -> Mapping[str, tuple[str, ...]]:
    """The fields of a Scene that each name stands for: a family, a parameter with or without its family, a view."""
    found = {name: (name,) for name in (*FAMILIES, *VIEW_FIELDS)} | GROUPS
    short: dict[str, dict[str, None]] = {}
    for family, members in FAMILIES.items():
        for parameter in (one for entry in members for one in entry.parameters):
            dotted = f"{family}.{parameter.name}"
            found[dotted] = (dotted,)
            short.setdefault(parameter.name, {})[dotted] = None
    return {name: tuple(fields) for name, fields in short.items()} | found


def fields_of(scene: Scene) -> list[str]:
    """The names that a Scene has controls for. Those of other kinds are valid too, but would make a long sentence."""
    families = [family for family in FAMILIES if scene.recurrent or family not in NET_FAMILIES]
    names = [name for family in families for name in scene.parameters(family)]
    return [*GROUPS, *families, *VIEW_FIELDS, *dict.fromkeys(names)]


@dataclass(frozen=True)
class Presentation:
    """The parts that a page has and the fields that it locks, as names."""

    embed: bool = False
    show: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The presentation as part of a link; empty for the usual page."""
        named = {name: ",".join(getattr(self, name)) for name in NAMED}
        return "&".join([*["embed"] * self.embed, *(f"{name}={text}" for name, text in named.items() if text)])

    @property
    def locked(self) -> tuple[str, ...]:
        """The fields that cannot be changed."""
        return tuple(dict.fromkeys(field for name in self.lock for field in all_fields()[name]))

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names that are hidden. A page with locked values has no list of lessons: a lesson has its own values."""
        return (*self.hide, *["lessons"] * bool(self.lock))

    @property
    def fixed(self) -> tuple[str, ...]:
        """Families of which no other kind can be chosen, because a locked value would have no meaning there."""
        places = any(field in PLACES for field in self.locked)
        landscape = places or any(field.partition(".")[0] == "landscape" for field in self.locked)
        return (*["landscape"] * landscape, *["slice"] * places)

    @property
    def named(self) -> tuple[str, ...]:
        """What an embedded page has: also the locked values, which can be read there."""
        return (*USUAL, *self.show, *self.lock)

    @property
    def selector(self) -> str:
        """A CSS selector of everything that the page leaves out; empty for the usual page.

        An embedded page has what is named, what is inside it, and what contains it.
        """
        found = [f":is({selectors(self.hidden)})"] if self.hidden else []
        if self.embed:
            shown = selectors(self.named)
            found.append(f":is([data-part], [data-field]):not({shown}, :is({shown}) *, :has({shown}))")
            found += [f'[data-part="{part}"]' for part in EXTRA if part not in self.named]
        return ", ".join(found)

    def left_out(self, parts: Iterable[str]) -> list[str]:
        """The parts that the page does not have, so that it need not draw them."""
        shown = set(parts) if not self.embed else set(self.named)
        return [part for part in parts if part not in shown or part in self.hidden]

    def content(self, parts: Iterable[str]) -> dict[str, Any]:
        """The presentation for the page's scripts."""
        return {
            "embed": self.embed,
            "query": self.query,
            **{name: getattr(self, name) for name in NAMED},
            "parts": tuple(parts),
            "locked": self.locked,
            "fixed": self.fixed,
            "left_out": self.left_out(parts),
        }


def selectors(names: Iterable[str]) -> str:
    """A list of CSS selectors of the elements that names stand for."""
    found = []
    for name in names:
        found.append(f'[data-part="{name}"]')
        for field in all_fields().get(name, ()):
            found.append(f'[data-field="{field}"]')
            # The fields of a family, and the coordinates of a start.
            found += [f'[data-field^="{field}."]'] * ("." not in field)
    return ", ".join(found)


def split_presentation(query: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The part of a link that is its presentation, and the rest."""
    own = {key: text for key, text in query.items() if is_presentation(key)}
    return own, {key: text for key, text in query.items() if key not in own}


def read_presentation(query: Mapping[str, str], parts: Iterable[str], scene: Scene) -> tuple[Presentation, list[str]]:
    """The presentation of a link, and a sentence for every part that is invalid; all other parts stay."""
    notice = []
    embed = query.get("embed") in ON
    if "embed" in query and not embed:
        notice.append(sentence("embed", query["embed"], "empty, 1 or true"))
    if "show" in query and not embed:
        notice.append(sentence("show", query["show"], "in a link with embed"))
        query = {**query, "show": ""}
    fields = fields_of(scene)
    known = {"show": [*parts, *fields], "hide": [*parts, *fields], "lock": fields}
    named: dict[str, tuple[str, ...]] = {}
    for key in NAMED:
        names = dict.fromkeys(filter(None, query.get(key, "").split(",")))
        wrong = [name for name in names if name not in known[key] and name not in all_fields()]
        bound = f"one of {', '.join(dict.fromkeys(known[key]))}"
        notice += [sentence(key, name, bound) for name in wrong]
        named[key] = tuple(name for name in names if name not in wrong)
    return Presentation(embed, **named), notice


def sentence(field: str, value: str, bound: str) -> str:
    """The sentence about an invalid part of a presentation."""
    return violation(field, format_value(value), bound).message

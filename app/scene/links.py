"""Links: a Scene as the query of a URL, which contains only what differs from the defaults.

The page writes the same links in ``static/js/state/scene/url.js``, and a test compares the two.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from cliffscape.app.scene.place import short_place
from cliffscape.app.scene.schema import DEFAULT, FAMILIES, Scene

# Parameters that mail programs, advertisements and social networks append to a link.
TRACKING = re.compile(r"utm_\w+|(fb|g|d|y|tw|tt)clid|msclkid|[gw]braid|mc_[ce]id|igsh(id)?|li_fat_id|_g[al]|_hs\w+")
# What a link says about the page, not about the experiment. app/web/sharing reads it.
PRESENTATION = ("embed", "show", "hide", "lock", "ask")


def query_text(text: str) -> str:
    """The query of a URL, without the ``?``; a query alone is returned as it is."""
    before, mark, after = text.partition("#")[0].partition("?")
    return after if mark else ("" if "://" in before else before)


def parse_link(text: str) -> tuple[dict[str, str], list[str]]:
    """The Scene's query of a URL or of a query string, and the names of the tracking parameters that were left out."""
    found = dict(parse_qsl(query_text(text), keep_blank_values=True))
    return drop_tracking({key: text for key, text in found.items() if not is_presentation(key)})


def is_presentation(key: str) -> bool:
    """Whether a part of a link is about the page. A question has fields of its own, such as ``ask.step``."""
    return key.partition(".")[0] in PRESENTATION


def drop_tracking(query: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """A query without tracking parameters, and their names."""
    tracking = [key for key in query if TRACKING.fullmatch(key)]
    return {key: text for key, text in query.items() if key not in tracking}, tracking


def nest(query: Mapping[str, str]) -> dict[str, Any]:
    """A link's query as the nested form that a Scene is validated from.

    ``landscape=ravine&landscape.condition_number=50&start=1,0.5`` names kinds by family and parameters by
    family and name; points and windows are numbers with commas.
    """
    form: dict[str, Any] = {}
    for key, text in query.items():
        family, dot, name = key.partition(".")
        if family in FAMILIES:
            entry = form.setdefault(family, {})
            entry[name if dot else "kind"] = text
        else:
            form[key] = tuple(text.split(",")) if "," in text and key in LISTS else text
    for family in FAMILIES:
        if family in form:
            form[family].setdefault("kind", getattr(DEFAULT, family).kind)
    return form


def from_query(query: Mapping[str, str]) -> Scene:
    """The Scene of a link.

    Raises:
        pydantic.ValidationError: a name is unknown or a value is out of bounds.
    """
    return Scene.model_validate(nest(query))


# The Scene's fields that are no families, in their order in links.
VIEW_FIELDS = ("window", "start", "steps", "updates", "seeds", "runs", "colour", "height", "path")
OWN_FIELDS = (*VIEW_FIELDS, "map", "sweep", "sweep_ranges", "sweep_scales", "cloud", "cloud_seed")
LISTS = ("start", "window", "sweep", "sweep_ranges", "sweep_scales")


def to_query(scene: Scene) -> dict[str, str]:
    """The query of a Scene: only what differs from the defaults."""
    query: dict[str, str] = {}
    for family, members in FAMILIES.items():
        entry = getattr(scene, family)
        if entry.kind != getattr(DEFAULT, family).kind:
            query[family] = entry.kind
        # A formula may declare other defaults.
        declared = scene.surface.defaults if family == "landscape" else {}
        defaults = {**members[entry.kind].defaults, **declared}
        changed = {name: value for name, value in scene.parameters(family).items() if value != defaults[name]}
        query |= {f"{family}.{name}": to_url_text(value) for name, value in changed.items()}
    for name in OWN_FIELDS:
        value = getattr(scene, name)
        if value != getattr(DEFAULT, name):
            query[name] = to_url_text(short_place(scene.surface, name, value))
    return query


def to_url_text(value: Any) -> str:
    """A value in the form of links: the shortest text that parses to the same number."""
    if isinstance(value, tuple):
        return ",".join(to_url_text(part) for part in value)
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return str(value)

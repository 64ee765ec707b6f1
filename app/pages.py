"""Pages: the HTML page of a Scene, with what it needs to paint at once."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pydantic import ValidationError

from app.assets import Assets, Plotly
from app.catalogue import catalogue
from app.complaints import complaints
from app.links import from_query
from app.problems import MOST
from app.schema import DEFAULT, Scene


def read_link(query: Mapping[str, str]) -> tuple[Scene, list[str]]:
    """The Scene of a link, and a sentence for everything in it that had to be left out."""
    kept, notice = dict(query), list[str]()
    while kept:
        try:
            return from_query(kept), notice[:MOST]
        except ValidationError as error:
            found = complaints(error, Scene)
            notice += [one.message for one in found]
            blamed = {one.field for one in found}
            # A bad kind takes its parameters along: they belong to nothing.
            left = {key: text for key, text in kept.items() if not {key, key.partition(".")[0]} & blamed}
            kept = left if len(left) < len(kept) else {}
    return DEFAULT, notice[:MOST]


def script_safe(value: Any) -> Markup:
    """JSON that may stand inside a script element."""
    return Markup(json.dumps(value, allow_nan=False).replace("<", "\\u003c"))


class Pages:
    """The page's template with the addresses of its files."""

    def __init__(self, folder: Any, assets: Assets, reload: bool) -> None:
        self.assets = assets
        self.environment = Environment(loader=FileSystemLoader(folder), autoescape=True, auto_reload=reload)

    def page(self, scene: Scene, notice: list[str], frames: list[bytes]) -> str:
        """The HTML page."""
        opening = {
            "scene": scene.model_dump(mode="json"),
            "catalogue": catalogue(),
            "notice": notice,
            "frames": [base64.b64encode(frame).decode() for frame in frames],
            "assets": self.assets.address,
            "plotly": Plotly.address,
        }
        return self.environment.get_template("page.html").render(
            opening=script_safe(opening),
            assets=self.assets.address,
            plotly=Plotly.address,
            modules=self.assets.modules + kernel_addresses(frames),
            scene=scene,
            notice=notice,
        )


def kernel_addresses(frames: list[bytes]) -> list[str]:
    """Addresses of the kernels that a kernel frame among ``frames`` names."""
    headers = [json.loads(frame[8 : 8 + int.from_bytes(frame[4:8], "little")]) for frame in frames]
    found = [header[name]["url"] for header in headers for name in ("without", "with", "fate") if name in header]
    return list(dict.fromkeys(found))

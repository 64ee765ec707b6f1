"""Pages: the HTML page of a Scene, with the data for its first paint."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pydantic import ValidationError

from cliffscape.app.compute.encoding import decode
from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.lessons.errors import unknown_lesson
from cliffscape.app.lessons.lesson import Lesson
from cliffscape.app.scene.conflicts import is_conflict, resolve_conflict
from cliffscape.app.scene.labels import with_labels
from cliffscape.app.scene.links import drop_tracking, from_query
from cliffscape.app.scene.metadata import version
from cliffscape.app.scene.schema import DEFAULT, Scene
from cliffscape.app.scene.validation import violations
from cliffscape.app.web import thumbnails
from cliffscape.app.web.assets.folder import Assets
from cliffscape.app.web.catalogue import catalogue
from cliffscape.app.web.problems import MOST
from cliffscape.app.web.sharing.presentation import Presentation, find_parts


def read_link(query: Mapping[str, str], default: Scene = DEFAULT) -> tuple[Scene, list[str]]:
    """The Scene of a link, or ``default`` for an empty one, and a sentence for every part that is invalid."""
    kept, notice = drop_tracking(query)[0], list[str]()
    while kept:
        # Repeated, because some checks only run once all single fields are valid.
        try:
            return from_query(kept), notice[:MOST]
        except ValidationError as error:
            if is_conflict(error):
                kept, sentence = resolve_conflict(kept, error)
                notice.append(sentence)
                continue
            found = violations(error, Scene)
            notice += [with_labels(one.message, one.field, kept) for one in found]
            blamed = {one.field for one in found}
            # Without a valid kind its parameters are dropped as well.
            rest = {key: text for key, text in kept.items() if not {key, key.partition(".")[0]} & blamed}
            # An error that removes no part would repeat forever.
            kept = rest if len(rest) < len(kept) else {}
    return default, notice[:MOST]


def read_lesson(query: Mapping[str, str], library: LessonCollection) -> tuple[Scene, Lesson | None, list[str]]:
    """The Scene of a link, its lesson, and what is invalid; a link with only a lesson has the lesson's Scene."""
    rest = dict(query)
    name = rest.pop("lesson", None)
    lesson = library.find_shown(name) if name is not None else None
    scene, notice = read_link(rest, lesson.scene if lesson else DEFAULT)
    if name is not None and lesson is None:
        notice = [unknown_lesson(name), *library.faults_of(name), *notice][:MOST]
    return scene, lesson, notice


def script_safe(value: Any) -> Markup:
    """JSON that is safe inside a script element, which ``</script>`` would end even inside a string."""
    return Markup(json.dumps(value, allow_nan=False).replace("<", "\\u003c"))


class Pages:
    """Renders the page's template with the addresses of its files."""

    def __init__(self, folder: Path, assets: Assets, reload: bool, library: LessonCollection) -> None:
        self.assets, self.library = assets, library
        self.parts = find_parts(folder)
        self.environment = Environment(loader=FileSystemLoader(folder), autoescape=True, auto_reload=reload)

    def page(
        self,
        scene: Scene,
        notice: list[str],
        frames: list[bytes],
        lesson: Mapping[str, Any] | None = None,
        presentation: Presentation = Presentation(),  # noqa: B008 - it cannot be changed
        server: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """The HTML page.

        ``lesson`` is the content of a lesson or of a question, and ``server`` what the scripts need to know about it.
        """
        # The curve of a loss of one parameter takes the place of map and relief.
        curve = scene.surface.curve
        pictures = {"map", "relief"} - set(presentation.left_out(self.parts))
        opening = {
            "scene": scene.model_dump(mode="json"),
            "catalogue": catalogue(scene),
            "notice": notice,
            "lessons": self.library.contents,
            "lesson": lesson,
            "frames": [base64.b64encode(frame).decode() for frame in frames],
            "assets": self.assets.address,
            "plotly": self.assets.plotly,
            "thumbnails": thumbnails.ADDRESS,
            "version": version(),
            **server,
            "presentation": presentation.content(self.parts),
        }
        return self.environment.get_template("page.html").render(
            opening=script_safe(opening),
            assets=self.assets.address,
            plotly=self.assets.plotly,
            main=self.assets.main,
            kernels=kernel_addresses(frames),
            scene=scene,
            notice=notice,
            lesson=lesson,
            embed=presentation.embed,
            one_picture=curve or len(pictures) == 1,
            relief="relief" in pictures and not curve,
            left_out=Markup(presentation.selector),
        )


def kernel_addresses(frames: list[bytes]) -> list[str]:
    """Addresses of the kernels in the kernel frames of ``frames``."""
    headers = [decode(frame).fields for frame in frames]
    found = [header[name]["url"] for header in headers for name in ("without", "with", "outcome") if name in header]
    return list(dict.fromkeys(found))

"""The document of a page of its own: HTML with styles, scripts and compressed content, and no other file."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Generator, Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports.exported_file import ExportedFile
from cliffscape.app.exports.run_files import compute_file_name
from cliffscape.app.scene.metadata import link, version
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.assets.folder import PLOTLY
from cliffscape.app.web.assets.modules import join_modules
from cliffscape.app.web.assets.sheets import join_sheets
from cliffscape.app.web.page_file.opening import compute_opening

MAIN = "page_file.js"
# Bytes that are compressed at once, and the number by which zlib knows the format of gzip.
PIECE, GZIP = 1 << 19, 31
SHEETS = ("main.css", "page_file/layout.css")
# The font of lessons' formulas, which the file does not contain.
FONT = re.compile(r"@font-face \{[^}]*\}\n")
POLICY = {
    "default-src": "'none'",
    # Modules and kernels have addresses of the document itself. Outcome maps are computed in WebAssembly.
    "script-src": "blob: 'wasm-unsafe-eval'",
    "worker-src": "blob:",
    "style-src": "'unsafe-inline'",
    "img-src": "data: blob:",
    "base-uri": "'none'",
    "form-action": "'none'",
}


def compute_page_file(
    scene: Scene, workspace: Workspace, settings: Settings, server: str = "", relief: bool = False
) -> Generator[object, None, ExportedFile]:
    """The page of a Scene as a file. ``server`` is the address of the server that its link opens, if it is known.

    With the ``relief`` the file contains Plotly.js, which makes it four times as large.

    Raises:
        BoundError: an entry of the Scene has no kernel for the browser.
    """
    # A curve has no relief.
    relief = relief and not scene.surface.curve
    opening = yield from compute_opening(scene, workspace, relief)
    name = yield from compute_file_name(scene, "html")
    plotly = {PLOTLY: (settings.static_folder / PLOTLY).read_text("utf-8")} if relief else {}
    content = {
        "main": MAIN,
        "scripts": {**plotly, **join_modules(settings.static_folder / "js", MAIN, '"worker:{}"'.format)},
        "kernels": list(opening.kernels.items()),
        "opening": {**opening.values, "server": server, "plotly": f"script:{PLOTLY}" if relief else ""},
    }
    packed = yield from pack(content)
    return ExportedFile(name, render(scene, packed, settings, server, relief).encode())


def pack(content: object) -> Generator[None, None, str]:
    """JSON, compressed with gzip, as text; yields after every piece."""
    text = json.dumps(content, allow_nan=False, separators=(",", ":")).encode()
    compressor, packed = zlib.compressobj(9, wbits=GZIP), b""
    for first in range(0, len(text), PIECE):
        packed += compressor.compress(text[first : first + PIECE])
        yield
    return base64.b64encode(packed + compressor.flush()).decode()


def render(scene: Scene, content: str, settings: Settings, server: str, relief: bool) -> str:
    """The document around its content."""
    scripts = {name: (settings.static_folder / "js" / f"{name}.js").read_text("utf-8") for name in ("theme", "unpack")}
    environment = Environment(loader=FileSystemLoader(settings.template_folder), autoescape=True)
    return environment.get_template("page.html").render(
        file=True,
        relief=relief,
        landscape=scene.surface.label,
        link=server + link(scene),
        server=server,
        version=version(),
        policy=policy_of(scripts.values()),
        styles=styles(settings.static_folder / "css"),
        content=content,
        **scripts,
    )


def styles(folder: Path) -> str:
    """The page's style sheets as one."""
    text = b"".join(join_sheets(folder / name) for name in SHEETS).decode()
    return FONT.sub("", text)


def policy_of(scripts: Iterable[str]) -> str:
    """The policy of the document: its own scripts and nothing else."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    allowed = " ".join([*(f"'sha256-{one}'" for one in hashes), POLICY["script-src"]])
    return "; ".join(f"{name} {value}" for name, value in {**POLICY, "script-src": allowed}.items())

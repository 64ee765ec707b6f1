"""Assets: the page's own files and Plotly.js, served from memory under addresses that name their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

COMPRESSIBLE = ("text/", "application/json", "image/svg")
# Fixed here, since what the machine's own table says of .js differs between systems.
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@dataclass(frozen=True)
class Asset:
    """One file: its bytes and media type."""

    body: bytes
    type: str

    @cached_property
    def compressed(self) -> bytes | None:
        """The body under gzip, where that pays."""
        return gzip.compress(self.body, 6, mtime=0) if self.type.startswith(COMPRESSIBLE) else None


def read(path: Path) -> Asset:
    """The asset in a file."""
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(path.read_bytes(), f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed)


class Assets:
    """The files of a folder, by their path in it."""

    def __init__(self, folder: Path, reload: bool = False) -> None:
        self.folder = folder
        self.reload = reload
        self._stamp: object = None
        self._files: dict[str, Asset] = {}
        self._version = ""
        self._read()

    @property
    def address(self) -> str:
        """Where the folder is served; another content has another address."""
        if self.reload:
            self._read()
        return f"/static/{self._version}"

    @property
    def modules(self) -> list[str]:
        """Addresses of all JavaScript modules."""
        address = self.address
        return [f"{address}/{name}" for name in self._files if name.endswith(".js")]

    def find(self, version: str, name: str) -> Asset | None:
        """A file of this version."""
        return self._files.get(name) if version == self._version else None

    def _read(self) -> None:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        stamp = [(path, path.stat().st_mtime_ns) for path in paths]
        if stamp == self._stamp:
            return
        self._files = {path.relative_to(self.folder).as_posix(): read(path) for path in paths}
        content = hashlib.sha256()
        for name, asset in self._files.items():
            content.update(f"{name}\0{len(asset.body)}\0".encode() + asset.body)
        self._stamp, self._version = stamp, content.hexdigest()[:16]


class Plotly:
    """Plotly.js as the Python package carries it, so that a classroom without a network has it too."""

    version = version("plotly")
    address = f"/plotly/{version}/plotly.min.js"

    @cached_property
    def asset(self) -> Asset:
        """The library, compressed once."""
        body = (files("plotly") / "package_data" / "plotly.min.js").read_bytes()
        asset = Asset(body, "text/javascript; charset=utf-8")
        _ = asset.compressed
        return asset

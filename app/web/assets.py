"""Assets: the page's own files and Plotly.js, served from memory under addresses that contain a content hash."""

import gzip
import hashlib
import mimetypes
import posixpath
import re
import threading
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

# Static imports only: a dynamic import runs later, so its module need not be preloaded.
IMPORT = re.compile(r'^(?:import|export|\})[^;]*?from "(\.{1,2}/[^"]+)"', re.M)
IMPORTED_SHEET = re.compile(rb'^@import "\./([^"]+)";\n', re.M)
COMPRESSIBLE = ("text/", "application/json", "image/svg")
# Fixed here, because the media type of .js differs between operating systems.
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class Asset:
    """One file: its bytes and media type."""

    def __init__(self, body: bytes, type: str) -> None:
        self.body = body
        self.type = type
        self._lock = threading.Lock()
        self._compressed: bytes | None = None

    def compress(self) -> bytes | None:
        """The body compressed with gzip, or None for types that do not compress well; computed once."""
        if not self.type.startswith(COMPRESSIBLE):
            return None
        with self._lock:
            if self._compressed is None:
                # Without a time stamp, the same body always compresses to the same bytes.
                self._compressed = gzip.compress(self.body, 6, mtime=0)
            return self._compressed


def read(path: Path) -> Asset:
    """The asset in a file."""
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    body = join_sheets(path) if path.suffix == ".css" else path.read_bytes()
    return Asset(body, f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type)


def join_sheets(path: Path) -> bytes:
    """A stylesheet with the sheets it imports in place of their lines, so that the page asks for one file."""
    return IMPORTED_SHEET.sub(lambda found: join_sheets(path.parent / found[1].decode()), path.read_bytes())


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header accepts gzip."""
    for part in header.split(","):
        name, _, quality = part.partition(";")
        if name.strip().lower() in ("gzip", "*"):
            # A quality of 0, also written 0.0 or 0.000, means that gzip is not acceptable.
            return quality.replace(" ", "").rstrip("0.") != "q="
    return False


class Assets:
    """The files of a folder by their relative path; with ``reload``, read again when they change."""

    def __init__(self, folder: Path, reload: bool = False) -> None:
        self.folder = folder
        self.reload = reload
        self._stamp: object = None
        self._files: dict[str, Asset] = {}
        self._version = ""
        self._read()

    @property
    def address(self) -> str:
        """The address of the folder; it changes with the content."""
        if self.reload:
            self._read()
        return f"static/{self._version}"

    @property
    def modules(self) -> list[str]:
        """Addresses of the modules to preload: all that ``js/main.js`` imports, directly or indirectly."""
        address, found = self.address, ["js/main.js"]
        for name in found:  # the list grows during the loop
            asset = self._files.get(name)
            imported = IMPORT.findall(asset.body.decode()) if asset else []
            places = [posixpath.normpath(f"{posixpath.dirname(name)}/{place}") for place in imported]
            found += [place for place in dict.fromkeys(places) if place not in found]
        return [f"{address}/{name}" for name in sorted(found) if name in self._files]

    def find(self, version: str, name: str) -> Asset | None:
        """A file of this version."""
        return self._files.get(name) if version == self._version else None

    def _read(self) -> None:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        # Times of changes, because this runs for every request in reload mode.
        stamp = [(path, path.stat().st_mtime_ns) for path in paths]
        if stamp == self._stamp:
            return
        self._files = {path.relative_to(self.folder).as_posix(): read(path) for path in paths}
        content = hashlib.sha256()
        for name, asset in self._files.items():
            content.update(f"{name}\0{len(asset.body)}\0".encode() + asset.body)
        self._stamp, self._version = stamp, content.hexdigest()[:16]


class Plotly:
    """Plotly.js from the Python package, so that the page works without an internet connection."""

    version = version("plotly")
    address = f"plotly/{version}/plotly.min.js"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asset: Asset | None = None

    @property
    def body(self) -> bytes:
        """The library as it is in the package."""
        return (files("plotly") / "package_data" / "plotly.min.js").read_bytes()

    def prepare(self) -> Asset:
        """The library, read and compressed once."""
        with self._lock:
            if self._asset is None:
                self._asset = Asset(self.body, "text/javascript; charset=utf-8")
                self._asset.compress()
            return self._asset

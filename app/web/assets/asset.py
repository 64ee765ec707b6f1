"""Asset: one file with its media type, compressed once for all visitors."""

import gzip
import mimetypes
import threading
from pathlib import Path

from cliffscape.app.web.assets.sheets import join_sheets

COMPRESSIBLE = ("text/", "application/json", "image/svg")
# Fixed here, because the media type of .js differs between operating systems.
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


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
    """The asset in a file; a stylesheet with all that it imports."""
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    body = join_sheets(path) if path.suffix == ".css" else path.read_bytes()
    return Asset(body, f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header accepts gzip."""
    for part in header.split(","):
        name, _, quality = part.partition(";")
        if name.strip().lower() in ("gzip", "*"):
            # A quality of 0, also written 0.0 or 0.000, means that gzip is not acceptable.
            return quality.replace(" ", "").rstrip("0.") != "q="
    return False

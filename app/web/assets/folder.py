"""The folder of assets, served from memory under an address that contains a hash of its content."""

import hashlib
from pathlib import Path

from cliffscape.app.web.assets.asset import Asset, read
from cliffscape.app.web.assets.modules import join_modules

SCRIPTS, MAIN = "js", "main.js"
# The script of the page that reads a log.
YOUR_RUN = "your_run.js"
# Plotly.js, the bundle with surfaces alone.
PLOTLY = "vendor/plotly.js-gl3d-dist-min/plotly-gl3d.min.js"
# A line before a script that calls nearly all of its functions when it is loaded. Chromium then compiles them while it
# arrives, in another thread than that of the page. Other browsers ignore it.
COMPILE_AHEAD = b"//# allFunctionsCalledOnLoad\n"


class Assets:
    """The files of a folder by their relative path; with ``reload``, read again when they change.

    ``js/main.js``, ``js/your_run.js`` and the workers that they start contain all modules that they import.
    """

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
    def main(self) -> str:
        """The address of the page's script."""
        return f"{self.address}/{SCRIPTS}/{MAIN}"

    @property
    def your_run(self) -> str:
        """The address of the script of the page that reads a log."""
        return f"{self.address}/{SCRIPTS}/{YOUR_RUN}"

    @property
    def plotly(self) -> str:
        """The address of Plotly.js."""
        return f"{self.address}/{PLOTLY}"

    def compress(self) -> None:
        """Compress what the first page needs, which a request would do otherwise."""
        for name in (f"{SCRIPTS}/{MAIN}", PLOTLY):
            if name in self._files:
                self._files[name].compress()

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
        if PLOTLY in self._files:
            self._files[PLOTLY].body = COMPILE_AHEAD + self._files[PLOTLY].body
        for main in (MAIN, YOUR_RUN):
            if f"{SCRIPTS}/{main}" in self._files:
                for name, script in join_modules(self.folder / SCRIPTS, main).items():
                    self._files[f"{SCRIPTS}/{name}"].body = script.encode()
        content = hashlib.sha256()
        for name, asset in self._files.items():
            content.update(f"{name}\0{len(asset.body)}\0".encode() + asset.body)
        self._stamp, self._version = stamp, content.hexdigest()[:16]

"""Plotly.js from the Python package, so that the page works without an internet connection."""

import threading
from importlib.metadata import version
from importlib.resources import files

from cliffscape.app.web.assets.asset import Asset


class Plotly:
    """Plotly.js under an address that contains its version."""

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

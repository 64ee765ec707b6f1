"""A page of its own from the command line."""

from urllib.parse import urlsplit

import torch

from cliffscape.app.compute.cache import SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports.exported_file import ExportedFile
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.page_file.document import compute_page_file
from cliffscape.landscapes.backends.kernels import Kernel
from cliffscape.landscapes.generators import run_to_end


def page_file(scene: Scene, text: str, settings: Settings, relief: bool = False) -> ExportedFile:
    """The page of a Scene, computed at once. Its link opens the server of the link ``text``, if that names one.

    Raises:
        BoundError: an entry of the Scene has no kernel for the browser.
    """
    kernels: SizedCache[Kernel] = SizedCache(settings.kernel_bytes, lambda kernel: len(kernel.source))
    workspace = Workspace(torch.device("cpu"), kernels, Chunking(settings.chunk_milliseconds / 1000))
    return run_to_end(compute_page_file(scene, workspace, settings, server_address(text), relief))


def server_address(text: str) -> str:
    """The address of a link's server; empty if the link is only a query."""
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}" if parts.scheme in ("http", "https") else ""

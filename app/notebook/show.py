"""Show: the page of a link, in a frame of a notebook or in a tab of the browser."""

import os
import sys
import threading
import webbrowser

from cliffscape.app.notebook.frame import frame_html, in_marimo, proxied_address
from cliffscape.app.notebook.page_server import PageServer
from cliffscape.app.notebook.shown_link import shown_link

HEIGHT = 900
_lock = threading.Lock()
_servers: list[PageServer] = []


class Page:
    """A page of this process's server; in a notebook it is a frame with the page.

    ``url`` is its address on this machine. ``stop`` stops the server, and with it all its pages.
    """

    def __init__(self, server: PageServer, query: str, height: int, proxy: str | None) -> None:
        self._server, self._height = server, height
        self._rest = f"?{query}" if query else ""
        self._proxied = proxied_address(proxy, server.port, self._path)

    @property
    def url(self) -> str:
        """The address."""
        return self._server.url + self._rest

    @property
    def _path(self) -> str:
        return self._server.path + self._rest

    def stop(self) -> None:
        """Stop the server. The next ``show`` starts another one."""
        self._server.stop()

    def wait(self) -> None:
        """Keep the program running until Ctrl-C or until the server is stopped elsewhere, and stop the server."""
        try:
            self._server.wait()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def __repr__(self) -> str:
        return f"Cliffscape is at {self.url}" if self._server.running else "Cliffscape has been stopped"

    def _repr_html_(self) -> str:
        if not self._server.running:
            return f"<p>{self!r}</p>"
        return frame_html(self.url, self._path, self._server.port, self._height, self._proxied)


def show(shown: object = "", *, height: int = HEIGHT, proxy: str | None = None, open_tab: bool | None = None) -> Page:
    """The page of a link, of a result of ``run`` or ``compare``, of a view, or of another object that has a page.

    The page of a comparison is that of its view, with the curves of both trainings under "Train the whole network".

    In a notebook, the last expression of a cell becomes a frame ``height`` pixels high. A script prints the address
    instead, and opens it in the browser if a person runs it at a terminal with a desktop; ``open_tab`` decides
    otherwise. The server runs in a thread of this process and ends with it, so the last line of a script is
    ``show(...).wait()``. A second call uses the same server.

    ``proxy`` is the address under which a proxy passes requests on, with ``{port}`` in the place of the port. The
    proxies of Jupyter and Colab are found without it.

    Raises:
        TypeError: there is no page for this type of object.
        BoundError: the proxy's address has no place for the port, or a comparison has no view.
    """
    query = shown_link(shown)
    page = Page(current_server(), query, height, proxy)
    if not in_notebook():
        print(page, flush=True)
        if at_desktop() if open_tab is None else open_tab:
            webbrowser.open(page.url)
    return page


def current_server() -> PageServer:
    """The server of this process, started if there is none."""
    with _lock:
        if not _servers or not _servers[-1].running:
            _servers[:] = [PageServer()]
        return _servers[-1]


def in_notebook() -> bool:
    """Whether outputs of this process are shown as HTML: it is the kernel of a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None or in_marimo()


def at_desktop() -> bool:
    """Whether a person at this terminal sees a browser that this process opens."""
    desktop = sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return desktop and sys.stdout.isatty()

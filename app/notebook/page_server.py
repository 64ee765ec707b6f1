"""Page server: the page, served by a thread of the user's own process."""

import asyncio
import atexit
import threading
from typing import Any

import torch
import uvicorn

from cliffscape.app.listener import open_listener
from cliffscape.app.main import create_app
from cliffscape.app.notebook.token_path import TokenPathMiddleware, token_path
from cliffscape.app.server import StreamServer
from cliffscape.app.settings import Settings
from cliffscape.app.web.sharing.addresses import page_url

# How often a waiting program looks for Ctrl-C, and how long a request may take to end.
POLL_SECONDS, STOP_SECONDS = 0.2, 5
# Whoever knows the token may use the server, under any name and in any frame: a notebook may be anywhere.
ALL_HOSTS, ALL_ANCESTORS = ("*",), ("*", "vscode-webview:")


def notebook_settings() -> Settings:
    """Settings of a server inside another program. Environment variables come first, but for host, port and path."""
    chosen = Settings().model_fields_set
    # PyTorch's threads are the user's choice, and ``warm`` would exclude the user's objects from garbage collection.
    own: dict[str, Any] = {"threads": torch.get_num_threads(), "warm": False}
    own |= {"allowed_hosts": ALL_HOSTS, "frame_ancestors": ALL_ANCESTORS}
    fixed: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "root_path": token_path()}
    return Settings(**{name: value for name, value in own.items() if name not in chosen}, **fixed)


class PageServer:
    """A server on a free port of the loopback interface. It needs no main thread and handles no signals."""

    def __init__(self) -> None:
        self.settings = notebook_settings()
        self.app = create_app(self.settings)
        self.app.add_middleware(TokenPathMiddleware, settings=self.settings)
        self.listener = open_listener(self.settings.host, self.settings.port)
        self.port: int = self.listener.getsockname()[1]
        # Without a configuration of logs: the user's own stays as it is.
        config = uvicorn.Config(
            self.app, server_header=False, log_level="warning", log_config=None, timeout_graceful_shutdown=STOP_SECONDS
        )
        self._server = StreamServer(config)
        self._thread = threading.Thread(target=self._run, name="cliffscape", daemon=True)
        self._thread.start()
        atexit.register(self._stop_computing)

    @property
    def path(self) -> str:
        """The path of the page, with the token and a slash at its end."""
        return f"{self.settings.root_path}/"

    @property
    def url(self) -> str:
        """The page's address on this machine."""
        return page_url(self.settings, self.port)

    @property
    def running(self) -> bool:
        """Whether it answers; connections also wait while it starts."""
        return self._thread.is_alive() and not self._server.should_exit

    def stop(self) -> None:
        """Stop, and wait until all requests have ended. Stopping twice does no harm."""
        self._server.should_exit = True
        self.wait()
        atexit.unregister(self._stop_computing)

    def wait(self) -> None:
        """Wait until it has stopped."""
        # With a timeout, because Windows does not interrupt a join.
        while self._thread.is_alive():
            self._thread.join(POLL_SECONDS)

    def _run(self) -> None:
        # asyncio.run is replaced by packages that notebooks use, such as nest_asyncio.
        with asyncio.Runner() as runner:
            runner.run(self._server.serve(sockets=[self.listener]))

    def _stop_computing(self) -> None:
        # The interpreter crashes if it ends while one of its threads is inside PyTorch.
        self.app.state.engine.stop()

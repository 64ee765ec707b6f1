"""The server's process: listens, says where the page is, serves it, and ends on a signal."""

import asyncio
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

import uvicorn
from fastapi import FastAPI

from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import Engine

# Any address that is not this machine's would do: a datagram socket that is connected sends nothing.
ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
EVERYWHERE = {"0.0.0.0": socket.AF_INET, "::": socket.AF_INET6}
# After a signal: when connections are closed, and when the process ends even if a thread is busy.
PATIENCE_SECONDS, LAST_SECONDS = 0.2, 0.9
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def url_of(host: str, listener: socket.socket, path: str) -> str:
    """The page's address under a host."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}{path}/"


def own_address(family: socket.AddressFamily) -> str | None:
    """The address of this machine under which others reach it, or None without a network."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ELSEWHERE[family], 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def announcements(settings: Settings, listener: socket.socket) -> Iterator[str]:
    """Sentences that say where the page is, and how other machines may address it."""
    host, path = settings.host, settings.root_path
    yield f"Cliffscape is at {url_of(LOOPBACK.get(host, host), listener, path)} (Ctrl-C stops it)"
    if host not in EVERYWHERE:
        return
    address = own_address(EVERYWHERE[host])
    if address is not None:
        yield f"Other machines reach it at {url_of(address, listener, path)}"
    names = ", ".join(settings.allowed_hosts)
    yield f"It answers to every IP address of this machine and to localhost{', ' * bool(names)}{names}."
    yield "Add names with --allowed-hosts, such as --allowed-hosts lab.example.org."


class Server(uvicorn.Server):
    """A server that ends within a second of a signal, whatever its clients and its threads do."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end. uvicorn would raise the signal again at the end, which would give another exit status."""
        if not self.should_exit:
            # A thread inside PyTorch or a long trace cannot be interrupted. All files are written so that ending in
            # the middle does no harm.
            watchdog = threading.Timer(LAST_SECONDS, os._exit, [0])
            watchdog.daemon = True
            watchdog.start()
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End all requests, then the application."""
        ending = asyncio.create_task(self._end_streams())
        await super().shutdown(sockets)
        ending.cancel()

    async def _end_streams(self) -> None:
        """Streams end with a frame that says so; connections that do not read it are closed."""
        engine: Engine = self.config.app.state.engine  # type: ignore[union-attr]
        await asyncio.to_thread(engine.worker.stop)
        await asyncio.sleep(PATIENCE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def run_server(
    app: FastAPI, settings: Settings, listener: socket.socket, say: Callable[..., None], show: bool = False
) -> NoReturn:
    """Serve the page until a signal, and end the process; with ``show``, open the page in a browser."""
    for fault in app.state.library.current.faults:
        say(f"{fault} (the lesson is left out)", err=True)
    for sentence in announcements(settings, listener):
        say(sentence)
    if show:
        webbrowser.open(url_of(LOOPBACK.get(settings.host, settings.host), listener, settings.root_path))
    Server(uvicorn.Config(app, server_header=False, log_level="warning")).run(sockets=[listener])
    engine: Engine = app.state.engine
    engine.workspace.routines.stop(PATIENCE_SECONDS)
    # Python would need a second or more to take PyTorch apart.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)

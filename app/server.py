"""The server's process: listens, says where the page is, serves it, and ends on a signal."""

import asyncio
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NamedTuple, NoReturn

import uvicorn
from fastapi import FastAPI

from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import Engine
from cliffscape.landscapes.backends import c_compiler

# After a signal: when connections are closed, and when the process ends even if a thread is busy.
PATIENCE_SECONDS, LAST_SECONDS = 0.2, 0.9


class Everywhere(NamedTuple):
    """A host that stands for all addresses of this machine: their family, the loopback address, and one elsewhere."""

    family: socket.AddressFamily
    loopback: str
    elsewhere: str


EVERYWHERE = {
    "0.0.0.0": Everywhere(socket.AF_INET, "127.0.0.1", "192.0.2.1"),
    "::": Everywhere(socket.AF_INET6, "::1", "2001:db8::1"),
}


def url_of(host: str, listener: socket.socket, path: str) -> str:
    """The page's address under a host."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}{path}/"


def page_url(settings: Settings, listener: socket.socket) -> str:
    """The page's address on this machine."""
    host = EVERYWHERE[settings.host].loopback if settings.host in EVERYWHERE else settings.host
    return url_of(host, listener, settings.root_path)


def own_address(everywhere: Everywhere) -> str | None:
    """The address of this machine under which others reach it, or None without a network."""
    with socket.socket(everywhere.family, socket.SOCK_DGRAM) as probe:
        try:
            # Any address elsewhere would do: a datagram socket that is connected sends nothing.
            probe.connect((everywhere.elsewhere, 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def announcements(settings: Settings, listener: socket.socket) -> Iterator[str]:
    """Sentences that say where the page is, and how other machines may address it."""
    yield f"Cliffscape is at {page_url(settings, listener)} (Ctrl-C stops it)"
    if settings.host not in EVERYWHERE:
        return
    address = own_address(EVERYWHERE[settings.host])
    if address is not None:
        yield f"Other machines reach it at {url_of(address, listener, settings.root_path)}"
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
        """End all requests and compilers, then the application."""
        # The threads that wait for a compiler end with it, and asyncio waits for its threads.
        c_compiler.ENDING.set()
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
        webbrowser.open(page_url(settings, listener))
    Server(uvicorn.Config(app, server_header=False, log_level="warning")).run(sockets=[listener])
    engine: Engine = app.state.engine
    engine.workspace.routines.stop(PATIENCE_SECONDS)
    # Python would need a second or more to take PyTorch apart.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)

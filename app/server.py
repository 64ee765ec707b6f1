"""The server's process: listens, says where the page is, serves it, and ends on a signal."""

import asyncio
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn, TextIO

import uvicorn
from fastapi import FastAPI

from cliffscape.app.landscape_files.loader import kernel_notes
from cliffscape.app.listener import start_again
from cliffscape.app.settings import Settings
from cliffscape.app.signals import ENDING
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.sharing.addresses import EVERYWHERE, network_urls, page_url
from cliffscape.app.web.sharing.qr_code import qr_text
from cliffscape.landscapes.backends import c_compiler
from cliffscape.landscapes.models.model_landscape import VIEWS, register_view

# After a signal: when connections are closed.
PATIENCE_SECONDS = 0.2


def announcements(settings: Settings, port: int) -> Iterator[str]:
    """Sentences that say where the page is, and how other machines may address it."""
    yield f"Cliffscape is at {page_url(settings, port)} (Ctrl-C stops it)"
    for name, view in VIEWS.items():
        yield f"Your model {name} is at {page_url(settings, port)}{register_view(view)}"
    if settings.host not in EVERYWHERE:
        return
    urls = network_urls(settings, port)
    if urls:
        yield f"Other machines reach it at {' or '.join(urls)}"
    names = ", ".join(settings.allowed_hosts)
    yield f"It answers to every IP address of this machine and to localhost{', ' * bool(names)}{names}."
    yield "Add names with --allowed-hosts, such as --allowed-hosts lab.example.org."


def room_code(settings: Settings, port: int, wanted: bool | None, terminal: TextIO) -> str:
    """The QR code of the page's address on other machines, or why there is none.

    If ``wanted`` is None, there is a code if the output is a terminal, and no reason otherwise.
    """
    if wanted is False or (wanted is None and not terminal.isatty()):
        return ""
    urls = network_urls(settings, port)
    if not urls:
        return f"There is no QR code: only this machine reaches {settings.host}. Use --host 0.0.0.0." if wanted else ""
    code = qr_text(urls[0])
    try:
        code.encode(terminal.encoding or "ascii")
    except UnicodeEncodeError:
        return f"There is no QR code: {terminal.encoding} has no block characters." if wanted else ""
    return code


class StreamServer(uvicorn.Server):
    """A server that ends although its clients wait for the rest of a stream."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End all requests, then the application."""
        ending = asyncio.create_task(self._end_streams())
        await super().shutdown(sockets)
        ending.cancel()

    async def _end_streams(self) -> None:
        """Streams end with a frame that says so; connections that do not read it are closed."""
        engine: Engine = self.config.app.state.engine  # type: ignore[union-attr]
        await asyncio.to_thread(engine.stop)
        await asyncio.sleep(PATIENCE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


class Server(StreamServer):
    """A server that ends within a second of a signal, whatever its clients and its threads do.

    ``restart`` ends it in the same way, and then starts the program again with a copy of ``listener``.
    """

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config)
        # uvicorn closes its own socket at the end.
        self.listener = listener.dup()
        self.restarting = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end. uvicorn would raise the signal again at the end, which would give another exit status."""
        self.restarting = False
        self.config.app.state.watcher.stop()  # type: ignore[union-attr]
        self._begin_to_end()

    def restart(self) -> None:
        """Begin to end, and start again afterwards."""
        self.restarting = not self.should_exit
        self._begin_to_end()

    def _begin_to_end(self) -> None:
        engine: Engine = self.config.app.state.engine  # type: ignore[union-attr]
        if not self.should_exit:
            # A thread inside PyTorch or a long trace cannot be interrupted. All files are written so that ending in
            # the middle does no harm.
            watchdog = threading.Timer(engine.last_seconds, self.end)
            watchdog.daemon = True
            watchdog.start()
        self.should_exit = True

    def end(self) -> NoReturn:
        """End the process, or replace it."""
        if self.restarting:
            start_again(self.listener)
        # Python would need a second or more to take PyTorch apart.
        os._exit(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End all requests and compilers, then the application."""
        # The threads that wait for a compiler end with it, and asyncio waits for its threads.
        c_compiler.ENDING.set()
        await super().shutdown(sockets)


def run_server(
    app: FastAPI,
    settings: Settings,
    listener: socket.socket,
    say: Callable[..., None],
    show: bool = False,
    qr: bool | None = None,
    again: bool = False,
) -> NoReturn:
    """Serve the page until a signal, and end the process; with ``show``, open the page in a browser.

    ``again`` says that the program has started again, with new landscapes on the same address.
    """
    port = listener.getsockname()[1]
    for fault in app.state.library.current.faults:
        say(f"{fault} (the lesson is left out)", err=True)
    if again:
        say(f"{' and '.join(path.name for path in settings.landscape_files)} loaded again")
    else:
        announce(settings, port, say, show, qr)
    for note in kernel_notes():
        say(note)
    own = Server(uvicorn.Config(app, server_header=False, log_level="warning"), listener)
    # An exception while asyncio starts would leave a traceback, so from here on a signal only sets a flag.
    for number in ENDING:
        signal.signal(number, own.handle_exit)
    app.state.watcher.start(own.restart)
    own.run(sockets=[listener])
    engine: Engine = app.state.engine
    engine.end(PATIENCE_SECONDS)
    sys.stdout.flush()
    sys.stderr.flush()
    own.end()


def announce(settings: Settings, port: int, say: Callable[..., None], show: bool, qr: bool | None) -> None:
    """Say where the page is; with ``show``, open it in a browser."""
    for sentence in (*announcements(settings, port), room_code(settings, port, qr, sys.stdout)):
        if sentence:
            say(sentence)
    if show:
        webbrowser.open(page_url(settings, port) + next(map(register_view, VIEWS.values()), ""))

"""The socket that the server listens on, and handing it over to a new start of the same program."""

import os
import socket
import sys
from typing import NoReturn

from cliffscape.app.signals import block_signals

# The variable of the environment that has the number of a listener that is handed over.
INHERITED = "CLIFFSCAPE_LISTENER"


def open_listener(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that a browser opened now waits instead of failing.

    Raises:
        OSError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    # Connections inherit TCP_NODELAY. asyncio sets it only on sockets that name their protocol; without it every
    # second small response waits 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def inherited_listener() -> socket.socket | None:
    """The listener that the program handed over before it started again, or None."""
    number = os.environ.pop(INHERITED, "")
    if not number.isdecimal():
        return None
    listener = socket.socket(fileno=int(number))
    listener.set_inheritable(False)
    return listener


def start_again(listener: socket.socket) -> NoReturn:
    """Replace this process by a new start of its program with the same arguments.

    The listener stays open, so connections wait meanwhile, and none is refused.
    """
    block_signals()
    listener.set_inheritable(True)
    os.environ[INHERITED] = str(listener.fileno())
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])

"""The socket that the server listens on."""

import socket


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

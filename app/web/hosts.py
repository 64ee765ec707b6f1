"""Hosts: the names under which this server may be addressed.

A web page under a name of its own can let that name lead to 127.0.0.1 (DNS rebinding). For the browser the server then
belongs to that page. The Host header still holds the strange name, so a request with it is refused.

A numeric host always passes. A page can only be under an address whose server sent it, so no DNS answer can lead such
a page to this server. A class reaches the teacher's machine by its address, which may change from day to day.
"""

import ipaddress
import re
from collections.abc import Iterable

from fastapi import Request

# A name or an IPv4 address, or an IPv6 address in brackets, and a port.
HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::(\d{1,5}))?", re.I | re.A)
# Headers that a proxy adds.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
DEFAULT_PORTS = {"http": "80", "https": "443"}


def split_host(text: str) -> tuple[str, str] | None:
    """The name, in lower case, and the port of a Host header, empty without one; None for other text."""
    found = HOST.fullmatch(text)
    return ((found[1] or found[2]).lower(), found[3] or "") if found else None


def is_address(name: str) -> bool:
    """Whether a name is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    """Whether a name leads to the machine on which it is looked up."""
    if is_address(name):
        return ipaddress.ip_address(name).is_loopback
    return name == "localhost" or name.endswith(".localhost")


def is_same_machine(host: str, client: str, forwarded: bool) -> bool:
    """Whether the browser of a request runs on this machine, by its Host header and the address it comes from.

    A proxy on this machine connects from here too, so a ``forwarded`` request may come from anywhere.
    """
    named = split_host(host)
    # A connection comes from an address. A name such as localhost is not one, so it does not count for the client.
    return not forwarded and named is not None and is_loopback(named[0]) and is_address(client) and is_loopback(client)


def matches(name: str, pattern: str) -> bool:
    """Whether a name is one of a pattern: the same, below ``*.example.org``, or any for ``*``."""
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


class AllowedHosts:
    """Names for this server: loopback names, IP addresses, the address it listens on, and the settings' names."""

    def __init__(self, bound: str, names: Iterable[str]) -> None:
        self.names = tuple(name.lower() for name in names)
        # Browsers resolve names below localhost themselves, always to this machine.
        self._all = ("localhost", "*.localhost", bound.lower(), *self.names)

    def allow(self, name: str) -> bool:
        """Whether the server may be addressed by a name."""
        return is_address(name) or any(matches(name, pattern) for pattern in self._all)

    def is_own(self, origin: str, host: str) -> bool:
        """Whether a page of ``origin`` is from this server, addressed as ``host``.

        A proxy may send another Host than the browser did, so an origin under one of the settings' names is this
        server's too. One under localhost is not: there, another port is another program.
        """
        scheme, _, rest = origin.lower().partition("://")
        page, server, default = split_host(rest), split_host(host), DEFAULT_PORTS.get(scheme, "")
        if page is None:  # null, or other text without a host
            return False
        if server is not None and (page[0], page[1] or default) == (server[0], server[1] or default):
            return True
        return any(matches(page[0], name) for name in self.names if name != "*")


def from_same_machine(request: Request) -> bool:
    """Whether the browser of a request runs on this machine."""
    headers, client = request.headers, request.client
    forwarded = any(name in headers for name in FORWARDED)
    return is_same_machine(headers.get("host", ""), client.host if client else "", forwarded)

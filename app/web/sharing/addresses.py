"""Addresses: where this machine and other machines find the page."""

import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from cliffscape.app.settings import Settings

SIOCGIFADDR = 0x8915  # Linux's request for the IPv4 address of a network interface


class Everywhere(NamedTuple):
    """A host that stands for all addresses of this machine: their family, the loopback address, and one elsewhere."""

    family: socket.AddressFamily
    loopback: str
    elsewhere: str


EVERYWHERE = {
    "0.0.0.0": Everywhere(socket.AF_INET, "127.0.0.1", "192.0.2.1"),
    "::": Everywhere(socket.AF_INET6, "::1", "2001:db8::1"),
}


def url_of(host: str, port: int, path: str) -> str:
    """The page's address under a host."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}{path}/"


def page_url(settings: Settings, port: int) -> str:
    """The page's address on this machine."""
    host = EVERYWHERE[settings.host].loopback if settings.host in EVERYWHERE else settings.host
    return url_of(host, port, settings.root_path)


def network_urls(settings: Settings, port: int) -> list[str]:
    """The page's addresses on other machines, the most likely one first; empty if only this machine reaches it."""
    if settings.host in EVERYWHERE:
        return [url_of(one, port, settings.root_path) for one in own_addresses(EVERYWHERE[settings.host])]
    with suppress(ValueError):
        if not ipaddress.ip_address(settings.host).is_loopback:
            return [url_of(settings.host, port, settings.root_path)]
    return []


def own_addresses(everywhere: Everywhere) -> list[str]:
    """The addresses of this machine under which others reach it, the most likely one first."""
    # To look a name up may take seconds. Linux often has only the loopback address under the machine's own name.
    further = interface_addresses if sys.platform == "linux" else named_addresses
    found = [own_address(everywhere), *further(everywhere.family)]
    return list(dict.fromkeys(one for one in found if one is not None and is_reachable(one)))


def is_reachable(address: str) -> bool:
    """Whether an address can be one on a local network. Link-local ones need the name of an interface."""
    found = ipaddress.ip_address(address)
    return not (found.is_loopback or found.is_link_local or found.is_unspecified)


def own_address(everywhere: Everywhere) -> str | None:
    """The address of this machine on the way to others, or None without a network."""
    with socket.socket(everywhere.family, socket.SOCK_DGRAM) as probe:
        try:
            # Any address elsewhere would do: a datagram socket that is connected sends nothing.
            probe.connect((everywhere.elsewhere, 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def named_addresses(family: socket.AddressFamily) -> Iterator[str]:
    """The addresses under this machine's own name."""
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None, family):
            yield str(address[0]).partition("%")[0]


def interface_addresses(family: socket.AddressFamily) -> Iterator[str]:
    """The IPv4 addresses of the network interfaces, on Linux."""
    if family != socket.AF_INET:
        return
    import fcntl  # noqa: PLC0415 - other systems do not have it

    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            # An interface without a cable has no address.
            with suppress(OSError):
                answer = fcntl.ioctl(probe, SIOCGIFADDR, struct.pack("256s", name.encode()))
                yield socket.inet_ntoa(answer[20:24])

"""The server's process: listens, says where the page is, serves it, and ends on a signal."""

import socket
import webbrowser
from collections.abc import Callable, Iterator

import uvicorn

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings

# Any address that is not this machine's would do: a datagram socket that is connected sends nothing.
ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
EVERYWHERE = {"0.0.0.0": socket.AF_INET, "::": socket.AF_INET6}
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


def run_server(settings: Settings, listener: socket.socket, say: Callable[..., None], show: bool) -> None:
    """Serve the page until a signal; with ``show``, open it in a browser.

    Raises:
        ValueError: the settings name a missing device, a text that cannot be read, or a missing folder of lessons.
    """
    app = create_app(settings)
    for fault in app.state.library.current.faults:
        say(f"{fault} (the lesson is left out)", err=True)
    config = uvicorn.Config(app, server_header=False, log_level="warning", timeout_graceful_shutdown=2)
    for sentence in announcements(settings, listener):
        say(sentence)
    if show:
        webbrowser.open(url_of(LOOPBACK.get(settings.host, settings.host), listener, settings.root_path))
    uvicorn.Server(config).run(sockets=[listener])

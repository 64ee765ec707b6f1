"""A reverse proxy that serves a server's page under a path."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer
from typing import Any
from urllib.parse import urlsplit

PREFIX = "/some/prefix"


class PrefixProxy(ThreadingHTTPServer):
    """Passes requests under the prefix on; `outside` collects all others.

    With `keep`, path and `Host` are those that the browser sent. Without, they are those of the server.
    """

    daemon_threads = True

    def __init__(self, target: str, keep: bool) -> None:
        super().__init__(("127.0.0.1", 0), Forward)
        self.target, self.keep = urlsplit(target).netloc, keep
        self.outside: list[str] = []

    @property
    def address(self) -> str:
        """The page's address without its last slash."""
        return f"http://127.0.0.1:{self.server_port}{PREFIX}"


class Forward(BaseHTTPRequestHandler):
    """One connection with one request; the end of the response is the end of the connection."""

    server: PrefixProxy

    def do_GET(self) -> None:
        """Pass the request on, and its response back as it arrives."""
        if not self.path.startswith(f"{PREFIX}/"):
            self.server.outside.append(self.path)
            self.send_error(404)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path if self.server.keep else self.path.removeprefix(PREFIX)
        headers = {**dict(self.headers.items()), "Connection": "close"}
        if not self.server.keep:
            headers["Host"] = self.server.target
        connection = http.client.HTTPConnection(self.server.target, timeout=60)
        try:
            connection.request(self.command, path, body, headers)
            self.copy(connection.getresponse())
        except OSError:
            pass  # the browser has closed the connection
        finally:
            connection.close()

    def do_POST(self) -> None:
        """The same with a body."""
        self.do_GET()

    def copy(self, answer: http.client.HTTPResponse) -> None:
        """Pass a response back."""
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value)
        self.end_headers()
        while piece := answer.read1(65_536):
            self.wfile.write(piece)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Let a server answer in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()


@contextmanager
def run_proxy(target: str, keep: bool = False) -> Iterator[PrefixProxy]:
    """A proxy in front of a server; with `keep`, the server also receives the prefix."""
    with PrefixProxy(target, keep) as proxy, serving(proxy):
        yield proxy

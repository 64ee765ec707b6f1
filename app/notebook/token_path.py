"""Token path: a server that answers only under a path that nobody can guess."""

import secrets

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cliffscape.app.settings import Settings
from cliffscape.app.web.problems import Problem
from cliffscape.app.web.security import security_headers

# As in Jupyter's own addresses: 24 bytes, which is 32 letters.
BYTES = 24
# The address, below the token, by which a notebook finds out whether its browser reaches this server.
PROBE = "reachable"


def token_path() -> str:
    """A new path, such as ``/kq3...``."""
    return f"/{secrets.token_urlsafe(BYTES)}"


class TokenPathMiddleware:
    """ASGI middleware that refuses requests whose path does not begin with that of the settings.

    Every user of the machine reaches a port on the loopback interface, and so does every page that their browsers
    show. The token is in the path, not in a cookie, because several servers on a machine share their cookies, and
    because the page's relative addresses then lead through any proxy.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.path = settings.root_path.encode()
        self.headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path = scope["path"].encode() if scope["type"] == "http" else self.path
        if path == self.path + f"/{PROBE}".encode():
            # Without this header, a browser reports the same error to the notebook's page as for no server at all.
            headers = {**self.headers, "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-store"}
            await Response(status_code=204, headers=headers)(scope, receive, send)
            return
        if self._is_below(path):
            await self.app(scope, receive, send)
            return
        detail = "The address needs the token that cliffscape.show() gives."
        await Problem(403, "Request refused", detail, headers=self.headers).response()(scope, receive, send)

    def _is_below(self, path: bytes) -> bool:
        size = len(self.path)
        # A comparison that stops at the first wrong letter would reveal the token letter by letter.
        return secrets.compare_digest(path[:size], self.path) and path[size : size + 1] in (b"", b"/")

"""Security: headers on every response, and no response that reveals internals."""

import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cliffscape.app.settings import Settings
from cliffscape.app.web.problems import Problem

logger = logging.getLogger(__name__)

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",  # workers compute outcome maps in WebAssembly
    "style-src": "'self' 'unsafe-inline'",  # Plotly.js writes style elements
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def security_headers(settings: Settings) -> dict[str, str]:
    """The headers of every response; only pages of the settings' ``frame_ancestors`` may show the page in a frame.

    The opener policy applies to a tab, never to a frame, so it is the same for all ancestors.
    """
    origins = " ".join("'self'" if origin == "self" else origin for origin in settings.frame_ancestors) or "'none'"
    policy = {**POLICY, "frame-ancestors": origins}
    return {"Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()), **HEADERS}


class SecurityMiddleware:
    """ASGI middleware that adds security headers and hides exceptions; streams pass through unchanged."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.headers = security_headers(settings)
        self.page_headers = self.headers
        if settings.framed:
            # A page that isolates itself (Cross-Origin-Embedder-Policy) only shows frames that isolate themselves too
            # and that other sites may load. The page's own files stay closed to them.
            self.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
            self.page_headers = {**self.headers, "Cross-Origin-Resource-Policy": "cross-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                html = headers.get("content-type", "").startswith("text/html")
                headers.update(self.page_headers if html else self.headers)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            # The client disconnected before the end of its request: there is nobody to answer, and no error.
            return
        except Exception:
            if started:
                raise  # too late for a response; the server closes the connection
            logger.exception("%s %s failed", scope["method"], scope["path"])
            failure = Problem(500, "Something went wrong here", "The server's log has the details.")
            await failure.response()(scope, receive, send_with_headers)

"""The root path: the page under a path such as ``/some/prefix``, behind a reverse proxy."""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class RootPathMiddleware:
    """ASGI middleware for a root path. Routes are found with and without it, because some proxies remove it."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app, self.root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and self.root_path:
            if scope["path"] == self.root_path:
                await add_slash(scope)(scope, receive, send)
                return
            scope = {**scope, "root_path": self.root_path}
        await self.app(scope, receive, send)


def add_slash(scope: Scope) -> Response:
    """Redirect ``/some/prefix`` to ``/some/prefix/``: without the slash, addresses on the page would lead elsewhere."""
    query = b"?" * bool(scope["query_string"]) + scope["query_string"]
    # Relative, because only the browser knows the whole address.
    address = f"{scope['path'].rpartition('/')[2]}/{query.decode('latin-1')}"
    return Response(status_code=308, headers={"Location": address, "Cache-Control": "no-cache"})

"""Access: requests under a strange host, and requests that a page of another site makes, are refused."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cliffscape.app.scene.validation import format_value, violation
from cliffscape.app.settings import Settings
from cliffscape.app.web.hosts import AllowedHosts, split_host
from cliffscape.app.web.problems import Problem

# What a navigation shows its page in: a tab, or a frame inside another page.
TAB, FRAMES = "document", ("iframe", "frame", "embed", "object")
READ = ("GET", "HEAD")


def refusal(field: str, value: str, bound: str) -> Problem:
    """The problem of a header for which a request is refused."""
    found = violation(field, format_value(value), bound)
    return Problem(403, "Request refused", found.message, (found,))


class AccessMiddleware:
    """ASGI middleware that answers 403 to requests that no page of this server, link or program made.

    Any page can send requests to any server. Its browser hides the answer, but the server has done the work by then.
    Browsers name the page's site in ``Sec-Fetch-Site``, and scripts cannot change that header:

    - ``same-origin`` is this server's own page. Behind a proxy too, since the browser compares the addresses that it
      sees, while ``Host`` may be changed on the way.
    - ``none`` is an address typed or bookmarked.
    - ``same-site`` is another port of this machine, or another subdomain. Ports belong to different programs, and a
      university's subdomains to different people, so this is treated as ``cross-site``.
    - ``cross-site`` is any other page. Following its link to this server is allowed, which is a navigation of a tab.
      An ``<img>`` of an export is not.

    A navigation of a frame inside a page of another site is allowed only for the page, and only if ``frame_ancestors``
    allows another site. Otherwise the browser would not show the page that the server has computed.

    Browsers send ``Sec-Fetch-Site`` only over https and to this machine itself. Without it, ``Origin`` must be this
    server's. Programs send neither, and may do everything. Over plain http to another machine a browser sends neither
    for an image, so there a page of another site can ask for an export, but not read it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = AllowedHosts(settings.host, settings.allowed_hosts)
        self.framed = settings.framed
        self.pages = ("/", settings.root_path, f"{settings.root_path}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await problem.response()(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        # Only clients of HTTP/1.0 send no Host, and no browser is one of them.
        host = headers.get("host")
        if host is not None and not self._knows(host):
            known = "an IP address, localhost or a name in allowed_hosts (--allowed-hosts)"
            return refusal("Host", host, known)
        site = headers.get("sec-fetch-site")
        if site is not None:
            if site in ("same-origin", "none") or self._navigates(scope, headers):
                return None
            return refusal("Sec-Fetch-Site", site, "same-origin or none, unless the request follows a link")
        origin = headers.get("origin")
        if origin is not None and not self.hosts.is_own(origin, host or ""):
            return refusal("Origin", origin, "that of this server or of a name in allowed_hosts (--allowed-hosts)")
        return None

    def _knows(self, host: str) -> bool:
        found = split_host(host)
        return found is not None and self.hosts.allow(found[0])

    def _navigates(self, scope: Scope, headers: Headers) -> bool:
        if headers.get("sec-fetch-mode") != "navigate" or scope["method"] not in READ:
            return False
        target = headers.get("sec-fetch-dest", TAB)
        return target == TAB or (self.framed and target in FRAMES and scope["path"] in self.pages)

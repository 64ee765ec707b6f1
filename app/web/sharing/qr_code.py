"""QR codes of links to this server: as SVG for the page, and as text for a terminal."""

import io
from collections.abc import Iterable

import segno

from cliffscape.app.web.hosts import AllowedHosts
from cliffscape.landscapes.bound_error import BoundError

LONGEST = 2000  # bytes; a code of a longer text has modules too small for a phone's camera
BORDER = 4  # modules of light background, which the standard demands


def check_own_link(link: str, host: str, allowed: AllowedHosts, urls: Iterable[str]) -> None:
    """Check that a link leads to this server, so that the server makes no codes for other sites.

    ``host`` is the Host header of the request, and ``urls`` are the server's addresses on other machines.

    Raises:
        BoundError: the link leads elsewhere, or is too long.
    """
    size = len(link.encode("utf-8", "replace"))
    if size > LONGEST:
        raise BoundError("text", f"{size:,} bytes", f"a link of at most {LONGEST:,} bytes")
    scheme, mark, rest = link.partition("://")
    origin = f"{scheme}{mark}{rest.partition('/')[0]}"
    own = allowed.is_own(origin, host) or any(url.startswith(f"{origin}/") for url in urls)
    # Only what begins with an origin and a slash is a link to it.
    if scheme not in ("http", "https") or not own or not link.startswith(f"{origin}/"):
        bound = "a link to this server or to a name in allowed_hosts (--allowed-hosts)"
        raise BoundError("text", link, bound)


def make_code(link: str) -> segno.QRCode:
    """The code of a link. At the same size it takes as much error correction as fits."""
    return segno.make_qr(link, error="m")


def qr_svg(link: str) -> bytes:
    """The code as an SVG without a size of its own, black on white in every theme: inverted codes are hard to read."""
    file = io.BytesIO()
    make_code(link).save(file, kind="svg", border=BORDER, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    return file.getvalue()


def qr_text(link: str) -> str:
    """The code as lines of block characters, for a terminal with light text on a dark background."""
    file = io.StringIO()
    make_code(link).terminal(out=file, border=2, compact=True)
    return file.getvalue().rstrip("\n")

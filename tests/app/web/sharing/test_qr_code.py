"""QR codes: of links to this server alone, as SVG and as text."""

import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import segno
from fastapi.testclient import TestClient

from cliffscape.app.web import routes
from cliffscape.app.web.hosts import AllowedHosts
from cliffscape.app.web.sharing.qr_code import BORDER, LONGEST, check_own_link, make_code, qr_svg, qr_text
from cliffscape.landscapes.bound_error import BoundError

LINK = "http://testserver/?landscape=ravine&start=1,0.5&embed&show=clipping,play"
OWN = AllowedHosts("0.0.0.0", ("*.example.org",))
ROOM = "http://192.168.1.5:8000/"


def dark_modules(svg: str) -> set[tuple[int, int]]:
    """Column and row of every dark module, from the path of an SVG, whose lines are one module high."""
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', svg)
    assert path is not None
    x, y, found = 0.0, 0.0, set()
    for command, text in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        dx, *dy = map(float, text.split())
        if command == "h":
            found |= {(int(x) + k - BORDER, int(y) - BORDER) for k in range(int(dx))}
            x += dx
        else:
            x, y = (dx, dy[0]) if command == "M" else (x + dx, y + dy[0])
    return found


def test_the_picture_has_the_modules_of_the_code_on_white() -> None:
    svg = qr_svg(LINK).decode()
    matrix = segno.make_qr(LINK, error="m").matrix
    assert dark_modules(svg) == {(x, y) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
    side = len(matrix) + 2 * BORDER
    assert ElementTree.fromstring(svg).attrib["viewBox"] == f"0 0 {side} {side}"
    # Also in the dark theme: many phones do not read inverted codes.
    assert re.findall(r'(?:fill|stroke)="(#\w+)"', svg) == ["#fff", "#000"]


def test_the_text_for_a_terminal_has_two_modules_in_a_character() -> None:
    lines = qr_text(ROOM).splitlines()
    side = len(make_code(ROOM).matrix) + 4
    assert {len(line) for line in lines} == {side}
    assert len(lines) == -(-side // 2)
    assert set("".join(lines)) == set("█▀▄ ")


@pytest.mark.parametrize(
    "link",
    [
        "http://testserver/?steps=7",
        "https://testserver/cliffs/?steps=7",
        "http://192.168.1.5:8000/?steps=7",
        "https://cliffs.example.org/?steps=7",
    ],
)
def test_links_to_this_server_pass(link: str) -> None:
    check_own_link(link, "testserver", OWN, [ROOM])


@pytest.mark.parametrize(
    "link",
    [
        "",
        "?steps=7",
        "javascript:alert(1)",
        "ftp://testserver/",
        "http://evil.example/?steps=7",
        "http://testserver.evil.example/",
        "http://testserver@evil.example/",
        "http://192.168.1.5:9000/",
        "http://[::1/",
    ],
)
def test_other_links_do_not(link: str) -> None:
    with pytest.raises(BoundError, match=r"text must be a link to this server or to a name in allowed_hosts"):
        check_own_link(link, "testserver", OWN, [ROOM])


def test_a_long_link_names_its_length_and_the_bound() -> None:
    with pytest.raises(BoundError, match=r"text must be a link of at most 2,000 bytes, got 2,001 bytes"):
        check_own_link("http://testserver/?".ljust(LONGEST + 1, "a"), "testserver", OWN, [])
    longest = "http://testserver/?".ljust(LONGEST - 2, "a") + "ä"
    check_own_link(longest, "testserver", OWN, [])
    assert qr_svg(longest)


def test_the_server_draws_codes_of_its_own_links(client: TestClient) -> None:
    answer = client.get(f"/qr.svg?text={quote(LINK, safe='')}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.content == qr_svg(LINK)
    for link in ("http://evil.example/", ""):
        refused = client.get("/qr.svg", params={"text": link})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "text"
    assert client.get("/qr.svg", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(("client_address", "network"), [("127.0.0.1", ROOM), ("192.168.1.9", "")])
def test_only_a_browser_on_this_machine_gets_the_address_of_the_room(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, client_address: str, network: str
) -> None:
    monkeypatch.setattr(routes, "network_urls", lambda settings, port: [ROOM])
    monkeypatch.setattr(client._transport, "client", (client_address, 5))  # type: ignore[attr-defined]
    text = client.get("/", headers={"Host": "localhost:8000"}).text
    assert f'"sharing": {{"network": "{network}", "framed": false}}' in text
    # The code of that address is one of this server, whichever Host the request names.
    assert client.get("/qr.svg", params={"text": f"{ROOM}?steps=7"}).status_code == 200

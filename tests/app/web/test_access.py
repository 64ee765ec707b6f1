"""Access: pages of other sites cannot use the server; links, programs and allowed frames can."""

from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings

EXPORT = "/exports/outcomes.csv?landscape=saddle&cells=33"
# What a browser sends with the request of each kind.
FETCH = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
IMAGE = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
LINK = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FRAME = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}


def status(client: TestClient, path: str, headers: Mapping[str, str], method: str = "GET") -> int:
    """The status of a request without frames."""
    body = {"scene": {"landscape": {"kind": "saddle"}}, "kinds": []} if method == "POST" else None
    answer = client.request(method, path, json=body, headers=headers)
    if answer.status_code == 403:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert "content-security-policy" in answer.headers
        [error] = problem["errors"]
        assert error["field"] in ("Host", "Origin", "Sec-Fetch-Site")
        assert error["bound"] and problem["detail"].endswith(f"got {error['value']}")
    return answer.status_code


@pytest.mark.parametrize("path", ["/", "/healthz", "/catalogue.json", "/nowhere", "/frames", EXPORT, "/kernels/x.js"])
def test_a_strange_host_is_refused_everywhere(client: TestClient, path: str) -> None:
    method = "POST" if path == "/frames" else "GET"
    for host in ("evil.example", "evil.example:8000", "localhost.evil.example", "x@localhost", "a b"):
        assert status(client, path, {"Host": host}, method) == 403


def test_known_hosts_are_served(client: TestClient) -> None:
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.1.5", "testserver"):
        assert status(client, "/healthz", {"Host": host}) == 200


def test_names_of_the_settings_are_served(settings: Settings) -> None:
    update = {"host": "lab-3", "allowed_hosts": ("*.example.org",)}
    with TestClient(create_app(settings.model_copy(update=update))) as client:
        for host, expected in (("lab-3:8000", 200), ("a.example.org", 200), ("example.org", 403), ("lab-4", 403)):
            assert status(client, "/healthz", {"Host": host}) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", **FETCH}, 200),
        # A proxy has changed Host; the browser knows that the page is this server's.
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://hub.example.org", **FETCH}, 200),
        ({"Sec-Fetch-Site": "same-site", **FETCH}, 403),
        ({"Sec-Fetch-Site": "cross-site", **FETCH}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver", **FETCH}, 403),
        # A form of another page.
        ({"Sec-Fetch-Site": "cross-site", **LINK}, 403),
    ],
)
def test_only_own_pages_and_programs_can_compute(client: TestClient, headers: dict[str, str], expected: int) -> None:
    assert status(client, "/frames", headers, "POST") == expected


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
@pytest.mark.parametrize("path", ["/", EXPORT])
def test_links_of_other_sites_work_and_their_images_and_scripts_do_not(
    client: TestClient, path: str, site: str
) -> None:
    for headers, expected in ((LINK, 200), (IMAGE, 403), (FETCH, 403), (FRAME, 403)):
        assert status(client, path, {"Sec-Fetch-Site": site, **headers}) == expected
    assert status(client, path, {"Sec-Fetch-Site": "none", **LINK}) == 200
    assert status(client, path, {"Sec-Fetch-Site": "same-origin", **FRAME}) == 200


def test_frames_of_other_sites_show_the_page_if_the_settings_allow_it(settings: Settings) -> None:
    framed = settings.model_copy(update={"frame_ancestors": ("self", "https://moodle.example.org")})
    with TestClient(create_app(framed)) as client:
        foreign = {"Sec-Fetch-Site": "cross-site", **FRAME}
        answer = client.get("/", headers=foreign)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert policy.endswith("frame-ancestors 'self' https://moodle.example.org")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert status(client, EXPORT, foreign) == 403
        assert client.get("/catalogue.json").headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain; application/json", 415),
        ("", 415),
    ],
)
def test_a_body_must_be_json_by_its_header(client: TestClient, header: str, expected: int) -> None:
    body = b'{"scene": {"landscape": {"kind": "saddle"}}, "kinds": []}'
    answer = client.post("/frames", content=body, headers={"Content-Type": header} if header else {})
    assert answer.status_code == expected
    if expected == 415:
        assert answer.headers["accept"] == "application/json"
        assert answer.json()["detail"].startswith("Content-Type must be application/json, got ")

"""The real page: its files exist, none is of another host, and Plotly is among them where there is a relief."""

import html
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from tests.app.web.test_pages import opening


@pytest.fixture(scope="module")
def real_client() -> Iterator[TestClient]:
    """A client of a server of the real page."""
    with TestClient(create_app(Settings(warm=False, device="cpu"))) as running:
        yield running


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("landscape=formula&landscape.text=x**2", False),
        ("hide=relief", False),
        ("embed", False),
        ("embed&show=relief", True),
    ],
)
def test_plotly_is_preloaded_for_a_relief_alone(real_client: TestClient, query: str, shown: bool) -> None:
    text = html.unescape(real_client.get(f"/?{query}").text)
    assert (f'<link rel="preload" as="script" href="{opening(text)["plotly"]}"' in text) is shown


def test_plotly_is_compressed_and_immutable(real_client: TestClient) -> None:
    answer = real_client.get(opening(html.unescape(real_client.get("/").text))["plotly"])
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert b"plotly.js (gl3d - minified)" in answer.content[:200]


def test_the_files_of_the_real_page_exist(real_client: TestClient) -> None:
    text = html.unescape(real_client.get("/").text)
    addresses = set(re.findall(r'(?:src|href)="([^"#]+)"', text))
    assert any(address.endswith("/js/main.js") for address in addresses)
    assert {address: real_client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text)
    assert not re.search(
        r"https?://(?!www\.w3\.org/)", re.sub(r'<script type="application/json".*?</script>', "", text, flags=re.S)
    )

"""Routes: the response of each address, and how long it may be cached."""

import gzip
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from cliffscape.app.web.thumbnails import ADDRESS, SIDE
from cliffscape.landscapes.catalogue import LANDSCAPES
from tests.app.decoding import decode

IMMUTABLE = "public, max-age=31536000, immutable"


def kernels(client: TestClient, scene: dict[str, Any]) -> dict[str, str]:
    """Addresses of a Scene's kernels."""
    frames = decode(client.post("/frames", json={"scene": scene, "kinds": ["kernel", "curvature"]}).content)
    headers = {name: value for frame in frames for name, value in frame.header.items()}
    return {name: headers[name]["url"] for name in ("without", "with", "curvature", "outcome")}


def test_kernels_are_immutable_modules(client: TestClient) -> None:
    exports = {"without": "descend", "with": "descend", "curvature": "sharpness", "outcome": "conclude"}
    for name, address in kernels(client, {"landscape": {"kind": "ravine"}}).items():
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == IMMUTABLE
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert f"export function {exports[name]}(" in answer.text
        assert answer.text.startswith("// Cliffscape kernel: ")


def test_a_new_server_traces_a_kernel_again(client: TestClient, settings: Settings) -> None:
    addresses = kernels(client, {"optimizer": {"kind": "momentum"}})
    with TestClient(create_app(settings)) as restarted:
        for address in addresses.values():
            assert restarted.get(address).content == client.get(address).content


def test_a_kernel_with_another_hash_is_not_found(client: TestClient) -> None:
    address = urlsplit(kernels(client, {"landscape": {"kind": "ravine"}})["with"])
    assert client.get(f"/kernels/00000000000000000000.js?{address.query}").status_code == 404
    query = {**dict(parse_qsl(address.query)), "clip": "none"}
    assert client.get(address.path, params=query).status_code == 404


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "program must be one of descent, curvature, outcome, bias, sweep, got ''"),
        ("program=x", "program must be one of descent, curvature, outcome, bias, sweep, got 'x'"),
        ("program=descent&landscape=x", "landscape must be one of one_unit_rnn, "),
        ("program=descent&landscape=ravine&foo=1", "foo is unknown; the known names are "),
        ("program=descent&landscape=ravine", "recipe must be exactly program=descent&landscape=ravine&optimizer="),
        (
            "program=curvature&landscape=one_unit_rnn&landscape.sequence_length=1e9",
            "landscape.sequence_length must be ",
        ),
    ],
)
def test_a_bad_recipe_is_a_problem(client: TestClient, query: str, detail: str) -> None:
    answer = client.get(f"/kernels/0123456789abcdef0123.js?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["detail"].startswith(detail)


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_files_are_compressed_if_accepted(client: TestClient, settings: Settings, accepted: str) -> None:
    address = f"{client.app.state.assets.address}/js/views/map.js"  # type: ignore[attr-defined]
    with client.stream("GET", address, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == IMMUTABLE
        assert ("content-encoding" in answer.headers) == (accepted == "gzip")
        body = gzip.decompress(raw) if accepted == "gzip" else raw
    assert body == (settings.static_folder / "js" / "views" / "map.js").read_bytes()


@pytest.mark.parametrize("path", ["/", "/?landscape=saddle", "/catalogue.json"])
def test_the_page_and_the_catalogue_are_compressed_once(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "no-cache"
    assert int(answer.headers["content-length"]) == len(raw) < len(plain.content) / 2
    assert gzip.decompress(raw) == plain.content


def test_a_stream_of_frames_is_not_compressed(client: TestClient) -> None:
    body = {"scene": {"landscape": {"kind": "rosenbrock"}}, "kinds": ["curvature"]}
    answer = client.post("/frames", json=body, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.content.startswith(b"CLIF")


@pytest.mark.parametrize("path", ["/static/old/js/main.js", "/static/../pyproject.toml", "/static"])
def test_other_files_are_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["title"] == "Not Found"


def test_health_reports_the_worker(client: TestClient) -> None:
    answer = client.get("/healthz").json()
    assert answer["status"] == "ok"
    assert answer["device"] == "cpu"
    assert answer["threads"] >= 1
    assert set(answer["worker"]) == {"active", "queued", "chunks", "completed", "cancelled", "failed"}


@pytest.mark.parametrize("path", ["/", "/healthz", "/catalogue.json"])
def test_head_is_answered_like_get(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/healthz/", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/frames", 405),
        ("POST", "/", 405),
        ("DELETE", "/healthz", 405),
        ("OPTIONS", "/frames", 405),
    ],
)
def test_unknown_addresses_and_methods_are_problems(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert status != 405 or answer.headers["allow"]


@pytest.mark.parametrize("kind", ["one_unit_rnn", "product_of_weights", "heavy_tails", "recurrent_network"])
def test_a_thumbnail_is_the_loss_of_the_first_preset(client: TestClient, kind: str) -> None:
    answer = client.get(f"/{ADDRESS}/{kind}")
    assert answer.headers["cache-control"] == IMMUTABLE
    [frame] = decode(answer.content)
    assert frame.header["kind"] == "thumbnail"
    assert list(frame.arrays) == ["loss"]
    losses = frame.arrays["loss"]
    assert losses.shape == (frame.header["rows"], frame.header["columns"]) == (SIDE, SIDE)
    assert np.isfinite(losses).all() and np.ptp(losses) > 0
    if kind in LANDSCAPES.entries and not LANDSCAPES[kind].examples:
        corner = torch.tensor(LANDSCAPES[kind].window[::2], dtype=torch.float64)
        own = {name: value for name, value in LANDSCAPES[kind].presets[0].choices.items() if "landscape." in name}
        assert not own, "the first preset changes the landscape"
        assert losses[0, 0] == pytest.approx(LANDSCAPES[kind].loss()(corner).item(), rel=1e-6)


def test_a_thumbnail_of_other_code_or_of_no_landscape_is_not_found(client: TestClient) -> None:
    assert client.get("/thumbnails/0123456789abcdef/ravine").status_code == 404
    assert client.get(f"/{ADDRESS}/by_norm").status_code == 404

"""Formulas over HTTP: what a page learns of a typed text, refusals, and Scenes of formulas."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.web.formulas import text_in
from tests.app.decoding import decode

SHIFTED = "k: (-3, 3) = 2\n(x - k)**2 + y**2"


def test_a_formula_is_described(client: TestClient) -> None:
    answer = client.get("/formula.json", params={"text": SHIFTED})
    found = answer.json()
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-cache"
    assert found["axes"] == ["x", "y"]
    assert found["windows"] == {"descent": [0, 4, -2, 2]}
    names = {one["name"]: (one["label"], one["low"], one["high"], one["default"]) for one in found["parameters"]}
    assert names.pop("text")[0] == "Formula"
    assert names == {"first_constant": ("k", -3, 3, 2)}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1, column 1"),
        ("x*y +", "line 1, column 6"),
        ("x\n__import__('os')", "line 1, column 1"),
        ("é", "line 1"),
    ],
)
def test_a_text_that_is_no_formula_is_refused_with_a_sentence(client: TestClient, text: str, place: str) -> None:
    answer = client.get("/formula.json", params={"text": text})
    assert answer.status_code == 200
    sentence = answer.json()["problem"]
    assert sentence.startswith("landscape.text must be a formula ") and place in sentence


def test_a_scene_of_a_formula_has_a_picture_with_the_minimum_that_is_found(client: TestClient) -> None:
    scene = {"landscape": {"kind": "formula", "text": SHIFTED, "first_constant": 1.5}}
    answer = client.post("/frames", json={"scene": scene, "kinds": ["surface", "minima", "kernel"]})
    frames = decode(answer.content)
    surface = next(frame for frame in frames if frame.header["kind"] == "surface")
    assert surface.header["window"] == [0, 4, -2, 2]
    # They are found for the values of the names, apart from the surface, which does not wait for them.
    minima = next(frame for frame in frames if frame.header["kind"] == "minima")
    assert minima.arrays["minima"].tolist() == [pytest.approx([1.5, 0], abs=1e-12)]
    assert minima.arrays["local_minima"].tolist() == [] and "minima" not in surface.arrays
    assert minima.header["searched"] is True and 0 < minima.header["solved"] < 0.1
    [kernel] = [frame.header for frame in frames if frame.header["kind"] == "kernel"]
    source = client.get(kernel["with"]["url"])
    assert source.status_code == 200
    # The text is in a comment of one line, in quotes.
    assert source.text.count("(x - k)**2") == 1 and "\\n(x - k)**2" in source.text


@pytest.mark.parametrize(
    ("landscape", "sentence"),
    [
        ({"text": "x*eval(y)"}, "landscape.text must be a formula with the functions exp"),
        ({"text": "x" * 501}, "landscape.text must be at most 500 characters long"),
        ({"text": SHIFTED, "first_constant": 4}, "landscape.first_constant must be between -3 and 3, the bounds of k"),
        (
            {"text": "T: (1, 5) = 2\nfor _ in range(T):\n  h = x\nh*y", "repetitions": 6},
            "landscape.repetitions must be",
        ),
    ],
)
def test_a_scene_out_of_bounds_is_refused(client: TestClient, landscape: dict[str, Any], sentence: str) -> None:
    answer = client.post("/frames", json={"scene": {"landscape": {"kind": "formula", **landscape}}})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(sentence)


def test_the_page_of_a_link_knows_its_formula(client: TestClient) -> None:
    page = client.get("/", params={"landscape": "formula", "landscape.text": SHIFTED}).text
    opening = json.loads(page.split('id="opening"')[1].split(">", 1)[1].split("</script>")[0])
    assert opening["scene"]["landscape"]["first_constant"] == 2
    assert opening["catalogue"]["formulas"][SHIFTED]["start"]
    refused = client.get("/", params={"landscape": "formula", "landscape.text": "x*y</script><script>"})
    assert refused.status_code == 200 and "</script><script>" not in refused.text


def test_the_text_in_a_body() -> None:
    assert text_in(b'{"scene": {"landscape": {"kind": "formula", "text": "x*y"}}}') == "x*y"
    for body in (
        b"",
        b"{",
        b'{"text": 1}',
        b'{"scene": {"landscape": "text"}}',
        b'{"scene": {"landscape": {"text": 5}}}',
    ):
        assert text_in(body) is None
    assert text_in(b'"text"' + b"[" * 100_000) is None

"""Requests for maps that are finer than those that the page computes."""

from fastapi.testclient import TestClient

from tests.app.web.test_stream import SADDLE, labels


def test_maps_that_the_page_computes_are_omitted(client: TestClient) -> None:
    scene = {**SADDLE, "steps": 1200, "cloud": 4}
    finer = {"scene": scene, "kinds": ["outcomes"], "finer_than": {"outcomes": 33}}
    found = [labels(client.post("/frames", json=body).content) for body in (finer, {**finer, "finer_than": {}})]
    maps = [[label for label in one if label.startswith("outcomes")] for one in found]
    # Cached maps are sent first.
    assert maps == [["outcomes 65", "outcomes 129"], ["outcomes 65", "outcomes 129", "outcomes 33"]]


def test_a_level_below_zero_is_refused(client: TestClient) -> None:
    answer = client.post("/frames", json={"scene": SADDLE, "finer_than": {"outcomes": -1}})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "finer_than must be at least 0, got -1"

"""The training of a user's own model over HTTP: new rows as frames, and an empty answer without any."""

from collections.abc import Iterator

import pytest
import torch
from fastapi.testclient import TestClient

from cliffscape.landscapes.models.model_landscape import VIEWS, register_view
from cliffscape.landscapes.models.trainings.comparison import compare
from tests.app.decoding import decode
from tests.landscapes.models.small_models import cross_entropy, perceptron, perceptron_view, vectors


@pytest.fixture
def name() -> Iterator[str]:
    """A view with a comparison of four steps."""
    view = perceptron_view()
    register_view(view)
    build = lambda parameters: torch.optim.SGD(parameters, 0.5)  # noqa: E731
    compare(perceptron(), cross_entropy, vectors(), build, 0.05, 4, view=view)
    yield "model"
    VIEWS.clear()


def test_the_rows_that_a_page_does_not_have_are_sent(client: TestClient, name: str) -> None:
    [log] = VIEWS[name].trainings
    [whole] = decode(client.get("/view-training", params={"view": name}).content)
    assert (whole.header["first"], whole.header["updates"], whole.header["total"]) == (0, 4, 4)
    assert whole.arrays["loss"].shape == (2, 1, 4)
    assert whole.arrays["clip_factor"][1, 0].tolist() == torch.stack(log.rows)[:, 1, 2].tolist()
    token = whole.header["token"]
    [rest] = decode(client.get("/view-training", params={"view": name, "token": token, "first": 3}).content)
    assert rest.arrays["loss"][:, 0, 0].tolist() == whole.arrays["loss"][:, 0, 3].tolist()
    assert client.get("/view-training", params={"view": name, "token": token, "first": 4}).status_code == 204


def test_another_training_is_sent_from_its_first_row(client: TestClient, name: str) -> None:
    [found] = decode(client.get("/view-training", params={"view": name, "token": "old", "first": 4}).content)
    assert found.header["first"] == 0


def test_a_view_without_a_training_has_no_rows(client: TestClient) -> None:
    assert client.get("/view-training", params={"view": "unknown"}).status_code == 204

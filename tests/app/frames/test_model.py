"""Frames of a user's own model: its plane, both runs, verdicts, and its exceptions."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from torch import Tensor, nn

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.plan import plan
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import summary
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.models.model_landscape import register_view
from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.models.trainings.recorded_run import record
from tests.app.decoding import Decoded, decode
from tests.app.frames.test_network import run_frame, workspace
from tests.app.scene.test_surfaces import model_scene
from tests.landscapes.models.small_models import cross_entropy, perceptron, vectors


def frames(client: TestClient, scene: Scene, *kinds: str) -> list[Decoded]:
    """The frames that the server sends."""
    return decode(client.post("/frames", json={"scene": scene.model_dump(mode="json"), "kinds": kinds}).content)


def coarsest(scene: Scene, kind: str) -> Frame:
    """The first frame of a kind."""
    return run_frame(plan(scene, [kind])[0].begin(workspace()))[1]


def test_the_surface_has_the_losses_of_the_model(view: ModelView) -> None:
    found = coarsest(model_scene(), "surface").arrays["loss"]
    expected = view.value(view.window.grid(17, 17).reshape(-1, 2)).reshape(17, 17)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert coarsest(model_scene(), "slice").fields["parameters"] == 43


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam", "newton_damped", "sam"])
def test_both_runs_descend_on_the_plane(client: TestClient, view: ModelView, optimizer: str) -> None:
    scene = model_scene(optimizer=optimizer)
    pair = frames(client, scene, "pair")[-1]
    assert pair.header["kind"] == "pair", pair.header
    assert pair.arrays["loss"].shape == (2, 6)
    at_end = torch.tensor(np.stack([pair.arrays["x"][:, -1], pair.arrays["y"][:, -1]], -1))
    np.testing.assert_allclose(pair.arrays["loss"][:, -1], view.value(at_end), rtol=1e-5)
    assert np.isfinite(pair.arrays["sharpness"]).all()


def test_runs_have_verdicts_and_outcome_maps(view: ModelView) -> None:
    scene = model_scene(steps="3", map="outcomes")
    record = run_scene(scene)["with"]
    assert summary(scene, record, "with").steps == 3
    assert coarsest(scene, "outcomes").kind == "outcomes"


def test_the_page_opens_with_the_view(client: TestClient, view: ModelView) -> None:
    text = client.get("/" + register_view(view)).text
    opening: dict[str, Any] = json.loads(text.partition('id="opening">')[2].partition("</script>")[0])
    assert opening["scene"]["landscape"] == {"kind": "model", "view": "net"}
    assert opening["notice"] == []


def test_an_exception_of_the_model_is_one_sentence_on_the_page(
    client: TestClient, view: ModelView, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        raise KeyError("broken")

    view.subject.found.module.loss = broken
    last = frames(client, model_scene(steps="7"), "pair")[-1]
    assert last.header["kind"] == "error"
    assert last.header["detail"] == "The model or its loss raised KeyError: 'broken'"
    assert "in broken" in caplog.text
    # An export answers with the same sentence.
    answer = client.get("/exports/run.csv?landscape=model&landscape.view=net&steps=7")
    assert (answer.status_code, answer.json()["detail"]) == (500, last.header["detail"])
    view.subject.found.module.loss = cross_entropy
    assert frames(client, model_scene(steps="7"), "pair")[-1].header["kind"] == "pair"


def test_a_recorded_run_is_projected_with_its_true_losses(view: ModelView) -> None:
    model = perceptron()
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    with record(model, optimizer, every=1) as run:
        for _ in range(3):
            optimizer.zero_grad()
            cross_entropy(model, vectors()[0]).backward()
            optimizer.step()
    assert "projection" not in [one.kind for one in plan(model_scene(), ["projection"])]
    link = register_view(view.with_run(run), "net")
    found = coarsest(from_query(parse_link(link)[0]), "projection")
    assert found.fields["runs"] == ["recorded"]
    assert found.arrays["at"].tolist() == [0, 1, 2, 3]
    # The run begins at the plane's origin.
    np.testing.assert_allclose([found.arrays["x"][0, 0], found.arrays["distance"][0, 0]], 0, atol=1e-6)
    assert found.arrays["loss"][0, -1] == float(cross_entropy(model, vectors()[0]).detach())
    assert catalogue()["views"]["net_2"]["recorded"] and not catalogue()["views"]["net"]["recorded"]


def test_a_slow_model_has_only_coarse_pictures(view: ModelView) -> None:
    assert [one.level for one in plan(model_scene(), ["surface"])] == [17, 33, 65, 129]
    view.subject.found.seconds = 0.2
    assert [one.level for one in plan(model_scene(), ["surface"])] == [17, 33]
    view.subject.found.seconds = 10.0
    assert [one.level for one in plan(model_scene(), ["surface"])] == [17]

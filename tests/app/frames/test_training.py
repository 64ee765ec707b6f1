"""Frames of training: curves piece by piece, the projection with its true losses."""

import numpy as np
import pytest
import torch

from cliffscape.app.runs.network import build_view
from cliffscape.app.runs.stored_training import load_run
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_network import frames, workspace
from tests.app.runs.test_network import small


def test_curves_come_piece_by_piece_and_then_whole() -> None:
    scene = small(updates=300, seeds=2)
    engine = workspace(1e-9)
    ((early, frame),) = frames(scene, "training", engine)
    pieces = [*early]
    joined = np.concatenate([piece.arrays["loss"] for piece in pieces], -1)
    at = [piece.fields["first"] for piece in pieces]
    assert at == [0, *[piece.fields["updates"] for piece in pieces[:-1]]]
    whole = frame.arrays["loss"]
    assert whole.shape == (2, 2, 300) and frame.fields["first"] == 0
    np.testing.assert_array_equal(joined, whole[..., : joined.shape[-1]])
    assert frame.arrays["error"].shape == (2, 2, len(frame.arrays["error_at"]))
    assert frame.arrays["error_at"][-1] == 300
    assert frame.fields["baseline"] == 1 / 6
    run = load_run(scene, engine)
    np.testing.assert_array_equal(whole[1, 0], [row[0, 1, 0] for row in run.rows])


@pytest.mark.parametrize(
    ("optimizer", "products"),
    [({"kind": "adam"}, 0), ({"kind": "hessian_free", "iterations": 7}, 7), ({"kind": "newton"}, 46)],
    ids=["adam", "hessian_free", "newton"],
)
def test_the_training_frame_holds_the_cost_of_an_update(optimizer: dict[str, object], products: int) -> None:
    """A round of conjugate gradients is a product; a whole matrix is one for each of the net's 46 parameters."""
    scene = small(optimizer=optimizer, updates=2)
    assert scene.net.layout.size == 46
    ((_, frame),) = frames(scene, "training")
    assert (frame.fields["cost"]["products"], bool(frame.fields["cost"]["matrix"])) == (products, products > 0)


def test_a_longer_run_shows_no_more_than_was_asked() -> None:
    engine = workspace()
    longer = small(updates=240)
    frames(longer, "training", engine)
    ((_, frame),) = frames(small(updates=25), "training", engine)
    assert frame.arrays["loss"].shape[-1] == 25
    assert frame.arrays["error_at"].max() == 25
    assert load_run(longer, engine).done == 240


def test_the_projection_is_the_same_whatever_ran_before() -> None:
    scene, fresh, engine = small(updates=101), workspace(), workspace()
    ((_, alone),) = frames(scene, "projection", fresh)
    frames(small(updates=240), "training", engine)
    ((_, after),) = frames(scene, "projection", engine)
    assert alone.fields == after.fields
    for name, values in alone.arrays.items():
        np.testing.assert_array_equal(after.arrays[name], values)


def test_the_projection_has_true_losses_and_distances() -> None:
    scene = small(updates=30, slice={"kind": "random_directions"})
    engine = workspace()
    ((_, frame),) = frames(scene, "projection", engine)
    view, (theta, taken) = run_to_end(build_view(scene)), load_run(scene, engine).positions(30)
    np.testing.assert_array_equal(frame.arrays["at"], taken)
    point = torch.stack([torch.from_numpy(frame.arrays[name]) for name in ("x", "y")], -1).transpose(0, 1)
    on_plane = view.slice.lift(point)
    distance = (theta - on_plane).norm(dim=-1)
    np.testing.assert_allclose(frame.arrays["distance"], distance.T, rtol=1e-9)
    np.testing.assert_allclose(frame.arrays["loss"], view.subject.loss(theta).T, rtol=1e-9)
    assert frame.arrays["distance"][0, 0] == pytest.approx(0, abs=1e-9)  # the slice goes through the initial weights
    assert (frame.arrays["distance"][:, -1] > 1e-3).all()
    offset = theta[:, 0] - theta[:, 0].mean(0)
    residue = offset - view.slice.lift(view.slice.project(view.slice.origin + offset)[0]) + view.slice.origin
    expected = 1 - (residue**2).sum() / (offset**2).sum()
    assert frame.fields["explained"][0] == pytest.approx(float(expected), rel=1e-6)

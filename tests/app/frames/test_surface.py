"""Frames of surface, relief and kernels: values against the landscapes, and work in chunks."""

from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.compute.cache import FrameGenerator, SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import LANDSCAPES
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests.routes import ROUTES

ALL = [entry.kind for entry in LANDSCAPES]


def workspace(seconds: float = 0.025) -> Workspace:
    """A workspace with empty caches."""
    return Workspace(torch.device("cpu"), SizedCache(1 << 24, lambda kernel: len(kernel.source)), Chunking(seconds))


def run_frame(work: FrameGenerator) -> tuple[int, Frame]:
    """Number of turns and the frame."""
    turns = 0
    while True:
        try:
            next(work)
        except StopIteration as done:
            return turns, done.value
        turns += 1


def frame_of(form: dict[str, Any], kind: Any, level: Any = None, using: Workspace | None = None) -> Frame:
    """One frame of a Scene."""
    return run_frame(planned_frame(Scene.model_validate(form), kind, level).begin(using or workspace()))[1]


@pytest.mark.parametrize("kind", ALL)
def test_surface_holds_loss_and_gradient_norm(kind: str) -> None:
    frame = frame_of({"landscape": {"kind": kind}}, "surface", 33)
    entry = LANDSCAPES[kind]
    loss, gradient = value_and_gradient(entry.loss(), entry.window.grid(33, 33))
    assert frame.fields == {"window": list(entry.window), "columns": 33, "rows": 33}
    assert frame.arrays["loss"].dtype == np.float32
    np.testing.assert_allclose(frame.arrays["loss"], loss, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(frame.arrays["gradient_norm"], gradient.norm(dim=-1), rtol=1e-5, atol=1e-9)
    if kind != "formula":
        assert frame.arrays["minima"].shape == (len(entry.minima(**entry.defaults)), 2)


def test_first_row_is_at_the_bottom_and_columns_run_along_x() -> None:
    frame = frame_of({"landscape": {"kind": "ravine"}, "window": (0, 3, 0, 1), "start": (1, 1)}, "surface", 33)
    loss = frame.arrays["loss"]
    assert (loss[0, 0], loss[0, -1], loss[-1, 0]) == (0.0, 4.5, 10.0)


def test_parameters_reach_the_surface() -> None:
    form = {"landscape": {"kind": "ravine", "condition_number": 50}, "window": (0, 1, 0, 1), "start": (1, 1)}
    assert frame_of(form, "surface", 33).arrays["loss"][-1, 0] == 25


def test_what_does_not_fit_float32_is_sent_in_float64() -> None:
    window = {"landscape": {"kind": "product_of_weights", "repetitions": 10}, "window": (-1e6, 1e6, -1e6, 1e6)}
    loss = frame_of(window, "surface", 33).arrays["loss"]
    assert loss.dtype == np.float64 and loss.max() == pytest.approx(0.5 * 1e240, rel=1e-6)


RELU = {
    "landscape": {"kind": "recurrent_network"},
    "cell": {"kind": "relu_rnn", "hidden_units": 20},
    "task": {"kind": "adding", "sequence_length": 200},
}


def test_a_relu_networks_losses_above_float32_are_finite() -> None:
    """The states grow to 1e67, and in float32 the loss is Inf - Inf."""
    form = {**RELU, "initialisation": {"kind": "identity", "scale": 2}}
    loss = frame_of(form, "surface", 17).arrays["loss"]
    assert np.isfinite(loss).all() and loss.max() > 1e130


def test_a_relu_networks_plane_is_finite_or_inf_and_has_no_holes() -> None:
    """Far from the net's own weights the loss exceeds even float64."""
    form = {**RELU, "initialisation": {"kind": "orthogonal", "gain": 3}, "slice": {"kind": "random_directions"}}
    loss = frame_of(form, "surface", 17).arrays["loss"]
    assert not np.isnan(loss).any()
    finite = loss[np.isfinite(loss)]
    assert len(finite) > 20 and finite.max() > np.finfo(np.float32).max


def test_a_networks_narrow_window_is_computed_in_float64() -> None:
    """In float32 all points of it are the same."""
    form = {"landscape": {"kind": "recurrent_network"}, "window": (0, 1e-8, 0, 1e-8), "start": (0, 0)}
    loss = frame_of(form, "surface", 17).arrays["loss"]
    assert loss.dtype == np.float64 and len(np.unique(loss)) > 100
    rise = np.diff(loss, axis=1)
    assert (rise > 0).all() or (rise < 0).all(), "a slope, without steps"


def test_work_comes_in_chunks_that_join_to_the_same_picture() -> None:
    scene = Scene.model_validate({})
    turns, slow = run_frame(planned_frame(scene, "surface", 129).begin(workspace(1e-9)))
    assert turns > 50
    np.testing.assert_allclose(slow.arrays["loss"], frame_of({}, "surface", 129).arrays["loss"], rtol=1e-6)


@pytest.mark.parametrize("kind", ALL)
def test_relief_is_a_mesh_over_the_window(kind: str) -> None:
    frame = frame_of({"landscape": {"kind": kind}}, "relief", 65)
    across, upward, loss = (frame.arrays[name] for name in ("across", "upward", "loss"))
    assert across.shape == upward.shape == loss.shape == (65, 65)
    assert (across.min(), across.max(), upward.min(), upward.max()) == (0, 1, 0, 1)
    assert np.isfinite(loss).all()


@pytest.mark.parametrize("width", [1e-5, 1e-6, 1e-8, 1e-10])
def test_a_narrow_relief_has_no_gaps(width: float) -> None:
    """The cells of the mesh have an area in float32, whatever the window's width is relative to its coordinates."""
    window = (4.2 - width / 2, 4.2 + width / 2, -2.1 - width / 2, -2.1 + width / 2)
    frame = frame_of({"window": window, "start": (4.2, -2.1)}, "relief", 65)
    across, upward = frame.arrays["across"], frame.arrays["upward"]
    along = np.diff(across, axis=1)[:-1] * np.diff(upward, axis=0)[:, :-1]
    crossing = np.diff(across, axis=0)[:, :-1] * np.diff(upward, axis=1)[:-1]
    area = np.abs(along - crossing)
    # SurfaceRecipe beyond the window's edge are moved onto it.
    assert (area > 0).mean() > 0.9 and area.sum() == pytest.approx(1, abs=1e-3)


def test_relief_puts_points_on_the_wall() -> None:
    loss = frame_of({}, "relief", 65).arrays["loss"]
    uniform = frame_of({}, "surface", 129).arrays["loss"][::2, ::2]
    span = loss.max() - loss.min()
    steepest = [np.abs(np.diff(grid, axis=axis)).max() for grid in (loss, uniform) for axis in (0, 1)]
    assert min(steepest[:2]) < 0.25 * span
    assert min(steepest[2:]) > 0.5 * span


def test_kernel_frame_names_three_programs() -> None:
    using = workspace()
    fields = frame_of({}, "kernel", None, using).fields
    assert list(fields) == ["without", "with", "outcome"]
    assert "optimizer.learning_rate" in fields["with"]["parameters"]
    assert "clip.threshold" in fields["with"]["parameters"]
    assert fields["without"]["parameters"] == [n for n in fields["with"]["parameters"] if n != "clip.threshold"]
    again = frame_of({"clip": {"kind": "by_value"}}, "kernel", None, using).fields
    assert again["without"] == fields["without"]
    assert again["with"]["url"] != fields["with"]["url"]


def test_kernels_are_traced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    using = workspace()
    frame_of({"landscape": {"kind": "ravine"}}, "kernel", None, using)
    monkeypatch.setattr("cliffscape.app.scene.kernel_recipe.descent_kernel", lambda *_: pytest.fail("traced again"))
    frame_of({"landscape": {"kind": "ravine"}}, "kernel", None, using)


def test_an_untraceable_landscape_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise UntraceableError("aten.conv2d has no scalar form")

    monkeypatch.setattr("cliffscape.app.scene.kernel_recipe.descent_kernel", refuse)
    assert frame_of({}, "kernel").fields == {"reason": "aten.conv2d has no scalar form"}


@pytest.mark.parametrize("kind", ["one_unit_rnn", "himmelblau"])
def test_a_compiled_surface_shows_the_same(kind: str) -> None:
    """Requested by a fine surface, and used for every later one."""
    form = {"landscape": {"kind": kind}}
    using = workspace()
    plain = frame_of(form, "surface", 33, using)
    assert not using.routines.get(SurfaceRecipe(kind), begin=False)
    scene = Scene.model_validate(form)
    about = SurfaceRecipe(kind, {name: scene.parameters("landscape")[name] for name in scene.surface.structural})
    compiled = using.routines.wait(about)
    assert (compiled is not None) == ("native" in ROUTES)
    again = frame_of(form, "surface", 33, using)
    np.testing.assert_allclose(again.arrays["loss"], plain.arrays["loss"], rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(again.arrays["gradient_norm"], plain.arrays["gradient_norm"], rtol=1e-5, atol=1e-9)


def test_fine_pictures_ask_for_a_routine_and_coarse_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    using, asked = workspace(), []
    monkeypatch.setattr(using.routines, "get", lambda about, begin: asked.append(begin))
    for side in (33, 257):
        frame_of({"landscape": {"kind": "saddle"}}, "surface", side, using)
    assert asked == [False, True]

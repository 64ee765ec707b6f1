"""Frames of surface, relief and kernels hold what the landscapes say, chunk by chunk."""

from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.compute.cache import SizedCache, Work
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.loss import LANDSCAPES, value_and_gradient
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests.routes import ROUTES

ALL = [entry.kind for entry in LANDSCAPES]


def workspace(seconds: float = 0.025) -> Workspace:
    """A workspace that holds nothing yet."""
    return Workspace(torch.device("cpu"), SizedCache(1 << 24, lambda kernel: len(kernel.source)), Chunking(seconds))


def finished(work: Work) -> tuple[int, Frame]:
    """Number of turns and the frame."""
    turns = 0
    while True:
        try:
            next(work)
        except StopIteration as done:
            return turns, done.value
        turns += 1


def made(form: dict[str, Any], kind: Any, level: Any = None, using: Workspace | None = None) -> Frame:
    """One frame of a Scene."""
    return finished(planned_frame(Scene.model_validate(form), kind, level).begin(using or workspace()))[1]


@pytest.mark.parametrize("kind", ALL)
def test_surface_holds_loss_and_gradient_norm(kind: str) -> None:
    frame = made({"landscape": {"kind": kind}}, "surface", 33)
    entry = LANDSCAPES[kind]
    loss, gradient = value_and_gradient(entry.loss(), entry.window.grid(33, 33))
    assert frame.fields == {"window": list(entry.window), "columns": 33, "rows": 33}
    assert frame.arrays["loss"].dtype == np.float32
    np.testing.assert_allclose(frame.arrays["loss"], loss, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(frame.arrays["gradient_norm"], gradient.norm(dim=-1), rtol=1e-5, atol=1e-9)
    assert frame.arrays["minima"].shape == (len(entry.minima(**entry.defaults)), 2)


def test_first_row_is_at_the_bottom_and_columns_run_along_x() -> None:
    frame = made({"landscape": {"kind": "ravine"}, "window": (0, 3, 0, 1), "start": (1, 1)}, "surface", 33)
    loss = frame.arrays["loss"]
    assert (loss[0, 0], loss[0, -1], loss[-1, 0]) == (0.0, 4.5, 10.0)


def test_parameters_reach_the_surface() -> None:
    form = {"landscape": {"kind": "ravine", "condition_number": 50}, "window": (0, 1, 0, 1), "start": (1, 1)}
    assert made(form, "surface", 33).arrays["loss"][-1, 0] == 25


def test_what_does_not_fit_float32_becomes_infinite_without_a_warning() -> None:
    form = {"landscape": {"kind": "product_of_weights", "repetitions": 10}, "window": (-1e6, 1e6, -1e6, 1e6)}
    assert np.isinf(made(form, "surface", 33).arrays["loss"]).any()


def test_work_comes_in_chunks_that_join_to_the_same_picture() -> None:
    scene = Scene.model_validate({})
    turns, slow = finished(planned_frame(scene, "surface", 129).begin(workspace(1e-9)))
    assert turns > 50
    np.testing.assert_allclose(slow.arrays["loss"], made({}, "surface", 129).arrays["loss"], rtol=1e-6)


@pytest.mark.parametrize("kind", ALL)
def test_relief_is_a_mesh_over_the_window(kind: str) -> None:
    frame = made({"landscape": {"kind": kind}}, "relief", 65)
    x, y, loss = (frame.arrays[name] for name in ("x", "y", "loss"))
    left, right, bottom, top = frame.fields["window"]
    assert x.shape == y.shape == loss.shape == (65, 65)
    assert (x.min(), x.max()) == (np.float32(left), np.float32(right))
    assert (y.min(), y.max()) == (np.float32(bottom), np.float32(top))
    assert np.isfinite(loss).all()


def test_relief_puts_points_on_the_wall() -> None:
    loss = made({}, "relief", 65).arrays["loss"]
    uniform = made({}, "surface", 129).arrays["loss"][::2, ::2]
    span = loss.max() - loss.min()
    steepest = [np.abs(np.diff(grid, axis=axis)).max() for grid in (loss, uniform) for axis in (0, 1)]
    assert min(steepest[:2]) < 0.25 * span
    assert min(steepest[2:]) > 0.5 * span


def test_kernel_frame_names_three_programs() -> None:
    using = workspace()
    fields = made({}, "kernel", None, using).fields
    assert list(fields) == ["without", "with", "outcome"]
    assert "optimizer.learning_rate" in fields["with"]["parameters"]
    assert "clip.threshold" in fields["with"]["parameters"]
    assert fields["without"]["parameters"] == [n for n in fields["with"]["parameters"] if n != "clip.threshold"]
    again = made({"clip": {"kind": "by_value"}}, "kernel", None, using).fields
    assert again["without"] == fields["without"]
    assert again["with"]["url"] != fields["with"]["url"]


def test_kernels_are_traced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    using = workspace()
    made({"landscape": {"kind": "ravine"}}, "kernel", None, using)
    monkeypatch.setattr("cliffscape.app.scene.kernel_recipe.descent_kernel", lambda *_: pytest.fail("traced again"))
    made({"landscape": {"kind": "ravine"}}, "kernel", None, using)


def test_an_untraceable_landscape_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise UntraceableError("aten.conv2d has no scalar form")

    monkeypatch.setattr("cliffscape.app.scene.kernel_recipe.descent_kernel", refuse)
    assert made({}, "kernel").fields == {"reason": "aten.conv2d has no scalar form"}


@pytest.mark.parametrize("kind", ["one_unit_rnn", "himmelblau"])
def test_a_compiled_surface_shows_the_same(kind: str) -> None:
    """Asked for by a fine picture, used by every one after it."""
    form = {"landscape": {"kind": kind}}
    using = workspace()
    plain = made(form, "surface", 33, using)
    assert not using.routines.get(SurfaceRecipe(kind), begin=False)
    scene = Scene.model_validate(form)
    about = SurfaceRecipe(kind, {name: scene.parameters("landscape")[name] for name in scene.surface.structural})
    compiled = using.routines.wait(about)
    assert (compiled is not None) == ("native" in ROUTES)
    again = made(form, "surface", 33, using)
    np.testing.assert_allclose(again.arrays["loss"], plain.arrays["loss"], rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(again.arrays["gradient_norm"], plain.arrays["gradient_norm"], rtol=1e-5, atol=1e-9)


def test_fine_pictures_ask_for_a_routine_and_coarse_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    using, asked = workspace(), []
    monkeypatch.setattr(using.routines, "get", lambda about, begin: asked.append(begin))
    for side in (33, 257):
        made({"landscape": {"kind": "saddle"}}, "surface", side, using)
    assert asked == [False, True]

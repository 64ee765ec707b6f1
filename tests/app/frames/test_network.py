"""Frames of a recurrent network: values against the library, and what is shown on the way."""

from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.compute.cache import FrameGenerator, SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames import progress, surface
from cliffscape.app.frames.plan import plan
from cliffscape.app.runs.network import build_view
from cliffscape.app.scene.content_key import slice_key
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.networks.gradient_flow import jacobian_singular_values, spectral_radii, state_gradients
from tests.app.runs.test_network import small


def workspace(seconds: float = 0.025) -> Workspace:
    """A workspace with empty caches."""
    return Workspace(torch.device("cpu"), SizedCache(1 << 24, lambda kernel: len(kernel.source)), Chunking(seconds))


def run_frame(work: FrameGenerator) -> tuple[list[Frame], Frame]:
    """The frames that are shown early, and the last one."""
    early = []
    while True:
        try:
            shown = next(work)
        except StopIteration as done:
            frame: Frame = done.value
            return early, frame
        if isinstance(shown, Frame):
            early.append(shown)


def frames(scene: Scene, kind: Any, engine: Workspace | None = None) -> list[tuple[list[Frame], Frame]]:
    """All frames of a kind."""
    engine = engine or workspace()
    return [run_frame(part.begin(engine)) for part in plan(scene, (kind,))]


def test_surfaces_hold_the_true_loss_coarse_to_fine() -> None:
    scene = small()
    loss = run_to_end(build_view(scene)).loss
    sizes = []
    for _, frame in frames(scene, "surface"):
        side = frame.fields["columns"]
        sizes.append(side)
        expected = loss(scene.resolved_window.grid(side, side))
        assert set(frame.arrays) == {"loss"}
        np.testing.assert_allclose(frame.arrays["loss"], expected.numpy(), rtol=1e-4)
        assert frame.fields["window"] == list(scene.resolved_window)
        assert len(frame.fields["axes"]) == 2
    assert sizes == [17, 33, 65, 129]


def test_the_surface_holds_the_gradient_norm_if_it_is_the_colour() -> None:
    scene = small(colour="gradient_norm")
    _, frame = frames(scene, "surface")[0]
    view = run_to_end(build_view(scene))
    points = scene.resolved_window.grid(17, 17).requires_grad_()
    (gradient,) = torch.autograd.grad(view.loss(points).sum(), points)
    np.testing.assert_allclose(frame.arrays["gradient_norm"], gradient.norm(dim=-1).numpy(), rtol=1e-3, atol=1e-5)


def test_a_slow_surface_reports_the_share_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surface, "SHOW_SECONDS", -1.0)
    early, frame = frames(small(), "surface", workspace(0.002))[-1]
    shares = [one.fields["share"] for one in early]
    assert all(one.kind == "progress" and one.key == frame.key for one in early)
    assert shares and shares == sorted(shares) and 0 <= shares[0] < shares[-1] < 1


def test_gradient_flow_is_computed_at_the_start() -> None:
    scene = small(start=(1.5, 0.5))
    ((_, frame),) = frames(scene, "gradient_flow")
    view = run_to_end(build_view(scene))
    theta, (net, batch) = view.slice.lift(torch.tensor([1.5, 0.5]).double()), (view.subject.net, view.subject.batch)
    np.testing.assert_allclose(frame.arrays["state_gradients"], state_gradients(net, theta, batch), rtol=1e-12)
    values = run_to_end(jacobian_singular_values(net, theta, batch.inputs[:, :1]))
    np.testing.assert_allclose(frame.arrays["singular_values"], values, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(frame.arrays["spectral_radii"], spectral_radii(net, theta))


def test_the_slice_frame_holds_parameters_and_baseline() -> None:
    ((_, frame),) = frames(small(), "slice")
    assert frame.fields["parameters"] == small().net.layout.size
    assert frame.fields["baseline"] == 1 / 6
    assert frame.fields["coordinates"]["weight_hh"] == [5, 5]


def test_a_slice_is_built_once() -> None:
    engine = workspace()
    frames(small(), "slice", engine)
    held = engine.views.get(slice_key(small()))
    frames(small(), "surface", engine)
    assert held is not None and engine.views.get(slice_key(small())) is held


def test_a_slow_slice_reports_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SHOW_SECONDS", 0.0)
    ((early, frame),) = frames(small(slice={"kind": "curvature"}), "slice")
    assert len(early) > 2
    assert all(one.kind == "progress" and one.fields["share"] is None for one in early)
    assert frame.fields["facts"]["eigenvalues"]

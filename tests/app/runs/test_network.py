"""Networks: the tensors of a Scene, and both runs' descent on the slice."""

from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.app.runs import network
from cliffscape.app.runs.network import build_view, convert, network_descent
from cliffscape.app.runs.pair import RUN_NAMES, transforms
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import summary, verdict
from cliffscape.app.scene.links import from_query, to_url_text
from cliffscape.app.scene.schema import NET_FAMILIES, Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Preset
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.networks.catalogue import CELLS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.slices.network_landscape import RECURRENT
from cliffscape.landscapes.slices.network_presets import DESCENTS
from cliffscape.landscapes.slices.plane import Slice
from cliffscape.landscapes.slices.subject import Subject

SMALL = {
    "landscape": {"kind": "recurrent_network", "seed": 2, "batch_size": 4},
    "cell": {"kind": "tanh_rnn", "hidden_units": 5},
    "task": {"kind": "adding", "sequence_length": 6},
    "initialisation": {"kind": "orthogonal"},
    "steps": 8,
}


def small(**form: Any) -> Scene:
    """A Scene with a small network."""
    return Scene.model_validate({**SMALL, **form})


@pytest.mark.parametrize("family", NET_FAMILIES)
def test_every_entry_has_a_view(family: str) -> None:
    for entry in NET_FAMILIES[family]:
        if entry.kind == "principal":  # needs a run
            continue
        view = run_to_end(build_view(small(**{family: {"kind": entry.kind}})))
        loss = view.loss(torch.tensor([[0.5, 0.25], [0.1, 0.2]], dtype=torch.float64))
        assert loss.shape == (2,)
        assert loss.isfinite().all()


def test_the_loss_is_that_of_the_network() -> None:
    scene = small()
    view = run_to_end(build_view(scene))
    theta = view.slice.lift(torch.tensor([1.0, 0.5], dtype=torch.float64))
    expected = scene.net.loss(view.subject.batch)(theta)
    assert view.loss(torch.tensor([1.0, 0.5], dtype=torch.float64)) == expected


@pytest.mark.parametrize("cell", list(CELLS), ids=lambda entry: entry.kind)
def test_value_and_gradient_on_the_slice_match_autograd(cell: Any) -> None:
    view = run_to_end(build_view(small(cell={"kind": cell.kind, "hidden_units": 5})))
    points = torch.tensor([[1.0, 0.5], [0.3, -1.0]], dtype=torch.float64)
    value, gradient = view.value_and_gradient(points)
    expected_value, expected = value_and_gradient(view.loss, points)
    assert torch.allclose(value, expected_value, rtol=1e-12)
    assert torch.allclose(gradient, expected, rtol=1e-10, atol=1e-14)
    assert torch.allclose(view.value(points), expected_value, rtol=1e-12)


def test_a_surface_is_the_same_in_single_precision() -> None:
    view = run_to_end(build_view(small()))
    points = torch.tensor([[1.0, 0.5], [0.3, -1.0]], dtype=torch.float64)
    value = convert(view, torch.device("cpu"), torch.float32).value(points.float())
    assert value.dtype == torch.float32
    assert torch.allclose(value.double(), view.loss(points), rtol=1e-5)


def test_the_runs_descend_on_two_coordinates() -> None:
    scene = small(start=(1.0, 0.5), clip={"kind": "by_norm", "threshold": 0.01})
    both = run_to_end(network_descent(scene))
    view = run_to_end(build_view(scene))
    assert both.position.shape == (9, 2, 2)
    for row, run in enumerate(RUN_NAMES):
        start = torch.tensor([1.0, 0.5], dtype=torch.float64)
        alone = trajectory(view.loss, start, *transforms(scene, run), 8)
        assert torch.allclose(both.position[:, row], alone.position, rtol=1e-9)
        assert torch.allclose(both.loss[:, row], alone.loss, rtol=1e-9)
    assert (both.clip_factor[:, 1] < 1).any() and (both.clip_factor[:, 0] == 1).all()


def test_a_run_without_a_page_has_the_same_numbers() -> None:
    scene = small(runs="with")
    both = run_to_end(network_descent(scene))
    assert torch.equal(run_scene(scene)["with"].loss, both.loss[:, 1])


def test_the_seed_chooses_weights_and_sequences() -> None:
    one, same, other = (
        run_to_end(build_view(small(landscape={**SMALL["landscape"], "seed": seed}))).subject  # type: ignore[dict-item]
        for seed in (2, 2, 3)
    )
    assert torch.equal(one.theta, same.theta) and torch.equal(one.batch.inputs, same.batch.inputs)
    assert not torch.equal(one.theta, other.theta) and not torch.equal(one.batch.inputs, other.batch.inputs)


def preset_run(preset: Preset) -> tuple[Scene, Record]:
    """Both runs of one of the network's presets."""
    scene = from_query(
        {"landscape": RECURRENT.kind, **{key: to_url_text(value) for key, value in preset.choices.items()}}
    )
    return scene, run_to_end(network_descent(scene))


@pytest.mark.parametrize("preset", DESCENTS, ids=lambda preset: preset.name)
def test_presets_throw_only_the_run_without_clipping(preset: Preset) -> None:
    scene, both = preset_run(preset)
    longest = both.step_length[:-1].nan_to_num(torch.inf).amax(0)
    assert longest[0] > scene.surface.window.diagonal > longest[1]
    assert (both.clip_factor[:, 1] < 0.99).any()
    assert both.loss[-1, 1].isfinite()


def test_the_opening_presets_numbers() -> None:
    """Neither the end of the clipped run nor the throw, three steps after the start, depends on rounding."""
    _, both = preset_run(RECURRENT.presets[0])
    assert int(both.step_length[:-1, 0].argmax()) == 3
    assert both.step_length[3, 0] == pytest.approx(21.46, rel=1e-3)
    assert both.gradient_norm[3, 0] == pytest.approx(215, rel=5e-3)
    assert both.loss[-1].tolist() == pytest.approx([1.026, 0.2604], rel=2e-3)
    assert int((both.clip_factor[:-1, 1] < 1).sum()) == 5


@pytest.mark.parametrize(
    "kind", ["newton", "newton_saddle_free", "gauss_newton", "levenberg_marquardt", "hessian_free"]
)
def test_curvature_methods_descend_on_the_slice(kind: str) -> None:
    """Every step is that of a dense solve with the Hessian of the loss on the plane, or with the projection of the
    network's Gauss-Newton matrix."""
    scene = small(optimizer={"kind": kind}, runs="without", steps=3, start=(0.9, 0.3))
    view = run_to_end(build_view(scene))
    damping = scene.parameters("optimizer").get("damping", 0.0) * torch.eye(2, dtype=torch.float64)
    record = run_scene(scene)["without"]
    for point, after in zip(record.position, record.position[1:], strict=False):
        if kind.startswith("newton"):
            matrix = torch.autograd.functional.hessian(view.loss, point)
            values, vectors = torch.linalg.eigh(matrix)
            matrix = vectors @ torch.diag(values.abs() if kind.endswith("free") else values) @ vectors.mT
        else:
            net, batch = view.subject.net, view.subject.batch

            def outputs(place: Tensor, net: Net = net, batch: Batch = batch) -> Tensor:
                return net.outputs(view.slice.lift(place), batch.inputs).flatten()

            slope = torch.autograd.functional.jacobian(outputs, point)
            # Mean squared error: its Hessian by the outputs is 2/N.
            matrix = 2 / len(slope) * slope.mT @ slope
        # Without damping it may be singular; the shortest step is then taken.
        step = -torch.linalg.pinv(matrix + damping, rtol=1e-13) @ view.value_and_gradient(point)[1]
        torch.testing.assert_close(after - point, step, rtol=1e-7, atol=1e-9)


def test_the_verdict_of_a_network_states_the_cost() -> None:
    scene = small(optimizer={"kind": "newton"})
    said = verdict(summary(scene, run_scene(scene)["without"], "without"), "without")
    assert "8 gradients and 16 curvature products, as much as 40 gradients (gradient descent: 8)" in said


def test_an_impossible_plane_is_reported_at_the_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Scene has no field for the plane's directions, so the error names the field ``slice``."""

    def parallel(subject: Subject, seed: int) -> Generator[None, None, Slice]:
        yield None
        return Slice(subject.theta, subject.theta.expand(2, -1), ("x", "y"))

    monkeypatch.setattr(network, "SLICES", {"random_directions": SimpleNamespace(function=parallel)})
    with pytest.raises(BoundError, match="slice must be a plane with directions not parallel, at an angle") as caught:
        run_to_end(build_view(small(slice={"kind": "random_directions"})))
    assert caught.value.field == "slice"

"""Frames of both runs' descent: of a net, and by entries that have no kernel."""

import numpy as np
import pytest
import torch

from cliffscape.app.frames.plan import DEFAULT_KINDS, plan
from cliffscape.app.runs.network import build_view, network_descent
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_network import frames, workspace
from tests.app.runs.test_network import small
from tests.app.runs.test_pair_runs import single_run


def test_the_pair_frame_holds_both_runs_and_their_sharpness() -> None:
    scene = small(start=(1.0, 0.5), clip={"kind": "by_norm", "threshold": 0.01})
    ((_, frame),) = frames(scene, "pair")
    both = run_to_end(network_descent(scene))
    assert frame.fields["runs"] == ["without", "with"]
    assert frame.fields["steps"] == 8
    np.testing.assert_array_equal(frame.arrays["x"], both.position[..., 0].T)
    for name in ("loss", "gradient_norm", "clip_factor", "step_length"):
        np.testing.assert_array_equal(frame.arrays[name], getattr(both, name).T)
    expected = curvatures(run_to_end(build_view(scene)).loss, both.position[-1])[1]
    np.testing.assert_allclose(frame.arrays["sharpness"], expected.numpy(), rtol=1e-9)


def test_a_long_descent_is_shown_as_it_grows() -> None:
    scene = small(task={"kind": "adding", "sequence_length": 100}, steps=60)
    ((early, frame),) = frames(scene, "pair", workspace(1e-9))
    counts = [one.fields["steps"] for one in early]
    assert counts and counts == sorted(set(counts)) and counts[-1] <= 60
    for one in early:
        rows = one.fields["steps"] + 1
        assert rows >= 2
        np.testing.assert_array_equal(one.arrays["loss"], frame.arrays["loss"][:, :rows])


def test_all_steps_of_a_network_are_shown_before_the_curvatures() -> None:
    """They take as long as many steps, and somebody who drags does not wait for them."""
    ((early, frame),) = frames(small(start=(1.0, 0.5)), "pair", workspace(1e9))
    # On a busy machine, the first steps are shown before.
    *_, whole = early
    assert whole.fields["steps"] == frame.fields["steps"] == 8
    assert whole.fields["partial"] and "partial" not in frame.fields
    assert set(frame.arrays) - set(whole.arrays) == {"flattest", "sharpness"}
    for name, rows in whole.arrays.items():
        np.testing.assert_array_equal(rows, frame.arrays[name])


@pytest.mark.parametrize("clip", ["by_norm", "by_value", "random_step"])
def test_the_pair_frame_holds_gradients_before_and_after_the_clip(clip: str) -> None:
    scene = small(start=(1.0, 0.5), clip={"kind": clip, "threshold": 0.01})
    ((_, frame),) = frames(scene, "pair")
    view, both = run_to_end(build_view(scene)), run_to_end(network_descent(scene))
    gradient = view.value_and_gradient(both.position)[1]
    for axis, name in enumerate("xy"):
        np.testing.assert_allclose(frame.arrays[f"gradient_{name}"], gradient[..., axis].T, rtol=1e-9, atol=1e-15)
    after = np.hypot(frame.arrays["clipped_x"][1], frame.arrays["clipped_y"][1])
    np.testing.assert_allclose(after, both.clip_factor[:, 1] * both.gradient_norm[:, 1], rtol=1e-9)
    np.testing.assert_array_equal(frame.arrays["clipped_x"][0], frame.arrays["gradient_x"][0])
    np.testing.assert_array_equal(frame.arrays["raw_x"], frame.arrays["gradient_x"])


def test_a_clip_of_steps_has_its_steps_in_the_frame() -> None:
    """With reversed sign, because the lens shows them next to gradients."""
    scene = small(start=(1.0, 0.5), clip={"kind": "step_by_norm", "threshold": 0.001})
    ((_, frame),) = frames(scene, "pair")
    both = run_to_end(network_descent(scene))
    steps = both.position.diff(dim=0)
    for axis, name in enumerate("xy"):
        np.testing.assert_allclose(-frame.arrays[f"clipped_{name}"][:, :-1], steps[..., axis].T, rtol=1e-9, atol=1e-15)
    whole, held = (np.hypot(frame.arrays[f"{name}_x"], frame.arrays[f"{name}_y"]) for name in ("raw", "clipped"))
    np.testing.assert_allclose(held, both.clip_factor.T.numpy() * whole, rtol=1e-9)
    assert (both.clip_factor[:, 0] == 1).all() and (both.clip_factor[:, 1] < 1).any()
    np.testing.assert_allclose(held[1, :-1].max(), 0.001, rtol=1e-9)


def test_autoclip_descends_on_the_server() -> None:
    scene = Scene.model_validate({"steps": 20, "clip": {"kind": "autoclip"}})
    assert "pair" in [part.kind for part in plan(scene, DEFAULT_KINDS)]
    ((_, frame),) = frames(scene, "pair")
    record = single_run(scene, "with")
    np.testing.assert_array_equal(frame.arrays["loss"][1], record.loss)
    assert (record.clip_factor[5:] < 1).any()


@pytest.fixture
def untraceable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clipping by norm as an entry without a kernel."""
    monkeypatch.setitem(vars(CLIPS["by_norm"]), "no_kernel", "It cannot be traced.")


@pytest.mark.usefixtures("untraceable")
@pytest.mark.parametrize("kind", ["one_unit_rnn", "large_example", "outlier"])
def test_the_server_computes_descents_without_a_kernel(kind: str) -> None:
    scene = Scene.model_validate({"landscape": {"kind": kind}, "steps": 20})
    assert [part.kind for part in plan(scene, ("kernel", "pair", "curvature"))] == ["kernel", "pair", "curvature"]
    ((_, frame),) = frames(scene, "pair")
    for row, run in enumerate(("without", "with")):
        record = single_run(scene, run)
        for name in ("loss", "gradient_norm", "clip_factor", "step_length"):
            np.testing.assert_array_equal(frame.arrays[name][row], getattr(record, name))
        gradient = value_and_gradient(scene.surface.loss(), record.position)[1]
        np.testing.assert_allclose(frame.arrays["gradient_y"][row], gradient[:, 1], rtol=1e-9, atol=1e-15)
        after = np.hypot(frame.arrays["clipped_x"][row], frame.arrays["clipped_y"][row])
        np.testing.assert_allclose(after, record.clip_factor * record.gradient_norm, rtol=1e-9)
    ends = torch.tensor([[frame.arrays[axis][row, -1] for axis in "xy"] for row in (0, 1)])
    flattest, largest = curvatures(scene.surface.loss(), ends)
    np.testing.assert_allclose(frame.arrays["sharpness"], largest, rtol=1e-12)
    np.testing.assert_allclose(frame.arrays["flattest"], flattest, rtol=1e-12, atol=1e-12)


def test_the_browser_computes_descents_with_a_kernel() -> None:
    assert "pair" not in [part.kind for part in plan(Scene.model_validate({}), DEFAULT_KINDS)]

"""AutoClip with a window: against NumPy's percentile of a deque, in kernels, sweeps and links."""

import math
from collections import deque

import numpy as np
import pytest
import torch

from cliffscape.app.scene.kernel_recipe import read, recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.clips.norm_window import NormWindow, add_norm, empty_window, window_percentile
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.descent.sweep import Lanes, sweep
from cliffscape.landscapes.generators import run_to_end
from tests import node
from tests.reference import tensor

THETA = torch.zeros(2, dtype=torch.float64)
STARTS = tensor([[4.5, -1.55], [4.6, -1.7], [4.9, -2.45]])
SHARES = (0.0, 3.7, 10.0, 50.0, 77.7, 100.0)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("size", [2, 3, 10, 32])
def test_the_window_is_faceswaps_algorithm(size: int, share: float) -> None:
    """A deque of bounded length with the current norm, NumPy's percentile and torch.nn.utils.clip_grad_norm_."""
    generator = torch.Generator().manual_seed(size)
    scales = 10 ** torch.randn(80, 1, generator=generator, dtype=torch.float64)
    gradients = scales * torch.randn(80, 3, generator=generator, dtype=torch.float64)
    clip, last = CLIPS["autoclip_window"].function(share, size), deque[float](maxlen=size)
    state = clip.init(gradients[0])
    for gradient in gradients:
        passed, state = clip.update(gradient, state, gradient)
        last.append(float((gradient**2).sum().sqrt()))
        parameter = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
        parameter.grad = gradient.clone()
        torch.nn.utils.clip_grad_norm_([parameter], float(np.percentile(last, share)))
        torch.testing.assert_close(passed, parameter.grad, rtol=1e-14, atol=0)
    assert sum(part.numel() for part in state) == 2 * size + 2


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("share", SHARES)
def test_equal_norms_inf_and_nan_are_ranked_as_in_numpy(share: float) -> None:
    """The norms come from a few values, so that many are equal; every one leaves the window after four steps."""
    generator = torch.Generator().manual_seed(7)
    values = tensor([0.0, 1.0, 1.0, 2.5, 3.0, math.inf, math.nan])
    # Two of fourteen draws are not finite; otherwise the percentile would nearly always be NaN.
    drawn = torch.cat([values, values[:5], values[1:3]])[torch.randint(0, 14, (300,), generator=generator)]
    window, last = empty_window(THETA, 4), deque[float](maxlen=4)
    for length in drawn:
        window = add_norm(window, length.reshape(1))
        last.append(float(length))
        expected = torch.from_numpy(np.percentile(np.array(last), share, keepdims=True))
        torch.testing.assert_close(window_percentile(window, share), expected, rtol=0, atol=0, equal_nan=True)


def test_a_window_as_long_as_the_run_is_the_published_rule() -> None:
    loss, rule = LANDSCAPES["one_unit_rnn"].loss(), OPTIMIZERS["gradient_descent"].function(0.8)
    windowed = trajectory(loss, STARTS, rule, CLIPS["autoclip_window"].function(25.0, 32), 30)
    whole = trajectory(loss, STARTS, rule, CLIPS["autoclip"].function(25.0), 30)
    torch.testing.assert_close(windowed.position, whole.position, rtol=1e-12, atol=1e-14)
    short = trajectory(loss, STARTS, rule, CLIPS["autoclip_window"].function(25.0, 3), 30)
    assert not torch.allclose(short.position[-1], whole.position[-1])


def test_the_threshold_follows_norms_that_become_smaller() -> None:
    """After n steps with small norms, the large ones before do not count; in the whole history they still do."""
    clips = {kind: CLIPS[kind].function(90.0) for kind in ("autoclip", "autoclip_window")}
    found = {}
    for kind, clip in clips.items():
        state = clip.init(THETA)
        for size in [*[100.0] * 20, *[1.0] * 10, 50.0]:
            passed, state = clip.update(tensor([size, 0.0]), state, THETA)
        found[kind] = float(passed[0])
    assert found["autoclip"] == pytest.approx(50.0)
    assert found["autoclip_window"] == pytest.approx(np.percentile([1.0] * 9 + [50.0], 90.0), rel=1e-6)


def test_an_inf_or_a_nan_leaves_the_window_after_n_steps() -> None:
    notes = CLIPS["autoclip_window"].documentation.notes
    assert "The Inf stays among the norms for n steps" in notes["One Inf"]
    assert "so does the percentile for n steps" in notes["One NaN"]
    for special in (math.inf, math.nan):
        window = empty_window(THETA, 5)
        finite = []
        for size in [1.0, 2.0, special, *[3.0] * 6]:
            window = add_norm(window, tensor([size]))
            finite.append(bool(window_percentile(window, 100.0).isfinite()))
        assert finite == [True, True, *[False] * 5, True, True]


def test_a_window_has_one_threshold_per_lane() -> None:
    loss, rule = LANDSCAPES["one_unit_rnn"].loss(), OPTIMIZERS["gradient_descent"].function(0.8)
    ranks = (10.0, 50.0, 90.0)
    together = trajectory(loss, STARTS, rule, CLIPS["autoclip_window"].function(tensor(ranks)[:, None], 4), 20)
    for lane, rank in enumerate(ranks):
        alone = trajectory(loss, STARTS[lane], rule, CLIPS["autoclip_window"].function(rank, 4), 20)
        torch.testing.assert_close(together.position[:, lane], alone.position, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("landscape", "size"), [("saddle", 2), ("saddle", 5), ("large_example", 7)])
def test_kernels_with_any_window_equal_pytorch(landscape: str, size: int) -> None:
    entry, values = LANDSCAPES[landscape], {"optimizer.learning_rate": 0.01, "clip.percentile": 40.0}
    kernel = descent_kernel(landscape, {}, "gradient_descent", "autoclip_window", clip_settings={"window": size})
    assert f"autoclip_window (window = {size})" in kernel.source and "clip.window" not in kernel.parameters
    own = {f"landscape.{name}": value for name, value in entry.defaults.items()}
    given = [float({**own, **values}[name]) for name in kernel.parameters]
    start = (0.02, 0.0) if landscape == "saddle" else entry.start
    (found,) = node.run([node.Descent(kernel.source, given, start, 40)])
    clip = CLIPS["autoclip_window"].function(40.0, size)
    run = trajectory(entry.loss(), tensor(start), OPTIMIZERS["gradient_descent"].function(0.01), clip, 40)
    torch.testing.assert_close(found[:2].T, run.position, rtol=1e-9, atol=1e-12)
    # The gradient grows on the way from a saddle, so its norm is above the percentile.
    assert landscape != "saddle" or (run.clip_factor < 0.999).sum() > 30


def test_a_link_with_a_window_has_a_kernel_of_its_own() -> None:
    scenes = [Scene.model_validate({"clip": {"kind": "autoclip_window", "window": size}}) for size in (4, 10)]
    short, long = (recipe(scene, "descent") for scene in scenes)
    assert short.query()["clip.window"] == "4" and read(short.query()) == short != long
    assert "window = 4" in short.trace().source and "window = 10" in long.trace().source
    assert recipe(scenes[0], "descent", "none").clip_settings == ()


def test_a_sweep_uses_the_window() -> None:
    """The percentile can vary over a sweep, and the routine depends on the window."""
    recipes = {
        size: SweepRecipe("himmelblau", "gradient_descent", "autoclip_window", values=window(size)) for size in (3, 9)
    }
    assert recipes[3].identity != recipes[9].identity
    shares = tensor([10.0, 50.0, 90.0])
    start = tensor(LANDSCAPES["himmelblau"].start)
    for size, one in recipes.items():
        assert len(one.routine().columns) > 2 * size
        found = run_to_end(sweep(one, Lanes(start.expand(3, 2), {"clip.percentile": shares}), 30))
        for lane, share in enumerate(shares.tolist()):
            clip, rule = CLIPS["autoclip_window"].function(share, size), OPTIMIZERS["gradient_descent"].function(0.01)
            alone = trajectory(LANDSCAPES["himmelblau"].loss(), start, rule, clip, 30)
            torch.testing.assert_close(found.loss[lane], alone.loss[-1], rtol=1e-9, atol=1e-12)


def window(size: int) -> dict[str, float]:
    """The values of a sweep with a window of ``size`` norms."""
    return {"optimizer.learning_rate": 0.01, "clip.window": size}


def test_a_window_holds_inf_where_it_is_free() -> None:
    found = add_norm(empty_window(THETA, 3), tensor([2.0]))
    assert isinstance(found, NormWindow) and found.ranked.tolist() == [2.0, math.inf, math.inf]

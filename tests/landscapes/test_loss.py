"""Windows; and a table over every landscape: minima, window, start, presets."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.declare import Entry, Preset, descent_preset
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from cliffscape.landscapes.loss import Landscape, Window
from tests.reference import tensor

ALL = [pytest.param(entry, id=entry.kind) for entry in LANDSCAPES]
PRESETS = [
    pytest.param(entry, preset, id=f"{entry.kind}-{preset.name}") for entry in LANDSCAPES for preset in entry.presets
]
FAMILIES = {"optimizer": OPTIMIZERS, "clip": CLIPS}


def sample(window: Window, count: int, seed: int = 0) -> Tensor:
    """Seeded uniform points ``(count, 2)`` in a window."""
    unit = torch.rand(count, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    low, high = tensor([window.left, window.bottom]), tensor([window.right, window.top])
    return low + unit * (high - low)


def test_a_window_has_a_diagonal_and_points() -> None:
    window = Window(-1.0, 2.0, 0.0, 4.0)
    assert window.diagonal == 5.0
    assert window.holds((-1.0, 4.0)) and window.holds((0.0, 1.0))
    assert not window.holds((-1.1, 1.0)) and not window.holds((0.0, 4.1)) and not window.holds((2.1, 1.0))
    assert not window.holds((0.0, -0.1)) and not window.holds((math.nan, 1.0))
    grid = window.grid(4, 3)
    assert grid.shape == (3, 4, 2) and grid.dtype == torch.float64
    assert grid[0, :, 0].tolist() == [-1.0, 0.0, 1.0, 2.0]
    assert grid[:, 0, 1].tolist() == [0.0, 2.0, 4.0], "the first row is at the bottom"


def test_an_experiment_is_gradient_descent_clipped_by_norm() -> None:
    preset = descent_preset("Name", "Sentence.", 0.5, 0.2, 60, runs="both")
    assert preset == Preset(
        "Name",
        "Sentence.",
        {
            "optimizer": "gradient_descent",
            "clip": "by_norm",
            "optimizer.learning_rate": 0.5,
            "clip.threshold": 0.2,
            "steps": 60,
            "runs": "both",
        },
    )


def test_parameters_are_defaults_unless_given() -> None:
    ravine = LANDSCAPES["ravine"]
    assert float(ravine.loss()(tensor([1.0, 1.0]))) == pytest.approx(10.5, rel=1e-15)
    assert float(ravine.loss(condition_number=3.0)(tensor([1.0, 1.0]))) == pytest.approx(2.0, rel=1e-15)


@pytest.mark.parametrize("entry", ALL)
def test_gradients_vanish_at_declared_minima(entry: Landscape) -> None:
    """Also at other parameters than the defaults; the loss there counts as solved, and it is a minimum.

    Rounding leaves a gradient of a few 1e-16 times the sharpness (how far off the minimum the nearest float64
    number is) times the coordinates.
    """
    minima = entry.minima(**entry.defaults)
    assert bool(minima) == (entry.solved is not None)
    if not minima:
        return
    places = tensor(minima)
    value, gradient = value_and_gradient(entry.loss(), places)
    curvature = curvatures(entry.loss(), places)[1]
    bound = 1e-14 * (1 + curvature) * (1 + places.abs().amax(-1))
    assert (gradient.norm(dim=-1) <= bound).all()
    assert (value < entry.solved).all()
    assert (curvature > 0).all()
    seen = [point for point in minima if entry.window.holds(point)]
    assert seen, "the default window shows a minimum"


@pytest.mark.parametrize("entry", ALL)
def test_no_neighbour_is_lower_than_a_minimum(entry: Landscape) -> None:
    if entry.solved is None:
        return
    places = tensor(entry.minima(**entry.defaults))
    angles = torch.linspace(0, 2 * math.pi, 17, dtype=torch.float64)[:-1]
    ring = torch.stack([angles.cos(), angles.sin()], -1)
    around = entry.loss()(places[:, None] + 1e-4 * ring)
    assert (around >= entry.loss()(places)[:, None] - 1e-14).all()


@pytest.mark.parametrize("entry", ALL)
def test_windows_have_an_area_and_the_default_one_holds_the_start(entry: Landscape) -> None:
    for window in entry.windows.values():
        assert window.left < window.right and window.bottom < window.top
    assert entry.window.holds(entry.start)
    assert entry.loss()(tensor(entry.start)).isfinite()
    assert entry.loss()(entry.window.grid(9, 9)).isfinite().all()
    assert entry.height in ("linear", "log")
    assert len(entry.axes) == len(set(entry.axes)) == 2
    if entry.height == "log":
        assert (entry.loss()(entry.window.grid(33, 33)) >= 0).all(), "a logarithmic height needs a loss of one sign"


@pytest.mark.parametrize("entry", ALL)
def test_any_batch_shape_gives_the_same_losses(entry: Landscape) -> None:
    """To a few units in the last place: vectorised and plain loops round differently in exp and tanh."""
    theta = sample(entry.window, 12)
    solo = torch.stack([entry.loss()(row) for row in theta])
    torch.testing.assert_close(entry.loss()(theta.reshape(2, 3, 2, 2)).flatten(), solo, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("entry", ALL)
def test_numeric_parameters_may_be_one_per_lane(entry: Landscape) -> None:
    theta = sample(entry.window, 3)
    for parameter in entry.parameters:
        if parameter.range.structural:
            continue
        low, high = parameter.range.low, parameter.range.high
        values = tensor([low, parameter.default, (low + high) / 2])
        together = entry.loss(**{parameter.name: values})(theta)
        apart = [entry.loss(**{parameter.name: float(v)})(row) for v, row in zip(values, theta, strict=True)]
        torch.testing.assert_close(together, torch.stack(apart), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(("entry", "preset"), PRESETS)
def test_presets_name_what_exists_within_its_bounds(entry: Landscape, preset: Preset) -> None:
    assert preset.name and preset.sentence.endswith(".")
    chosen: dict[str, Entry] = {"landscape": entry}
    chosen |= {family: members[preset.choices[family]] for family, members in FAMILIES.items()}
    own = {key.partition(".")[2]: value for key, value in preset.choices.items() if key.startswith("landscape.")}
    for key, value in preset.choices.items():
        family, dot, name = key.partition(".")
        if dot:
            (parameter,) = (p for p in chosen[family].parameters if p.name == name)
            assert parameter.range.low <= (len(value) if parameter.type is str else value) <= parameter.range.high
        else:
            assert valid(entry.of(**own), key, value), f"{key} = {value}"


def valid(entry: Landscape, key: str, value: Any) -> bool:
    """Whether a choice outside the families can be made."""
    if key == "start":
        return any(window.holds(value) for window in entry.windows.values())
    if key == "window":
        return value in entry.windows
    return key in FAMILIES or (key == "steps" and 1 <= value <= 1000)

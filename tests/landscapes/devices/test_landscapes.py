"""The same numbers on every device of this machine: the processor, and an accelerator if there is one."""

import pytest
import torch

from cliffscape.landscapes.analysis.mesh import aligned_mesh
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.descent.sweep import Lanes, sweep
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import Landscape
from tests.devices import DEVICES

SMOOTH = ("rosenbrock", "himmelblau", "beale", "saddle", "ravine")


def run(entry: Landscape, device: str, clip: str, steps: int) -> Record:
    """The first preset's descent, a batch of three equal lanes."""
    choices = entry.presets[0].choices
    rate, threshold = choices["optimizer.learning_rate"], choices["clip.threshold"]
    start = torch.tensor([choices.get("start", entry.start)] * 3, dtype=torch.float64, device=device)
    rule = OPTIMIZERS[choices["optimizer"]].function(rate)
    guard = CLIPS[clip].function(*[threshold for _ in CLIPS[clip].parameters[:1]])
    found = trajectory(entry.loss(), start, rule, guard, steps)
    assert found.loss.device.type == device
    return Record(*(column.cpu() for column in found))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", SMOOTH)
@pytest.mark.parametrize("clip", ["by_norm", "by_value", "random_step"])
def test_smooth_descents_agree_across_devices(device: str, kind: str, clip: str) -> None:
    here, there = run(LANDSCAPES[kind], "cpu", clip, 60), run(LANDSCAPES[kind], device, clip, 60)
    torch.testing.assert_close(there.position, here.position, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(there.loss, here.loss, rtol=1e-8, atol=1e-15)


@pytest.mark.parametrize("device", DEVICES)
def test_the_cliff_throws_the_same_run_on_every_device(device: str) -> None:
    entry = LANDSCAPES["one_unit_rnn"]
    thrown, held = run(entry, device, "none", 60), run(entry, device, "by_norm", 60)
    assert thrown.step_length[:-1].argmax(0).tolist() == [13] * 3
    torch.testing.assert_close(
        thrown.step_length[13], torch.full((3,), 9.449910112928068, dtype=torch.float64), rtol=1e-6, atol=0
    )
    # Sixty clipped steps amplify rounding to 1e-9 at most (P2 of the reference data).
    torch.testing.assert_close(
        held.loss[-1], torch.full((3,), 8.997398935507308e-4, dtype=torch.float64), rtol=1e-6, atol=0
    )


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("entry", list(LANDSCAPES), ids=lambda entry: entry.kind)
def test_surfaces_agree_across_devices(device: str, entry: Landscape) -> None:
    here = value_and_gradient(entry.loss(), entry.window.grid(33, 33))
    there = value_and_gradient(entry.loss(), entry.window.grid(33, 33, device))
    for mine, theirs in zip(here, there, strict=True):
        assert theirs.device.type == device
        torch.testing.assert_close(theirs.cpu(), mine, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("device", DEVICES)
def test_the_mesh_is_computed_on_every_device(device: str) -> None:
    entry = LANDSCAPES["wall_and_floor"]
    *_, found = aligned_mesh(entry.loss(), entry.window, 33, 33, "linear", torch.device(device), 4096)
    assert found is not None
    points, loss = found
    assert points.device.type == device
    torch.testing.assert_close(loss, entry.loss()(points), rtol=1e-12, atol=0)


@pytest.mark.parametrize("device", DEVICES)
def test_outcomes_agree_across_devices(device: str) -> None:
    """On 99.9 % of the lanes of a smooth sweep. On a chaotic one, shares agree within a percentage point."""
    smooth = SweepRecipe("himmelblau", "gradient_descent", "by_norm", values={"optimizer.learning_rate": 0.02})
    chaotic = SweepRecipe("one_unit_rnn", "gradient_descent", "none")
    for recipe, steps in ((smooth, 60), (chaotic, 100)):
        start = LANDSCAPES[recipe.landscape].window.grid(33, 33)
        here, there = (
            run_to_end(sweep(recipe, Lanes(start.to(where).reshape(-1, 2)), steps)).outcome for where in ("cpu", device)
        )
        assert there.device.type == device
        if recipe is smooth:
            assert (here == there.cpu()).double().mean() >= 0.999
        apart = here.bincount(minlength=5) - there.cpu().bincount(minlength=5)
        assert apart.abs().max() <= 0.01 * 33**2

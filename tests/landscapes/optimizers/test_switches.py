"""Switches between two forms of an optimizer: kernels and compiled sweeps of both forms equal PyTorch."""

from dataclasses import replace

import pytest
import torch

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.descent.sweep import Lanes
from tests import node
from tests.landscapes.optimizers.test_first_order import STARTS
from tests.reference import relative, tensor
from tests.routes import needs_compiler, run_sweep

DECAY = {"optimizer.learning_rate": 0.01, "optimizer.weight_decay": 0.1}
MOVING = {"optimizer.learning_rate": 0.01, "optimizer.momentum": 0.5, "optimizer.epsilon": 1e-2}
SWITCHES = [
    ("sgd_pytorch", "nesterov", {**DECAY, "optimizer.momentum": 0.5}),
    ("rmsprop_pytorch", "centred", {**DECAY, **MOVING}),
    ("adam_pytorch", "amsgrad", DECAY),
    ("rmsprop_keras", "centred", MOVING),
    ("adam_keras", "amsgrad", {"optimizer.learning_rate": 0.01}),
]


def test_every_switch_is_tested() -> None:
    found = {(one.kind, name) for one in OPTIMIZERS for name in one.structural if name != "iterations"}
    assert found == {(kind, switch) for kind, switch, _ in SWITCHES}


@pytest.mark.parametrize("on", [0, 1])
@pytest.mark.parametrize(("kind", "switch", "values"), SWITCHES)
def test_kernels_of_both_forms_equal_pytorch(kind: str, switch: str, values: dict[str, float], on: int) -> None:
    kernel = descent_kernel("himmelblau", {}, kind, "by_norm", settings={switch: on})
    assert f"{switch} = {on}" in kernel.source
    defaults = {f"optimizer.{name}": value for name, value in OPTIMIZERS[kind].defaults.items()}
    chosen = {**defaults, **values, "clip.threshold": 5.0}
    start = tensor(STARTS["himmelblau"])
    (result,) = node.run([node.Descent(kernel.source, [chosen[n] for n in kernel.parameters], start.tolist(), 40)])
    ours = {name.partition(".")[2]: value for name, value in values.items()}
    rule, clip = OPTIMIZERS[kind].function(**ours, **{switch: on}), CLIPS["by_norm"].function(5.0)
    run = trajectory(LANDSCAPES["himmelblau"].loss(), start, rule, clip, 40)
    found = torch.stack([result[node.COLUMNS.index(axis)] for axis in ("x", "y")], -1)
    assert relative(found, run.position) < 1e-12


@needs_compiler
@pytest.mark.parametrize(("kind", "switch", "values"), SWITCHES)
def test_compiled_sweeps_of_both_forms_equal_pytorch(kind: str, switch: str, values: dict[str, float]) -> None:
    lanes, losses = Lanes(LANDSCAPES["himmelblau"].window.grid(4, 4).reshape(-1, 2)), []
    for on in (0, 1):
        recipe = SweepRecipe("himmelblau", kind, "by_norm", values={**values, f"optimizer.{switch}": on})
        eager, native = (run_sweep(recipe, lanes, 30, route) for route in ("eager", "native"))
        torch.testing.assert_close(native.loss, eager.loss, rtol=1e-9, atol=1e-12)
        losses.append(native.loss)
    assert not torch.equal(losses[0], losses[1])


def test_routines_of_other_settings_are_other_routines() -> None:
    recipe = SweepRecipe("himmelblau", "hessian_free", "none", values={"optimizer.iterations": 1})
    others = [replace(recipe, values={"optimizer.iterations": 2}), replace(recipe, values={})]
    assert len({recipe.identity, *(one.identity for one in others)}) == 3
    assert recipe.identity == replace(recipe, values={**recipe.values, "optimizer.damping": 3.0}).identity

"""Frames of every kind on every device of this machine: as those of the CPU, up to rounding."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.compute.compiled import Routines
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.gpu.block_library import block_loader
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.plan import EVERY, plan
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.networks.compiled.cells import COMPILED_FOR_GPU
from tests.app.frames.test_surface import run_frame, workspace
from tests.devices import DEVICES

SHORT = {"steps": 5, "updates": 3, "clip": {"kind": "by_norm", "threshold": 0.5}}
NETWORK = {
    "landscape": {"kind": "recurrent_network", "batch_size": 4},
    "cell": {"kind": "lstm", "hidden_units": 5},
    "task": {"kind": "adding", "sequence_length": 10},
}
SCENES: dict[str, dict[str, Any]] = {
    "smooth": {"landscape": {"kind": "himmelblau"}},
    "examples": {"landscape": {"kind": "large_example"}},
    "network": NETWORK,
    "steepness": {**NETWORK, "colour": "gradient_norm"},
}


def frames(form: dict[str, Any], using: Workspace) -> dict[str, Frame]:
    """The coarsest frame of every kind that a Scene has."""
    found: dict[str, Frame] = {}
    for one in plan(Scene.model_validate({**SHORT, **form}), EVERY):
        if one.kind not in found:
            found[one.kind] = run_frame(one.begin(using))[1]
    return found


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", SCENES)
def test_frames_are_those_of_the_cpu(name: str, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if device == "cuda":
        monkeypatch.setattr(COMPILED_FOR_GPU, "load", block_loader(torch.device(device)))
        monkeypatch.setattr(COMPILED_FOR_GPU, "_found", {})
    there = replace(workspace(), device=torch.device(device), routines=Routines(device=device))
    found, expected = frames(SCENES[name], there), frames(SCENES[name], workspace())
    assert found.keys() == expected.keys() and len(found) >= 4
    for kind, frame in found.items():
        assert frame.arrays.keys() == expected[kind].arrays.keys()
        for column, numbers in frame.arrays.items():
            np.testing.assert_allclose(
                numbers, expected[kind].arrays[column], rtol=1e-4, atol=1e-5, err_msg=f"{kind}: {column}"
            )

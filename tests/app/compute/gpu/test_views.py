"""Views on a GPU: descents have the numbers of those on the CPU, alone and in a batch."""

import pytest
import torch

from cliffscape.app.compute.gpu.block_library import block_loader
from cliffscape.app.compute.gpu.replay import Replay
from cliffscape.app.runs.network import View, build_view, network_descent, on_gpu
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.networks.compiled.cells import COMPILED_FOR_GPU
from tests.app.compute.gpu.test_replay import repeat
from tests.devices import DEVICES

MEMORY = 1 << 30
SCENE = Scene.model_validate(
    {
        "landscape": {"kind": "recurrent_network"},
        "cell": {"kind": "tanh_rnn", "hidden_units": 5},
        "task": {"kind": "temporal_order", "sequence_length": 10},
        "steps": 12,
    }
)


@pytest.fixture
def view() -> View:
    return run_to_end(build_view(SCENE))


def test_on_the_cpu_a_view_stays_as_it_is(view: View) -> None:
    assert on_gpu(view, torch.device("cpu"), MEMORY) is view


def test_a_view_with_a_gpu_measures_there(view: View) -> None:
    recorded = view._replace(gpu=Replay(view.value_and_gradient, torch.device("cpu"), repeat))
    found, expected = (run_to_end(network_descent(SCENE, one)) for one in (recorded, view))
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one.nan_to_num(), other.nan_to_num())
    optimizer = SCENE.build("optimizer")
    assert recorded.lanes(optimizer, MEMORY, seconds=0.001) > view.lanes(optimizer, MEMORY, seconds=0.001)
    # The GPU takes all lanes at once, so no thread pays.
    assert recorded.fewest_lanes > 10**6


@pytest.mark.parametrize("device", DEVICES)
def test_descents_on_every_device_have_the_numbers_of_the_cpu(
    view: View, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(COMPILED_FOR_GPU, "load", block_loader(torch.device(device)))
    monkeypatch.setattr(COMPILED_FOR_GPU, "_found", {})
    there = on_gpu(view, torch.device(device), MEMORY)
    assert (there.gpu is not None) == (device == "cuda")
    found, expected = (run_to_end(network_descent(SCENE, one)) for one in (there, view))
    torch.testing.assert_close(found.position, expected.position, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(found.loss, expected.loss, rtol=1e-9, atol=1e-12)
    points = torch.rand(300, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    together, alone = there.value_and_gradient(points), there.value_and_gradient(points[7:8])
    assert all(torch.equal(one[7:8], other) for one, other in zip(together, alone, strict=True))
    # A budget of nothing, as for a net that is too large.
    assert on_gpu(view, torch.device(device), 1) is view

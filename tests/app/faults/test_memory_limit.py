"""Memory runs out in a slice: chunks shrink until they fit, and what cannot fit is refused with a sentence."""

import json
import os
import subprocess
import sys
from typing import Any

from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from tests.app.decoding import decode
from tests.landscapes.processes import needs_proc

NET = {"landscape": {"kind": "recurrent_network", "batch_size": 8}, "cell": {"kind": "tanh_rnn", "hidden_units": 16}}
# A process whose memory is limited by the system; its loss takes 1 MiB for each of 1,000 points.
LIMITED = """
import json, resource, torch
from cliffscape.landscapes.slices.memory import losses_within
torch.set_num_threads(1)
sizes = []
def loss(points):
    sizes.append(len(points))
    return (points[:, :1] + torch.zeros(len(points), 1 << 17, dtype=torch.float64)).mean(1)
points = torch.arange(2000, dtype=torch.float64).reshape(1000, 2)
losses_within(1 << 40, 1, loss, points[:1])
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (400 << 20),) * 2)
found = torch.cat(list(losses_within(1 << 40, 1, loss, points)))
print(json.dumps({"sizes": sizes, "right": bool(torch.equal(found, points[:, 0]))}))
"""


@needs_proc
def test_chunks_shrink_until_they_fit_into_the_systems_limit() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True, check=False, timeout=120, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["right"]
    assert found["sizes"][0] == 1000 and min(found["sizes"]) < 400


def test_a_slice_that_does_not_fit_is_refused_with_a_sentence(settings: Settings) -> None:
    large = {**NET, "cell": {"kind": "lstm", "hidden_units": 256}}
    with TestClient(create_app(settings.model_copy(update={"memory_bytes": 1 << 20}))) as client:
        frames = decode(client.post("/frames", json={"scene": large, "kinds": ["surface"]}).content)
    assert [frame.header["kind"] for frame in frames][-1] == "error"
    assert frames[-1].header["title"] == "Too large"
    assert frames[-1].header["detail"].startswith("One point of this slice takes ")
    assert frames[-1].header["detail"].endswith(" bytes, but memory_bytes allows 1,048,576.")


def test_a_small_limit_only_makes_chunks_small(settings: Settings) -> None:
    bodies = []
    for memory in (1 << 21, 512 << 20):
        with TestClient(create_app(settings.model_copy(update={"memory_bytes": memory}))) as client:
            frames = decode(client.post("/frames", json={"scene": NET, "kinds": ["surface"]}).content)
            bodies.append([frame for frame in frames if frame.label == "surface 33"])
    [one], [other] = bodies
    assert one.arrays["loss"].tobytes() == other.arrays["loss"].tobytes()

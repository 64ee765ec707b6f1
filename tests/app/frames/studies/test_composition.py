"""The frame of repeated composition along a line."""

import numpy as np
import pytest

from cliffscape.app.compute.encoding import encode
from cliffscape.app.frames.plan import plan
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.surfaces.composition import count_extrema, heights_along_line
from tests.app.frames.test_network import workspace
from tests.reference import tensor


@pytest.mark.parametrize(("gain", "seed"), [(3.0, 0), (0.5, 7)])
def test_the_frame_holds_the_line_and_counts_its_turns(gain: float, seed: int) -> None:
    scene = Scene.model_validate({"landscape": {"kind": "repeated_composition", "gain": gain, "seed": seed}})
    (part,) = plan(scene, ("study",))
    frame = run_to_end(part.begin(workspace()))  # type: ignore[arg-type]
    encode(frame)  # type: ignore[arg-type]
    at, found = frame.arrays["at"], frame.arrays["heights"]  # type: ignore[attr-defined]
    assert (at[0], at[-1], found.shape) == (-30, 30, (6, len(at)))
    expected = heights_along_line(tensor((at[::60] / 10).tolist()), gain, seed)
    np.testing.assert_allclose(found[:, ::60], expected.numpy(), rtol=1e-12, atol=1e-13)
    turns = count_extrema(tensor(found.tolist())).tolist()
    words = " ".join(frame.fields["sentences"])  # type: ignore[attr-defined]
    assert f"has {', '.join(map(str, turns[:-1]))} and {turns[-1]} extrema" in words
    assert turns[0] == 0 and (max(turns) > 4) == (gain > 1)


def test_the_line_does_not_depend_on_the_start() -> None:
    form = {"landscape": {"kind": "repeated_composition"}}
    (one,), (other,) = (plan(Scene.model_validate({**form, **more}), ("study",)) for more in ({}, {"start": (0, 0)}))
    assert one.key == other.key

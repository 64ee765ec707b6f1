"""Frames of the bias: a kernel's address, or vectors at the start, or the reason why there are none."""

import math

import numpy as np
import pytest

from cliffscape.landscapes.analysis.clipping_bias import MEMORY
from tests.app.frames.test_surface import frame_of
from tests.reference import reference

TAILS = {"landscape": {"kind": "heavy_tails"}, "clip": {"kind": "by_norm", "threshold": 1}}


def test_few_examples_have_a_kernel() -> None:
    frame = frame_of({"landscape": {"kind": "large_example", "minibatch_size": 2}}, "bias")
    assert frame.fields["bias"]["parameters"] == ["landscape.large", "clip.threshold"]
    assert "program=bias&landscape=large_example&clip=by_norm" in frame.fields["bias"]["url"]


def test_many_examples_have_vectors_at_the_start() -> None:
    """E5, size by size."""
    frame = frame_of(TAILS, "bias")
    assert frame.fields["sizes"] == [2**k for k in range(13)]
    assert frame.fields["start"] == [0.0, 0.0]
    known = reference("clip_bias")["E5"]
    np.testing.assert_allclose(-frame.arrays["gradient"], known["true_mean"], rtol=1e-13)
    truth = math.atan2(*frame.arrays["gradient"][::-1])
    for row in known["rows"]:
        average = frame.arrays["averages"][frame.fields["sizes"].index(row["m"])]
        np.testing.assert_allclose(-average, row["mean_clipped"], rtol=1e-12)
        assert math.degrees(math.atan2(*average[::-1]) - truth) == pytest.approx(row["angle_to_true"], abs=1e-10)


@pytest.mark.parametrize("kind", ["large_example", "heavy_tails"])
def test_a_clip_with_a_memory_has_a_reason_instead_of_a_bias(kind: str) -> None:
    size = {"large_example": 1, "heavy_tails": 64}[kind]
    form = {"landscape": {"kind": kind, "minibatch_size": size}, "clip": {"kind": "random_step"}}
    assert frame_of(form, "bias").fields == {"reason": MEMORY}

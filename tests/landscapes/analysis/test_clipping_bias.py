"""The bias over minibatch size: sizes, closed forms, and its kernel against PyTorch."""

import math

import pytest
import torch

from cliffscape.landscapes.analysis.clipping_bias import MEMORY, NO_EXAMPLES, bias, bias_kernel, minibatch_sizes
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES
from cliffscape.landscapes.clips.minibatches import MeanLoss
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests import node
from tests.landscapes.test_loss import sample
from tests.reference import reference, tensor

KINDS = [entry.kind for entry in LANDSCAPES if entry.examples and not entry.no_kernel]
WITHOUT_MEMORY = [entry.kind for entry in CLIPS if not entry.no_kernel and not entry.function().init(torch.zeros(2))]


def mean_loss(kind: str) -> MeanLoss:
    """A landscape's loss."""
    loss = LANDSCAPES[kind].loss()
    assert isinstance(loss, MeanLoss)
    return loss


def test_sizes_divide_the_examples() -> None:
    assert minibatch_sizes(4) == (1, 2, 4)
    assert minibatch_sizes(12) == (1, 2, 3, 4, 6, 12)
    assert minibatch_sizes(4096) == tuple(2**k for k in range(13))


def test_e1_by_size() -> None:
    known = reference("clip_bias")["E1"]
    found = bias(mean_loss("large_example"), CLIPS["by_norm"].function(1.0), tensor([0.3, 0.4]))
    assert found.gradient.tolist() == known["true_mean"]
    assert found.examples.tolist() == known["per_example_gradients"]
    names = ("mean_of_per_example_norm_clipped", "mean_of_norm_clipped_minibatch_gradients", "clip_of_mean")
    torch.testing.assert_close(found.averages, tensor([known[name] for name in names]), rtol=1e-15, atol=0)
    angles = [math.degrees(math.atan2(y, x)) for x, y in found.averages.tolist()]
    assert angles == pytest.approx([18.43, 41.44, 69.44], abs=0.005)


def test_sharing_a_minibatch_with_a_large_example_reduces_the_weight() -> None:
    """Claim 12: of the third example 2/√65 = 0.248 is left in its minibatch with the fourth, of the first all."""
    found = bias(mean_loss("large_example"), CLIPS["by_norm"].function(1.0), tensor([0.3, 0.4]))
    beside = 2 / math.sqrt(65)
    expected = tensor([[1, 1, 1, 1 / 8], [1, 1, beside, beside], [4 / math.sqrt(73)] * 4])
    torch.testing.assert_close(found.clip_factor, expected, rtol=1e-14, atol=0)
    assert beside == pytest.approx(0.248, abs=5e-4)


def test_any_batch_shape_gives_the_same() -> None:
    theta = sample(LANDSCAPES["outlier"].window, 6).reshape(2, 3, 2)
    clip = CLIPS["by_norm"].function(1.0)
    together = bias(mean_loss("outlier"), clip, theta)
    assert together.averages.shape == (3, 2, 3, 2)
    assert together.clip_factor.shape == (3, 2, 3, 4)
    alone = bias(mean_loss("outlier"), clip, theta[1, 2])
    torch.testing.assert_close(together.averages[:, 1, 2], alone.averages, rtol=1e-14, atol=1e-15)
    torch.testing.assert_close(together.clip_factor[:, 1, 2], alone.clip_factor, rtol=1e-14, atol=0)
    torch.testing.assert_close(together.examples[1, 2], alone.examples, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("clip", WITHOUT_MEMORY)
def test_the_kernel_equals_pytorch(clip: str) -> None:
    """At eight points of every landscape mean_loss of examples, all in one Node process."""
    jobs, expected = [], []
    for kind in KINDS:
        entry, points = LANDSCAPES[kind], sample(LANDSCAPES[kind].window, 8)
        kernel = bias_kernel(kind, {}, clip)
        defaults = {f"landscape.{name}": value for name, value in entry.defaults.items()}
        defaults |= {f"clip.{name}": value for name, value in CLIPS[clip].defaults.items()}
        several = len(minibatch_sizes(entry.examples))
        count = 2 * (1 + several + entry.examples) + several * entry.examples
        jobs.append(node.Call(kernel.source, "bias", points, count, [float(defaults[n]) for n in kernel.parameters]))
        found = bias(mean_loss(kind), CLIPS[clip].function(), points)
        columns = [found.gradient, found.averages.movedim(0, 1), found.clip_factor.movedim(0, 1), found.examples]
        expected.append(torch.cat([column.reshape(8, -1) for column in columns], 1))
    for kind, result, known in zip(KINDS, node.run(jobs), expected, strict=True):
        torch.testing.assert_close(result, known, rtol=1e-12, atol=1e-14, msg=kind)


def test_the_kernel_names_its_sizes_and_its_parts() -> None:
    source = bias_kernel("outlier", {"minibatch_size": 2}, "by_value").source
    assert "export const sizes = [1, 2, 4];" in source
    assert "// landscape: outlier\n// clip: by_value\n" in source
    assert source == bias_kernel("outlier", {}, "by_value").source, "all sizes are in it, whichever one is chosen"


def test_errors_say_why_there_is_no_kernel() -> None:
    with pytest.raises(UntraceableError, match=NO_EXAMPLES):
        bias_kernel("ravine", {}, "by_norm")
    with pytest.raises(UntraceableError, match=MEMORY):
        bias_kernel("outlier", {}, "random_step")
    with pytest.raises(UntraceableError, match="4096 examples"):
        bias_kernel("heavy_tails", {}, "by_norm")
    with pytest.raises(ValueError, match=MEMORY):
        bias(mean_loss("outlier"), CLIPS["random_step"].function(), tensor([0.0, 0.0]))
    with pytest.raises(KeyError, match="moon"):
        bias_kernel("moon", {}, "by_norm")

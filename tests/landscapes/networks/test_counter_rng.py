"""Random numbers by counting: the reference's own, their statistics, and that streams do not meet."""

import math

import pytest
import torch

from cliffscape.landscapes.networks import counter_rng
from tests.devices import DEVICES


def test_words_equal_those_of_the_reference() -> None:
    """The first five outputs of the reference implementation's splitmix64 from the state 1234567."""
    words = counter_rng.bits(torch.tensor(1234567), 5).tolist()
    assert [word % 2**64 for word in words] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_uniform_numbers_use_every_bit_and_never_reach_one() -> None:
    drawn = counter_rng.uniform(torch.arange(200), 5000)
    assert drawn.dtype == torch.float64
    assert drawn.min() >= 0 and drawn.max() < 1
    # In float32 a number in 33 million rounds up to 1 and falls out of every range.
    assert len(drawn.flatten().unique()) == drawn.numel()
    assert drawn.mean() == pytest.approx(1 / 2, abs=4 / math.sqrt(12e6))
    assert drawn.var() == pytest.approx(1 / 12, abs=4e-4)
    cells = torch.histc(drawn, 1000, 0, 1)
    assert ((cells - 1000) ** 2 / 1000).sum() == pytest.approx(999, abs=5 * math.sqrt(2 * 999))


def test_normal_numbers_are_normal() -> None:
    drawn = counter_rng.normal(torch.arange(100), 10_000)
    assert drawn.isfinite().all() and drawn.dtype == torch.float64
    for power, moment in ((1, 0), (2, 1), (3, 0), (4, 3)):
        assert (drawn**power).mean() == pytest.approx(moment, abs=0.05)


def test_the_largest_fraction_stays_below_the_bound() -> None:
    fraction = torch.tensor([0.0, 0.5, 1 - 2.0**-53], dtype=torch.float64)
    assert counter_rng.below(fraction, 6).tolist() == [0, 3, 5]


def test_streams_of_neighbouring_keys_and_labels_are_uncorrelated() -> None:
    seeds = torch.arange(100)
    streams = torch.stack(
        [counter_rng.child(counter_rng.child(seeds, label), update) for label in range(3) for update in range(3)]
    )
    assert len(streams.unique()) == streams.numel()
    drawn = counter_rng.uniform(streams.flatten(), 500) - 0.5
    correlation = torch.corrcoef(drawn) - torch.eye(len(drawn), dtype=torch.float64)
    assert correlation.abs().max() < 6 / math.sqrt(500)


def test_a_tensor_of_labels_equals_labels_one_by_one() -> None:
    seeds = torch.tensor([3, 4])
    together = counter_rng.child(seeds, torch.arange(5).unsqueeze(-1))
    assert torch.equal(together, torch.stack([counter_rng.child(seeds, label) for label in range(5)]))


@pytest.mark.parametrize("device", DEVICES)
def test_the_numbers_are_the_same_on_every_device_of_this_machine(device: str) -> None:
    keys = torch.arange(64)
    assert torch.equal(counter_rng.uniform(keys, 1000), counter_rng.uniform(keys.to(device), 1000).cpu())

"""Replays of the clips that learn their thresholds."""

import math

import numpy as np
import pytest

from cliffscape.landscapes.advice.clip_replay import MOST_RECORDS, REPLAYED, clip_norms, replay
from tests.landscapes.advice.logs import noisy


def test_autoclip_is_the_percentile_of_the_norms_so_far() -> None:
    norms = noisy(60)
    expected = [min(norm, np.percentile(norms[: k + 1], 10)) for k, norm in enumerate(norms)]
    np.testing.assert_allclose(clip_norms(norms, "autoclip"), expected, rtol=3e-6)


def test_zclip_leaves_the_warm_up_alone_and_cuts_a_spike() -> None:
    norms = noisy(200)
    norms[[10, 150]] = 50
    after = clip_norms(norms, "zclip")
    assert after[10] == 50 and after[150] < 20
    found = replay(norms, "zclip")
    assert (found.records, found.largest, found.undefined) == (200, 50.0, None)
    assert found.clipped == (after < norms - 2e-6).mean() and 0.9 < found.kept < 1


def test_a_norm_of_nan_makes_autoclip_nan() -> None:
    norms = noisy(50)
    norms[20] = np.nan
    assert replay(norms, "autoclip").undefined == 21
    assert replay(norms, "zclip").undefined is None


@pytest.mark.parametrize("kind", REPLAYED)
def test_only_the_last_records_of_a_long_log_are_replayed(kind: str) -> None:
    assert replay(noisy(MOST_RECORDS + 5), kind).records == MOST_RECORDS


@pytest.mark.parametrize("kind", REPLAYED)
def test_logs_without_finite_norms(kind: str) -> None:
    for norms in (np.array([]), np.full(3, np.inf), np.full(3, np.nan)):
        found = replay(norms, kind)
        assert math.isnan(found.clipped) and math.isnan(found.largest)

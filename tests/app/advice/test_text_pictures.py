"""Pictures made of characters."""

import numpy as np

from cliffscape.app.advice.text_pictures import BAR, BARS, WIDTH, distribution, norms_over_steps


def test_norms_are_drawn_on_a_log_scale() -> None:
    assert norms_over_steps(np.geomspace(1, 1e7, 8)) == "▁▂▃▄▅▆▇█"
    assert norms_over_steps(np.array([1.0, np.nan, 10.0, np.inf])) == "▁×█×"
    assert norms_over_steps(np.array([0.0, 1.0, 1.0])) == "▁▁▁"
    assert len(norms_over_steps(np.ones(1000))) == WIDTH


def test_a_picture_shows_the_largest_norm_of_each_part() -> None:
    norms = np.ones(10 * WIDTH)
    norms[15] = 100
    assert norms_over_steps(norms) == "▁█" + "▁" * (WIDTH - 2)


def test_the_distribution_counts_every_positive_norm() -> None:
    norms = np.exp(np.random.default_rng(0).standard_normal(1000))
    rows = distribution(np.append(norms, [0, np.inf, np.nan]))
    assert len(rows) == BARS and sum(count for _, _, count, _ in rows) == 1000
    assert max(len(bar) for *_, bar in rows) == BAR
    assert (rows[0][0], rows[-1][1]) == (norms.min(), norms.max())


def test_without_norms_there_are_no_pictures() -> None:
    for norms in (np.array([]), np.zeros(5), np.full(5, np.nan)):
        assert norms_over_steps(norms) == "" and distribution(norms) == []
    assert distribution(np.ones(5)) == []

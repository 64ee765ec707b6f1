"""Which actor gets work: keys stay where they are, and no actor has much more than its share."""

from collections import Counter

from cliffscape.app.cluster.ranking import choose, ranking

KEYS = [str(k) for k in range(3000)]


def test_keys_are_spread_over_all_actors() -> None:
    counts = Counter(ranking(key, 5)[0] for key in KEYS)
    # Within four standard deviations of 600.
    assert all(abs(counts[number] - 600) < 4 * (3000 * 0.2 * 0.8) ** 0.5 for number in range(5))


def test_only_the_keys_of_a_lost_actor_move() -> None:
    for key in KEYS[:100]:
        ranked = ranking(key, 5)
        assert sorted(ranked) == [0, 1, 2, 3, 4]
        assert [number for number in ranked if number < 4] == ranking(key, 4)


def test_the_first_actor_is_chosen_until_it_has_more_than_its_share() -> None:
    jobs, chosen = [0, 0, 0, 0], []
    for _ in range(8):
        chosen.append(choose([2, 0, 3, 1], jobs))
        jobs[chosen[-1]] += 1
    assert chosen[:4] == [2, 0, 3, 1] and jobs == [2, 2, 2, 2]
    assert choose([2, 0, 3, 1], [0, 0, 99, 0]) == 0
    # Only actors that answer are ranked.
    assert choose([3, 1], [0, 0, 0, 5]) == 1
